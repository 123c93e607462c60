import { addAppPages, builtFolder } from './app-pages.js';
import type { ServiceApp } from './service-app.js';

/** Whose people work in the console: institutions (issuer) or authorities (registry). */
export type ConsoleService = 'issuer' | 'registry';

/** Serves the console at `/`, and at `/console.json` says which service it is served by, so that it shows the right desk. */
export function addConsolePages(app: ServiceApp, service: ConsoleService): void {
  app.pageFiles.add('/console.json');
  app.router.get('/console.json', (_request, response) => {
    response.setHeader('Cache-Control', 'no-cache').json({ service });
  });
  addAppPages(app, builtFolder(import.meta.url, 'issuer'));
}
