import { join } from 'node:path';
import { addAppPages, builtFolder, type ServiceApp } from '../server/index.js';

/**
 * Where the built app lies.
 * @throws TypeError for an installation that was never built
 */
export function webPagesFolder(): string {
  return builtFolder(import.meta.url, 'verifier');
}

/** Serves the employer's verifier, an app that then works without this service, at `/`. */
export function addWebPages(app: ServiceApp, folder = webPagesFolder()): void {
  addAppPages(app, folder);
}

/** Path of the verifier as one HTML file, as it was built: without a bundle. */
export function singleFilePath(): string {
  return join(webPagesFolder(), 'verifier.html');
}
