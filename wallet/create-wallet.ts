import type { Logger } from 'pino';
import { z } from 'zod';
import {
  addAppPages,
  APP_SECURITY_POLICY,
  builtFolder,
  createApp,
  defineRoute,
  type ServiceApp,
} from '../server/index.js';

/** Settings of the wallet's host. */
export interface WalletHostOptions {
  /** The verifier that live codes open and trust data come from, `https://host[:port]/[path/]`. */
  verifierUrl: string;
  logger: Logger;
  version: string;
  requestsPerMinute?: number;
  /** Proxies of one's own in front of the service; see `AppOptions`. */
  trustedProxyHops?: number;
}

/**
 * Policy of the wallet's pages: as every app of ours, and besides, it asks the institutions and employers its owner meets, whose hosts
 * nobody knows beforehand. http is for this machine only, as for did:web.
 */
export const WALLET_SECURITY_POLICY: Record<string, string[]> = {
  ...APP_SECURITY_POLICY,
  connectSrc: ["'self'", 'https:', 'http://localhost:*', 'http://127.0.0.1:*'],
};

/**
 * Makes the host of the workers' wallet: files, and `wallet.json`, which says which verifier goes with it. It stores nothing and hears
 * of nothing: certificates and keys are on the worker's device alone. Any static host can take its place.
 */
export function createWallet(options: WalletHostOptions): ServiceApp {
  const app = createApp({
    name: 'wallet',
    version: options.version,
    logger: options.logger,
    title: 'Yizheng wallet',
    description: "The workers' wallet: an app of files; what it keeps never comes here.",
    contentSecurityPolicy: WALLET_SECURITY_POLICY,
    ...(options.requestsPerMinute !== undefined && { requestsPerMinute: options.requestsPerMinute }),
    ...(options.trustedProxyHops !== undefined && { trustedProxyHops: options.trustedProxyHops }),
  });
  defineRoute(app, {
    method: 'get',
    path: '/wallet.json',
    summary: 'What goes with this wallet: the verifier its codes open and its trust data come from',
    access: 'public',
    responses: { 200: { description: 'Settings', schema: z.strictObject({ verifier: z.string() }) } },
    handler: () => ({ headers: { 'Cache-Control': 'no-cache' }, body: { verifier: options.verifierUrl } }),
  });
  addAppPages(app, builtFolder(import.meta.url, 'wallet'));
  return app;
}
