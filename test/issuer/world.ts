import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchWorkerOptions } from '../../issuer/batch/index.js';
import { createIssuer, issuerMigrations, type IssuerKeystore, type Issuer } from '../../issuer/index.js';
import type { KeyToken } from '../../keys/key-token.js';
import { Keystore } from '../../keys/keystore.js';
import type { IdentityProviderSettings } from '../../server/accounts/index.js';
import type { SafeFetch } from '../../server/safe-fetch.js';
import { createLogger, listen, openDatabase, type Database, type Listener, type Role } from '../../server/index.js';
import type { ApplicationTables } from '../../shared/trust/application/decide-application.js';
import type { Accreditation } from '../../shared/trust/types.js';
import { freshDatabase, type DatabaseKind } from '../database/fresh-database.js';
import { libraryVerifies } from '../proof/plain-library.js';
import { Publisher } from '../trust/publisher.js';

export const CODE = 'S000051000001';
export const EMPLOYER_CODE = 'Y000051000002';
export const AUTHORITY = 'did:web:hrss.sc.example';
export const BASE_URL = 'https://issuer.example';
export const VERIFIER_URL = 'https://verify.example/';
export const WALLET_URL = 'https://wallet.example/';
export const EMPLOYER_USCC = '91510000MA5U000001';
export const PASSPHRASE = 'correct horse battery staple';
const DAY = '2026-11-21';

/** An 18-digit citizen number with its check character; `n` makes it unique. */
export function citizenNumber(n: number): string {
  const digits = `510105199001${String(10 + (n % 18)).padStart(2, '0')}${String(n % 1000).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return `${digits}${'10X98765432'[sum % 11] ?? ''}`;
}

/** A good exam result; `n` makes person and assessment unique. */
export function exam(n = 1, changes: object = {}): Record<string, unknown> {
  return {
    kind: 'skill-level',
    holder: { name: `张伟${n}`, idType: 'resident-identity-card', idNumber: citizenNumber(n) },
    occupation: { code: '6-18-02-04', trade: '电焊工' },
    level: { framework: 'cn-skill-5', value: '3' },
    assessment: {
      id: `2026-PJ-${String(n).padStart(6, '0')}`,
      method: 'examination',
      standard: 'GZB 6-18-02-04-2018',
      standardType: 'national',
      date: '2026-11-15',
    },
    ...changes,
  };
}

/** What the authority grants in these tests. */
export function accreditationOf(
  institution: { code: string; did: string; name: string },
  key: { id: string; publicKeyMultibase: string },
  changes: { scope?: object; validFrom?: string; validUntil?: string } = {},
): Accreditation {
  return {
    id: `urn:yizheng:accreditation:${institution.code}:1`,
    authority: AUTHORITY,
    institution: institution.did,
    legalName: institution.name,
    institutionKind: institution.code.startsWith('Y') ? 'employer' : 'social',
    institutionCode: institution.code,
    unifiedSocialCreditCode: EMPLOYER_USCC,
    signingKeys: [
      {
        id: key.id,
        type: 'Multikey',
        publicKeyMultibase: key.publicKeyMultibase,
        validFrom: '2026-01-01T00:00:00+08:00',
      },
    ],
    actions: [
      {
        action: 'issue',
        validFrom: changes.validFrom ?? '2026-01-01T00:00:00+08:00',
        validUntil: changes.validUntil ?? '2031-01-01T00:00:00+08:00',
        scope: {
          kind: ['skill-level', 'occ-qualification', 'special-operation', 'training-completion'],
          occupation: ['6-18-*', '6-31-01-03'],
          level: ['5', '4', '3', '2'].flatMap((value) => [
            { framework: 'cn-skill-5', value },
            { framework: 'cn-occ-qual', value },
          ]),
          region: ['51*'],
          candidates: institution.code.startsWith('Y') ? 'own-employees' : 'public',
          ...changes.scope,
        },
      },
    ],
  };
}

/** An issuing service with two institutions and their authority. */
export interface World {
  folder: string;
  /** For `openDatabase`. */
  databaseUrl: string;
  database: Database;
  keystore: Keystore;
  issuer: Issuer;
  listener: Listener;
  publisher: Publisher;
  lines: string[];
  /** The clock; tests move it. */
  time: { now: Date };
  /** API key secrets by role, of institution {@link CODE}. */
  secrets: Record<Role | 'host' | 'other', string>;
  /** Packs and imports a bundle with these accreditations. */
  publish(accreditations: Accreditation[]): Promise<string>;
  accreditations: Accreditation[];
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Response>;
  /** What plain `@digitalbazaar/vc` says, given our contexts and the DID document the service publishes. */
  libraryVerifies(credential: object): Promise<boolean>;
  /** Closes service and database and opens them again with the same time; the keystore stays open, as opening it takes long. */
  reopen(change?: (keystore: Keystore) => IssuerKeystore): Promise<void>;
  /** Closes service and database, so that another process may have the files. */
  pause(): Promise<void>;
  /** Opens again after {@link World.pause}. */
  resume(): Promise<void>;
  remove(): Promise<void>;
}

export interface CallOptions {
  secret?: string;
  key?: string | null;
  headers?: Record<string, string>;
}

/** Starts a {@link World} in a folder of its own, on SQLite unless told otherwise. */
export async function startWorld(
  options: {
    now?: Date;
    kind?: DatabaseKind;
    batches?: BatchWorkerOptions;
    refusedTokensPerMinute?: number;
    /** Where keys that sign certificates are made and sign. */
    token?: KeyToken;
    /** Serve the console, at an address a browser can open. */
    console?: boolean;
    /** Whose word is taken for who people are, beside {@link fetch} with which it is asked. */
    identityProvider?: (baseUrl: string) => IdentityProviderSettings;
    /** Nothing is reached unless given. */
    fetch?: SafeFetch;
    /** What applicants are spared; the published rules unless given. */
    applicationTables?: ApplicationTables;
  } = {},
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'yizheng-issuer-'));
  const time = { now: options.now ?? new Date(`${DAY}T09:00:00.500Z`) };
  const lines: string[] = [];
  const keystore = await Keystore.create(join(folder, 'keys.json'), PASSPHRASE, {
    now: '2026-01-01T00:00:00Z',
    token: options.token,
  });
  const publisher = await new Publisher(AUTHORITY).newRoot();
  const fresh = await freshDatabase(options.kind ?? 'sqlite', issuerMigrations);
  const port = options.console ? await freePort() : 0;
  const world = { folder, databaseUrl: fresh.url, time, lines, keystore, publisher } as World;

  const open = async (custody: IssuerKeystore): Promise<void> => {
    world.database = await openDatabase({ url: fresh.url, migrations: issuerMigrations });
    world.issuer = createIssuer(
      {
        database: world.database,
        keystore: custody,
        baseUrl: options.console ? `http://localhost:${port}` : BASE_URL,
        verifierUrl: VERIFIER_URL,
        fetch: options.fetch ?? (() => Promise.reject(new Error('no network in tests'))),
        clock: () => time.now,
        randomBytes: (length) => new Uint8Array(randomBytes(length)),
        logger: createLogger({
          name: 'issuer',
          level: 'trace',
          destination: { write: (line) => void lines.push(line) },
        }),
      },
      {
        requestsPerMinute: 1_000_000,
        refusedTokensPerMinute: options.refusedTokensPerMinute ?? 1_000_000,
        walletUrl: WALLET_URL,
        ...(options.batches ? { batches: options.batches } : {}),
        ...(options.console && { console: true }),
        identityProvider: options.identityProvider?.(`http://localhost:${port}`),
        ...(options.applicationTables && { applicationTables: options.applicationTables }),
      },
    );
    await world.issuer.start();
    world.listener = await listen(world.issuer.app, { port });
  };
  const close = async (): Promise<void> => {
    await world.listener.close();
    await world.issuer.stop();
    await world.database.close();
  };

  await open(keystore);
  const { service } = world.issuer;
  const authority = { did: AUTHORITY, root: publisher.pin };
  // Most tests are about what one person does; those about two switch it on.
  const requiresApproval = false;
  const made = [
    await service.institutions.create({ code: CODE, name: '示例技能评价中心', authority, requiresApproval }, 'test'),
    await service.institutions.create(
      { code: EMPLOYER_CODE, name: '示例重工集团', authority, requiresApproval },
      'test',
    ),
  ];
  world.accreditations = made.map(({ institution, key }) => accreditationOf(institution, key));
  world.publish = async (accreditations) => {
    const files = await publisher.publish({ accreditations }, time.now.toISOString().slice(0, 10));
    return publisher.pack({ [AUTHORITY]: files }, time.now.toISOString().slice(0, 10));
  };
  await service.accreditations.import(made[0]!.institution, 'test', await world.publish(world.accreditations));

  const expiresAt = '2036-01-01T00:00:00Z';
  const secretOf = async (tenant: string, roles: Role[]): Promise<string> =>
    (await service.createApiKey({ tenant, roles, label: roles.join(), expiresAt }, 'test')).secret;
  world.secrets = {
    clerk: await secretOf(CODE, ['clerk']),
    approver: await secretOf(CODE, ['approver']),
    custodian: await secretOf(CODE, ['custodian']),
    officer: await secretOf(CODE, ['officer']),
    auditor: await secretOf(CODE, ['auditor']),
    admin: await secretOf(CODE, ['admin']),
    supervisor: await secretOf(CODE, ['supervisor']),
    host: await secretOf('*', ['admin', 'clerk', 'officer', 'auditor']),
    other: await secretOf(EMPLOYER_CODE, ['clerk', 'approver', 'officer', 'auditor', 'admin']),
  };
  let counter = 0;
  world.call = (method, path, body, options = {}) =>
    fetch(world.listener.url + path, {
      method,
      headers: {
        authorization: `Bearer ${options.secret ?? world.secrets.clerk}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.key === null ? {} : { 'idempotency-key': options.key ?? `test-key-${++counter}-${Date.now()}` }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  world.libraryVerifies = async (credential) => {
    const { issuer } = credential as { issuer: { id: string } };
    const code = issuer.id.split(':').at(-1) ?? '';
    const document = await world.issuer.service.didDocument(code);
    return libraryVerifies(
      credential,
      world.keystore.list({ controller: issuer.id }).map(({ id, controller, publicKeyMultibase, validFrom }) => ({
        id,
        controller,
        publicKeyMultibase,
        validFrom,
      })),
      { now: '2026-11-24T00:00:00Z', more: new Map([[issuer.id, document]]) },
    );
  };
  let running = true;
  world.pause = async () => {
    if (running) await close();
    running = false;
  };
  world.resume = async () => {
    world.keystore = await Keystore.open(join(folder, 'keys.json'), PASSPHRASE);
    await open(world.keystore);
    running = true;
  };
  world.reopen = async (change = (same) => same) => {
    await world.pause();
    running = true;
    await open(change(world.keystore));
  };
  world.remove = async () => {
    await world.pause();
    await fresh.remove();
    await rm(folder, { recursive: true });
  };
  return world;
}

/** Body of an answer, with its status checked. */
export async function answer<T>(response: Promise<Response> | Response, status = 200): Promise<T> {
  const got = await response;
  const text = await got.text();
  if (got.status !== status) throw new Error(`status ${got.status} instead of ${status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}
