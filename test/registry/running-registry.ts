import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keystore } from '../../keys/keystore.js';
import { createRegistry, registryMigrations, type RegistryService } from '../../registry/index.js';
import type { AccountEffects, IdentityProviderSettings } from '../../server/accounts/index.js';
import { createLogger, listen, openDatabase, type ServiceApp } from '../../server/index.js';
import { createSafeFetch } from '../../server/safe-fetch.js';
import { YizhengError } from '../../shared/errors.js';
import { freshDatabase, type DatabaseKind } from '../database/fresh-database.js';
import { KEY } from '../trust/world.js';

/** A registry that listens, with the authorities `sc` and `cq`, where `sc` recognises `cq` and `cq` accredits. */
export interface RunningRegistry {
  url: string;
  home: string;
  app: ServiceApp;
  service: RegistryService;
  accounts: AccountEffects;
  now: Date;
  did(slug: string): string;
  /** Accredits this many institutions more at `cq`. */
  accredit(count: number): Promise<void>;
  /** Publishes both; asks no institution for status lists. */
  publish(): Promise<void>;
  stop(): Promise<void>;
}

/** @param options `console`: also serve the console; `identityProvider`: whose word is taken for who people are */
export async function startRegistry(
  kind: DatabaseKind = 'sqlite',
  options: { console?: boolean; identityProvider?: IdentityProviderSettings } = {},
): Promise<RunningRegistry> {
  const home = await mkdtemp(join(tmpdir(), 'yizheng-feed-files-'));
  const now = new Date('2026-11-20T04:00:00Z');
  const keystore = await Keystore.create(join(home, 'keys.json'), 'correct horse', { now });
  const fresh = await freshDatabase(kind, registryMigrations);
  const database = await openDatabase({ url: fresh.url, migrations: registryMigrations });
  const port = await freePort();
  const running = { now };
  const accounts = { database, keystore, baseUrl: `http://localhost:${port}`, clock: () => running.now, randomBytes };
  const local = createSafeFetch({ allowLoopback: true, maxBytes: 4 * 1024 * 1024, timeoutMs: 60_000 });
  const registry = createRegistry(
    {
      database,
      keystore,
      baseUrl: `http://localhost:${port}`,
      fetch: (url, request) =>
        url.startsWith('http://localhost:')
          ? local(url, request)
          : Promise.reject(new YizhengError('FETCH_FAILED', 'There is no network in this test.', { status: 502 })),
      clock: () => running.now,
      randomBytes,
      logger: createLogger({ name: 'test', level: 'silent' }),
    },
    { requestsPerMinute: 100_000, ...options },
  );
  const listener = await listen(registry.app, { port });
  const { service } = registry;
  for (const slug of ['cq', 'sc'])
    await service.authorities.create({ slug, name: `示例人社厅 ${slug}`, dualControl: [] }, 'test');
  const did = (slug: string): string => `did:web:localhost%3A${port}:authorities:${slug}`;
  let institutions = 0;
  const world: RunningRegistry = Object.assign(running, {
    url: `http://localhost:${port}`,
    home,
    app: registry.app,
    service,
    accounts,
    did,
    accredit: async (count: number) => {
      for (let i = 0; i < count; i++) {
        const n = String(++institutions).padStart(5, '0');
        const institution = `did:web:i${n}.example`;
        await service.statements.accredit(
          'cq',
          {
            institution,
            legalName: '重庆某技能评价有限公司',
            institutionKind: 'social',
            institutionCode: `S0000500${n}`,
            signingKeys: [
              {
                id: `${institution}#key-1`,
                type: 'Multikey',
                publicKeyMultibase: KEY,
                validFrom: '2026-01-01T00:00:00Z',
              },
            ],
            actions: [
              {
                validUntil: '2029-01-01T00:00:00+08:00',
                scope: { kind: ['training-completion'], region: ['50*'], candidates: 'public' },
              },
            ],
          },
          'test',
        );
      }
    },
    publish: async () => {
      for (const slug of ['cq', 'sc']) await service.publisher.publish(slug, 'test');
    },
    stop: async () => {
      await registry.stop();
      await listener.close();
      await database.close();
      await fresh.remove();
      await rm(home, { recursive: true });
    },
  });
  await service.statements.recognise(
    'sc',
    { subject: did('cq'), legalName: '重庆市人社局(示例)', actions: [{ treatment: ['full'] }] },
    'test',
  );
  return world;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
