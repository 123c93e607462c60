import { join } from 'node:path';
import { RETURN_PATH, type IdentityProvider } from './accounts/oidc/provider.js';
import { addAppPages, builtFolder } from './app-pages.js';
import type { ServiceApp } from './service-app.js';

/** Whose people work in the console: institutions (issuer) or authorities (registry). */
export type ConsoleService = 'issuer' | 'registry';

/**
 * Serves the console at `/`, and at `/console.json` says which service it is served by, so that it shows the right desk, and by which name people
 * know the identity provider, where there is one. The browser comes back from it to a page of the console.
 */
export function addConsolePages(app: ServiceApp, service: ConsoleService, provider?: IdentityProvider): void {
  const folder = builtFolder(import.meta.url, 'issuer');
  app.pageFiles.add('/console.json');
  app.router.get('/console.json', (_request, response) => {
    const identityProvider = provider && { name: provider.name };
    response.setHeader('Cache-Control', 'no-cache').json({ service, ...(identityProvider && { identityProvider }) });
  });
  if (provider) {
    app.pageFiles.add(RETURN_PATH);
    app.router.get(RETURN_PATH, (_request, response) => {
      response
        .setHeader('Cache-Control', 'no-store')
        .sendFile('index.html', { root: join(folder, 'app'), cacheControl: false });
    });
  }
  addAppPages(app, folder);
}
