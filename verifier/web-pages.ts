import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express from 'express';
import type { ServiceApp } from '../server/index.js';

/**
 * Content-Security-Policy of the app: its own files only, nothing inline, no code from strings. WebAssembly may be compiled, since the
 * code reader is; pictures may come from what the reader chose.
 */
export const PAGE_SECURITY_POLICY: Record<string, string[]> = {
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  workerSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:'],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['yizheng'],
};

/** What a verifier that was never built says. */
const NOT_BUILT = 'the verifier app is missing from this installation; run "npm run build"';

/**
 * Serves the employer's verifier, an app that then works without this service, at `/`. Its files are named by their content or asked
 * for again, so that a browser never mixes two versions.
 */
export function addWebPages(app: ServiceApp): void {
  app.router.use(
    compression(),
    express.static(join(builtFolder(), 'app'), {
      dotfiles: 'ignore',
      redirect: false,
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
}

/** Path of the verifier as one HTML file, as it was built: without a bundle. */
export function singleFilePath(): string {
  return join(builtFolder(), 'verifier.html');
}

/** Where the build put the app: beside this module, or in `dist` when the program runs compiled from elsewhere. */
function builtFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder))
    for (const built of [folder, join(folder, 'dist', 'verifier')])
      if (existsSync(join(built, 'app', 'worker.js'))) return built;
  throw new TypeError(NOT_BUILT);
}
