import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { EXAM_RESULT, INSTITUTIONS } from '../../cli/demo/alliance.js';
import { demoKeys } from '../../cli/demo/demo-keys.js';
import { openAlliance, type OpenAlliance } from '../../cli/demo/open-alliance.js';
import { publishAlliance, seedAlliance } from '../../cli/demo/seed-alliance.js';
import { startVerifier } from '../../cli/demo/start-verifier.js';
import { startWallet } from '../../cli/demo/start-wallet.js';

/** Issuer, registry, verifier and wallet as `yizheng up` runs them, each at an origin of its own. */
export interface WalletWorld {
  alliance: OpenAlliance;
  wallet: string;
  verifier: string;
  /** Issues a certificate to one more person. @returns its credential id */
  issue(changes?: object): Promise<string>;
  /** Makes an offer of a certificate, with a link for the wallet and the code for the slip. */
  offer(certificate: string): Promise<{ walletLink: string; uri: string; txCode: string }>;
  stop(): Promise<void>;
}

/** Starts it in a folder of its own; about ten seconds. */
export async function startWalletWorld(): Promise<WalletWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'yizheng-wallet-'));
  const port = await portsInARow(4);
  const context = { now: () => new Date() };
  const alliance = await openAlliance({ directory, port }, context);
  const authorities = await seedAlliance(alliance, () => undefined);
  await publishAlliance(alliance);
  const verifier = await startVerifier(alliance, authorities, { directory, port: port + 2 }, context);
  await startWallet(alliance, port + 3);
  const [key] = await demoKeys(alliance, directory, context.now());
  if (!key) throw new Error('the demo has no institution');
  const secret = (await readFile(key.file, 'utf8')).trim();
  let count = 0;
  const call = async <T>(path: string, body: object): Promise<T> => {
    const response = await fetch(key.address + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'idempotency-key': `wallet-${++count}`,
      },
      body: JSON.stringify(body),
    });
    if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    alliance,
    wallet: `${alliance.addresses.wallet}/`,
    verifier: `${alliance.addresses.verifier}/`,
    issue: async (changes = {}) => {
      const { id } = await call<{ id: string }>('/certificates', { ...EXAM_RESULT, ...changes });
      await publishAlliance(alliance);
      await verifier.refresh();
      return id;
    },
    offer: (certificate) => call(`/certificates/${encodeURIComponent(certificate)}/offers`, {}),
    stop: async () => {
      await alliance.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Code of the institution that issues. */
export const INSTITUTION = INSTITUTIONS[0]?.code ?? '';

export const PASSPHRASE = '我家门前有棵大枣树';

/** Makes a wallet on a page that shows the first start. */
export async function makeWallet(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await page.getByRole('button', { name: '开始使用' }).click();
  await page.getByLabel('口令', { exact: true }).fill(passphrase);
  await page.getByLabel('再输一遍').fill(passphrase);
  await page.getByRole('button', { name: '建好证书夹' }).click();
}

/** Opens a locked wallet. */
export async function unlock(page: Page, passphrase = PASSPHRASE): Promise<void> {
  await page.getByLabel('口令', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: '打开', exact: true }).click();
}

/** Chooses the first authority offered, and confirms its root. */
export async function chooseFirstAuthority(page: Page): Promise<void> {
  await page.locator('.offer input').first().check();
  await page.getByRole('button', { name: '下一步：核对' }).click();
  await page.getByRole('button', { name: '已核对，使用' }).click();
}

/** Goes to a view by its address, as a link does. */
export async function goTo(page: Page, view: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), `#/${view}`);
}

/** First of so many free ports in a row. */
export async function portsInARow(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor((process.hrtime()[1] % 20_000) / count) * count;
    const servers = Array.from({ length: count }, () => createServer());
    try {
      for (const [index, server] of servers.entries()) {
        server.listen(first + index, '127.0.0.1');
        await once(server, 'listening');
      }
      return (servers[0]?.address() as AddressInfo).port;
    } catch {
      continue;
    } finally {
      for (const server of servers) if (server.listening) server.close();
    }
  }
}
