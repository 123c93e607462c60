import { join } from 'node:path';
import { addAppPages, builtFolder, type ServiceApp } from '../server/index.js';

/** Serves the employer's verifier, an app that then works without this service, at `/`. */
export function addWebPages(app: ServiceApp): void {
  addAppPages(app, builtFolder(import.meta.url, 'verifier'));
}

/** Path of the verifier as one HTML file, as it was built: without a bundle. */
export function singleFilePath(): string {
  return join(builtFolder(import.meta.url, 'verifier'), 'verifier.html');
}
