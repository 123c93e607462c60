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
    express.static(webFolder(), {
      dotfiles: 'ignore',
      redirect: false,
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
}

/** The page's folder in the sources, also when the program runs compiled from `dist`. */
function webFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const web = join(folder, 'verifier', 'web');
    if (existsSync(join(web, 'index.html'))) return web;
  }
  throw new TypeError('the folder verifier/web is missing from this installation');
}
