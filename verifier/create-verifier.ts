import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { APP_SECURITY_POLICY, createApp, type AppOptions, type ServiceApp } from '../server/index.js';
import { errorCode, YizhengError } from '../shared/errors.js';
import { BUNDLE_LIMITS } from '../shared/json/parse-json.js';
import { feedFetcher } from '../shared/trust/feed-fetch.js';
import type { ImportFinding } from '../shared/trust/import-bundle.js';
import { createForeignDids, NO_FOREIGN_DIDS } from './foreign-dids.js';
import { createForeignStatusLists, NO_FOREIGN_STATUS_LISTS } from './foreign-status-lists.js';
import { addOpenId4Vp, type OpenId4VpOptions } from './openid4vp/index.js';
import { addNotAskingRoute } from './openid4vp/not-asking-route.js';
import { addTrustRoutes } from './trust-routes.js';
import { openTrustStore, type Anchor, type TrustStore } from './trust-store.js';
import { addVcApiRoutes } from './vc-api-routes.js';
import { addVerifyRoute } from './verify-route.js';
import { createVerifyPool, type PoolLimits } from './verify-pool.js';
import { addWebPages, webPagesFolder } from './web-pages.js';

/** Settings of the verifier service. */
export interface VerifierOptions {
  /** Authorities whose rules readers may work under; the first is the default. At least one. */
  anchors: readonly Anchor[];
  /** Folder for accepted trust data, so that an old bundle stays refused after a restart. */
  directory: string;
  clock: () => Date;
  logger: Logger;
  version: string;
  /** Gets a document at an address others chose; `createSafeFetch` of `server/`. Without it no address is asked, and bundles are files. */
  fetch?: (
    url: string,
    options: { maxBytes: number; signal?: AbortSignal },
  ) => Promise<{ status: number; body: Uint8Array }>;
  /**
   * Also asks the hosts of others' did:web for their keys, and of their status lists, for the VC-API. Off unless set: anybody could then
   * make this service ask addresses of their choice. did:key and did:jwk are always understood.
   */
  resolveForeignDids?: boolean;
  /** Reads who sends a request; without it bundles are imported from their sources only. */
  authenticate?: AppOptions['authenticate'];
  /** Hosts of this verifier, e.g. `verify.example`; a QR that points elsewhere gets a warning. */
  ownHosts?: readonly string[];
  /** Asking holders for certificates by OpenID4VP; without it nobody is asked. */
  openid4vp?: OpenId4VpOptions;
  limits?: Partial<PoolLimits>;
  requestsPerMinute?: number;
  /** Proxies of one's own in front of the service; see `AppOptions`. */
  trustedProxyHops?: number;
}

/** A verifier ready to `listen`. */
export interface Verifier {
  app: ServiceApp;
  trust: TrustStore;
  /**
   * Reads every anchor's bundle from its source again, or what changed from the registries of those `online`. What cannot be read or is
   * refused is logged with its code; what is held stays.
   * @returns the codes of what failed, by anchor
   */
  refresh(): Promise<Record<string, string>>;
  /** Ends the threads. */
  close(): Promise<void>;
}

const DID_DOCUMENT_BYTES = 64 * 1024;
const STATUS_LIST_BYTES = 256 * 1024;

/**
 * Makes the verifier service: `POST /verify`, the VC-API, `GET /trust`, `POST /bundle`, and the page at `/`. It needs no database and no
 * network once it holds a bundle; everything is judged in threads it can end (SECURITY F15).
 * @throws YizhengError `STATE_DAMAGED`
 */
export async function createVerifier(options: VerifierOptions): Promise<Verifier> {
  const { anchors, clock, logger, fetch } = options;
  // Before any thread is started, which would keep the process alive.
  const pages = webPagesFolder();
  const trust = await openTrustStore({ anchors, directory: options.directory, clock });
  const pool = createVerifyPool(options.limits);
  const foreignDids =
    fetch && options.resolveForeignDids
      ? createForeignDids((url, signal) => read(fetch, url, DID_DOCUMENT_BYTES, signal))
      : NO_FOREIGN_DIDS;
  const foreignStatusLists =
    fetch && options.resolveForeignDids
      ? createForeignStatusLists((url, signal) => read(fetch, url, STATUS_LIST_BYTES, signal))
      : NO_FOREIGN_STATUS_LISTS;
  for (const { did } of anchors) {
    const state = trust.stateOf(did);
    if (state) pool.setTrust(did, state);
  }
  trust.onChange((anchor, state) => pool.setTrust(anchor, state));

  const refresh = async (): Promise<Record<string, string>> => {
    const failed: Record<string, string> = {};
    for (const anchor of anchors) {
      const { did } = anchor;
      try {
        for (const { code, authority } of await renew(trust, anchor, fetch)) {
          logger.warn({ anchor: did, code, authority }, 'bundle finding');
          if (anchor.online && authority === did && !code.startsWith('FEED_DELTA_')) failed[did] = code;
        }
      } catch (error) {
        failed[did] = errorCode(error, 'BUNDLE_UNREADABLE');
        logger.error({ anchor: did, code: failed[did] }, 'bundle not imported');
      }
    }
    return failed;
  };
  await refresh();

  const app = createApp({
    name: 'verifier',
    version: options.version,
    logger,
    title: 'Yizheng verifier',
    description: 'Answers the five questions about a certificate.',
    contentSecurityPolicy: APP_SECURITY_POLICY,
    ready: () =>
      anchors.some(({ did }) => trust.stateOf(did) !== undefined)
        ? Promise.resolve()
        : Promise.reject(new YizhengError('NO_TRUST_DATA', 'No trust bundle was imported yet.', { status: 503 })),
    ...(options.authenticate && { authenticate: options.authenticate }),
    ...(options.requestsPerMinute !== undefined && { requestsPerMinute: options.requestsPerMinute }),
    ...(options.trustedProxyHops !== undefined && { trustedProxyHops: options.trustedProxyHops }),
  });
  const context = { trust, pool, foreignDids, foreignStatusLists, clock, ownHosts: options.ownHosts ?? [] };
  addVerifyRoute(app, context);
  addVcApiRoutes(app, context);
  addTrustRoutes(app, context);
  if (!options.openid4vp) addNotAskingRoute(app);
  const stopAsking = options.openid4vp ? addOpenId4Vp(app, context, options.openid4vp) : undefined;
  addWebPages(app, pages);
  const close = (): Promise<void> => {
    stopAsking?.();
    return pool.close();
  };
  return { app, trust, refresh, close };
}

async function renew(
  trust: TrustStore,
  { did, bundle, online = false }: Anchor,
  fetch: VerifierOptions['fetch'],
): Promise<ImportFinding[]> {
  const findings: ImportFinding[] = [];
  if (bundle !== undefined && !(online && trust.stateOf(did)))
    findings.push(...(await trust.importBundle(did, await bundleAt(bundle, fetch))).findings);
  if (online) {
    if (!fetch) throw new YizhengError('FETCH_UNREACHABLE', 'This verifier asks no addresses.', { status: 502 });
    findings.push(...(await trust.update(did, feedFetcher(fetch))).findings);
  }
  return findings;
}

async function bundleAt(source: string, fetch: VerifierOptions['fetch']): Promise<Uint8Array> {
  if (!/^https?:\/\//.test(source)) return readFile(source);
  if (!fetch) throw new YizhengError('FETCH_UNREACHABLE', 'This verifier asks no addresses.', { status: 502 });
  return read(fetch, source, BUNDLE_LIMITS.maxBytes);
}

async function read(
  fetch: NonNullable<VerifierOptions['fetch']>,
  url: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { status, body } = await fetch(url, { maxBytes, ...(signal && { signal }) });
  if (status !== 200)
    throw new YizhengError('FETCH_STATUS', `The address answered with status ${status}.`, { status: 502 });
  return body;
}
