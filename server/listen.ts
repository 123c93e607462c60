import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { YizhengError } from '../shared/errors.js';
import type { ServiceApp } from './service-app.js';

/** A listening service. */
export interface Listener {
  /** Address it answers at, e.g. `http://localhost:8701`. */
  url: string;
  port: number;
  /** Stops taking connections, lets running requests end (ten seconds at most), then resolves. */
  close(): Promise<void>;
}

const GRACE_MS = 10_000;

/**
 * Starts listening, with the time limits that keep slow clients from holding the service (SECURITY §2.4, slow-loris).
 * @param options `port`, 0 for any free one; `host`, default 127.0.0.1; `maxConnections`, default 1,000
 * @throws YizhengError `PORT_TAKEN`
 */
export async function listen(
  app: ServiceApp,
  options: { port: number; host?: string; maxConnections?: number },
): Promise<Listener> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: app.longestBodyMs,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000,
    },
    app.express,
  );
  server.maxConnections = options.maxConnections ?? 1000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  }).catch((cause: unknown) => {
    throw new YizhengError('PORT_TAKEN', `Port ${options.port} on ${host} cannot be opened.`, { status: 500, cause });
  });
  const { port } = server.address() as AddressInfo;
  const name = host === '127.0.0.1' || host === '::1' ? 'localhost' : host;
  let closed: Promise<void> | undefined;
  return { url: `http://${name}:${port}`, port, close: () => (closed ??= shut(app, server)) };
}

async function shut(app: ServiceApp, server: Server): Promise<void> {
  app.closing = true;
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await done;
  clearInterval(idle);
  clearTimeout(force);
}
