import { addAppPages, builtFolder, type ServiceApp } from '../server/index.js';

/** Serves the console, in which the people of the institutions work, at `/`. */
export function addConsolePages(app: ServiceApp): void {
  addAppPages(app, builtFolder(import.meta.url, 'issuer'));
}
