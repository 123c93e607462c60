import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { Keystore } from '../../keys/keystore.js';
import { listen, type ServiceApp } from '../../server/index.js';
import { didWebOf } from '../../shared/did/did-web-url.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import type { PersonalFacts } from '../../shared/proof/forms/personal-facts.js';
import { secureCertificate } from '../../shared/proof/forms/secure-certificate.js';
import { createVerifier, type VerifierOptions } from '../../verifier/index.js';
import { decentralizedIdentifierClient, type OpenId4VpOptions } from '../../verifier/openid4vp/index.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { issuerKey, signedSample } from '../issuer/files/signed-sample.js';
import { memoryLogger } from '../server/helpers.js';
import { sampleFeed, type SampleFeed } from '../verifier/sample-bundle.js';

/** What a request's maker is given. */
export interface Asked {
  id: string;
  readSecret: string;
  clientId: string;
  link: string;
  walletLink?: string;
  expiresAt: string;
}

/** What its maker reads. */
export interface Answer {
  phase: string;
  problems?: { code: string; at?: string }[];
  error?: string;
  presentations?: {
    queryId: string;
    format: string;
    verdict: {
      headline: string;
      questions: Record<string, { answer: string; code: string }>;
      certificate?: { holder: { name?: string; identityDocumentLastFour?: string } };
      personal?: { idNumber?: string };
      notShown?: string[];
    };
    text: { headline: string };
  }[];
  asked?: unknown;
  vpToken?: Record<string, unknown[]>;
}

/** A verifier that asks for certificates, its clock in the test's hands. */
export interface AskingVerifier {
  app: ServiceApp;
  url: string;
  lines: string[];
  clock: { now: Date };
  keystore: Keystore;
  feed: SampleFeed;
  ask(body?: object, options?: { key?: string }): Promise<Asked>;
  tryToAsk(body: object, options?: { key?: string }): Promise<{ status: number; body: { code?: string } }>;
  read(asked: Asked, responseCode?: string): Promise<Answer>;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Starts a verifier that signs its requests with a key of its DID, or as `openid4vp` says. */
export async function startAskingVerifier(
  openid4vp: (parts: { baseUrl: string; keystore: Keystore; clock: () => Date }) => Partial<OpenId4VpOptions> | Promise<Partial<OpenId4VpOptions>> = () => ({}), // prettier-ignore
  options: {
    port?: number;
    keystore?: Keystore;
    feed?: Parameters<typeof sampleFeed>[1];
  } & Partial<VerifierOptions> = {},
): Promise<AskingVerifier> {
  const directory = await mkdtemp(join(tmpdir(), 'yizheng-openid4vp-'));
  const port = options.port ?? (await freePort());
  const baseUrl = `http://localhost:${port}`;
  // The library in the wallet looks at the machine's clock, so the verifier starts there too.
  const clock = { now: new Date() };
  const issuedAt = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const keystore = options.keystore ?? (await newKeystore(directory, baseUrl));
  const { logger, lines } = memoryLogger();
  const home = await sampleFeed(AUTHORITY, { issuedAt, goodDays: 365, ...options.feed });
  const parts = { baseUrl, keystore, clock: () => clock.now };
  const verifier = await createVerifier({
    anchors: [{ did: AUTHORITY, root: home.pin }],
    directory,
    clock: () => clock.now,
    logger,
    version: '0.0.0',
    requestsPerMinute: 100_000,
    limits: { workers: 1, jsonMs: 20_000 },
    authenticate: (authorization) =>
      /^Bearer (?:clerk|auditor)$/.test(authorization ?? '')
        ? Promise.resolve({ keyId: 'k1', tenant: '*', roles: [authorization === 'Bearer clerk' ? 'clerk' : 'auditor'] })
        : Promise.reject(new YizhengError('API_KEY_INVALID', 'The API key is unknown.', { status: 401 })),
    openid4vp: {
      baseUrl,
      custody: keystore,
      client: didClient(baseUrl, keystore),
      name: '示例用人单位',
      ...(await openid4vp(parts)),
    },
    ...options,
  });
  await verifier.trust.importBundle(AUTHORITY, home.bundle);
  const listener = await listen(verifier.app, { port });
  const post = async (body: object, key?: string): Promise<Response> =>
    fetch(`${baseUrl}/openid4vp/${key === undefined ? 'guest-requests' : 'requests'}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(key !== undefined && { Authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
    });
  return {
    app: verifier.app,
    url: baseUrl,
    lines,
    clock,
    keystore,
    feed: home,
    ask: async (body = { request: {} }, { key } = {}) => {
      const response = await post(body, key);
      const text = await response.text();
      if (response.status !== 201) throw new Error(`${response.status} ${text}`);
      return JSON.parse(text) as Asked;
    },
    tryToAsk: async (body, { key } = {}) => {
      const response = await post(body, key);
      return { status: response.status, body: (await response.json()) as { code?: string } };
    },
    read: async ({ id, readSecret }, responseCode) => {
      const response = await fetch(`${baseUrl}/openid4vp/requests/${id}`, {
        headers: {
          Authorization: `Bearer ${readSecret}`,
          ...(responseCode !== undefined && { 'Response-Code': responseCode }),
        },
      });
      const body = (await response.json()) as Answer & { code?: string };
      return response.ok ? body : { phase: `${response.status} ${body.code ?? ''}` };
    },
    stop: async () => {
      await listener.close();
      await verifier.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** A keystore with an ES256 key for requests. */
export async function newKeystore(directory: string, baseUrl: string): Promise<Keystore> {
  const keystore = await Keystore.create(join(directory, 'keys'), 'correct horse', { now: new Date() });
  await keystore.createKey({
    controller: didWebOf(baseUrl),
    purpose: 'presentation-request',
    algorithm: 'P-256',
    now: new Date(),
  });
  return keystore;
}

export function didClient(baseUrl: string, keystore: Keystore) {
  const signer = () =>
    Promise.resolve(keystore.signer(keystore.activeKey(didWebOf(baseUrl), 'presentation-request').id));
  return decentralizedIdentifierClient({ baseUrl, signer });
}

/** The sample certificate in one of its forms, bound to a holder's DID, or to nobody. */
export async function formFor(
  form: CertificateForm,
  holder: string | undefined,
  options: { personal?: PersonalFacts; changes?: object } = {},
): Promise<string | JsonObject> {
  const { credential } = await signedSample('skill-level', options.changes);
  return secureCertificate(form, credential, {
    signer: issuerKey.signer,
    now: '2026-11-20T08:00:00Z',
    ...(holder !== undefined && { holder: { did: holder } }),
    ...(form === 'dc+sd-jwt' && { randomBytes: (n) => new Uint8Array(randomBytes(n)) }),
    ...(options.personal && { personal: options.personal }),
  });
}
