import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express from 'express';
import type { ServiceApp } from './service-app.js';

/**
 * Content-Security-Policy of an app of ours: its own files only, nothing inline, no code from strings. WebAssembly may be compiled, since
 * the code reader is; pictures may come from what the reader chose.
 */
export const APP_SECURITY_POLICY: Record<string, string[]> = {
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  workerSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:'],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['yizheng'],
};

/**
 * Serves an app, which then works without this service, at `/`. Its files are named by their content or asked for again, so that a
 * browser never mixes two versions.
 * @param folder where the build put it; see {@link builtFolder}
 */
export function addAppPages(app: ServiceApp, folder: string): void {
  app.pageFiles.add('/');
  for (const file of readdirSync(join(folder, 'app'), { recursive: true, encoding: 'utf8' }))
    app.pageFiles.add(`/${file.replaceAll(sep, '/')}`);
  app.router.use(
    compression(),
    express.static(join(folder, 'app'), {
      dotfiles: 'ignore',
      redirect: false,
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
}

/**
 * Where the build put the app of a service: beside its module, or in `dist` when the program runs compiled from elsewhere.
 * @param moduleUrl `import.meta.url` of a module in this or another service's folder
 * @throws TypeError for an installation that was never built
 */
export function builtFolder(moduleUrl: string, service: 'verifier' | 'wallet' | 'issuer'): string {
  for (let folder = dirname(fileURLToPath(moduleUrl)); folder !== dirname(folder); folder = dirname(folder))
    for (const built of [folder, join(folder, service), join(folder, 'dist', service)])
      if (existsSync(join(built, 'app', 'index.html'))) return built;
  throw new TypeError(`the ${service} app is missing from this installation; run "npm run build"`);
}
