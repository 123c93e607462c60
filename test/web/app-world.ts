import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { AUTHORITY } from '../certificate/sample-records.js';
import { sampleFeed, type SampleFeed } from '../verifier/sample-bundle.js';
import { startVerifier, type RunningVerifier } from '../verifier/service.js';

/** The verifier service with data of today, behind a proxy that can be stopped, counts, and can deliver another version of the app. */
export interface AppWorld {
  /** Address of the app, below a path of the proxy. */
  address: string;
  origin: string;
  verifier: RunningVerifier;
  feed: SampleFeed;
  /** Paths that were asked for since the start. */
  asked: string[];
  /** Delivers the service worker with this at its end, as a new version would differ. */
  newVersion: string;
  /** Publishes newer data at the service. @param changes as for `sampleFeed` */
  publish(changes: { sequence: number; revoked?: number }): Promise<SampleFeed>;
  stopServer(): Promise<void>;
  stop(): Promise<void>;
}

const PREFIX = '/gate/check';
const GOOD_DAYS = 20;

/** Instant `minutes` before now, RFC 3339. */
export function minutesAgo(minutes: number): string {
  return `${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}Z`;
}

/** Starts it, with the bundle of the sample authority imported. */
export async function startAppWorld(): Promise<AppWorld> {
  const feed = await sampleFeed(AUTHORITY, { issuedAt: minutesAgo(60), goodDays: GOOD_DAYS });
  const verifier = await startVerifier({ anchors: [{ did: AUTHORITY, root: feed.pin }], clock: () => new Date() });
  await verifier.trust.importBundle(AUTHORITY, feed.bundle);
  const world = { asked: [] as string[], newVersion: '' };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    world.asked.push(path);
    if (!path.startsWith(`${PREFIX}/`)) response.writeHead(404).end();
    else forward(request, response, verifier.url + path.slice(PREFIX.length), world.newVersion);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const stopServer = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return Object.assign(world, {
    address: `${origin}${PREFIX}/`,
    origin,
    verifier,
    feed,
    publish: async (changes: { sequence: number; revoked?: number }) => {
      const newer = await sampleFeed(AUTHORITY, { issuedAt: minutesAgo(5), goodDays: GOOD_DAYS, ...changes });
      await verifier.trust.importBundle(AUTHORITY, newer.bundle);
      return newer;
    },
    stopServer,
    stop: async () => {
      if (server.listening) await stopServer();
      await verifier.stop();
    },
  });
}

function forward(request: IncomingMessage, response: ServerResponse, url: string, newVersion: string): void {
  const { 'if-none-match': _match, 'if-modified-since': _since, ...asSent } = request.headers;
  const headers = { ...asSent, 'accept-encoding': 'identity' };
  const asked = ask(url, { method: request.method, headers }, (answer) => {
    const changed = newVersion !== '' && url.endsWith('/sw.js');
    const { 'content-length': _length, etag: _etag, ...rest } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, changed ? rest : answer.headers);
    answer.on('end', () => response.end(changed ? newVersion : undefined));
    answer.pipe(response, { end: false });
  });
  asked.on('error', () => response.destroy());
  request.pipe(asked);
}

/** Chooses the sample authority as a person does: choose, compare the root, confirm. */
export async function chooseAuthority(page: Page, { pin }: SampleFeed): Promise<void> {
  await page.locator(`.offer input[value="${AUTHORITY}"]`).check();
  await page.getByRole('button', { name: /下一步|Next/ }).click();
  await page.locator(`[data-digest="${pin.digestMultibase}"]`).waitFor();
  await page.getByRole('button', { name: /已核对|Compared/ }).click();
  await page.locator('.trust-strip').waitFor();
}

/** Waits until the app is ready and can do without the server. */
export async function untilKept(page: Page): Promise<void> {
  await page.locator('html[data-ready]').waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

/** Pastes a text and waits for what comes of it. @returns the headline, or the code of the problem */
export async function paste(page: Page, text: string): Promise<string> {
  await page.locator('textarea').fill(text);
  await page.locator('form button[type=submit]').click();
  return outcome(page);
}

/** Chooses a file and waits for what comes of it. */
export async function chooseFile(page: Page, name: string, mimeType: string, content: Uint8Array): Promise<string> {
  await page.locator('.drop input[type=file]').setInputFiles({ name, mimeType, buffer: Buffer.from(content) });
  return outcome(page);
}

/** The headline shown, or the code of the problem, once the app is no longer busy. */
export async function outcome(page: Page): Promise<string> {
  await page.locator('form[aria-busy=false]').waitFor();
  const verdict = page.locator('.verdict');
  await verdict.waitFor();
  return (await verdict.getAttribute('data-headline')) ?? (await verdict.getAttribute('data-code')) ?? '';
}
