import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { ServiceApp } from '../server/index.js';

/** Content-Security-Policy of the page: its own files only, nothing inline, no markup from strings. */
export const PAGE_SECURITY_POLICY: Record<string, string[]> = {
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  requireTrustedTypesFor: ["'script'"],
};

/** Serves the page people check certificates on, `verifier/web`, at `/`. */
export function addWebPages(app: ServiceApp): void {
  app.router.use(
    express.static(join(packageRoot(), 'verifier', 'web'), {
      dotfiles: 'ignore',
      redirect: false,
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
}

/** The folder of the program, also when it runs compiled from `dist`. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
