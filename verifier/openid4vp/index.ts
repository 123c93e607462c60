import type { Custody } from '../../keys/custody.js';
import { createResponseKeys } from '../../keys/response-keys.js';
import { createShortSealing } from '../../keys/short-sealing.js';
import type { Database, ServiceApp } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import type { VerifierContext } from '../verifier-context.js';
import { addAskingRoutes, type GuestRules } from './asking-routes.js';
import { redirectUriClient, type ClientIdentifier } from './client-identifier.js';
import { createDatabaseSessions } from './database-sessions.js';
import { createMemorySessions } from './memory-sessions.js';
import { PresentationRequests } from './presentation-requests.js';
import { addVerifierDid } from './verifier-did.js';
import { addWalletRoutes } from './wallet-routes.js';

export {
  decentralizedIdentifierClient,
  redirectUriClient,
  x509SanDnsClient,
  type ClientIdentifier,
} from './client-identifier.js';
export { verifierMigrations } from './migrations.js';
export { openRequestClient } from './request-key.js';

/** Settings for asking holders for certificates (OpenID4VP 1.0). */
export interface OpenId4VpOptions {
  /** Address of this verifier as wallets reach it, without a slash at its end. */
  baseUrl: string;
  /** Who it is to wallets; `redirect_uri`, which proves nothing, unless given. */
  client?: ClientIdentifier;
  /** Custody of the verifier's keys: for a client that signs by its DID, and for every verifier with a database. */
  custody?: Custody;
  /** Keeps requests where several processes find them, with an audit log; in memory unless given. Opened with `verifierMigrations`. */
  database?: Database;
  name?: string;
  /** Our own wallet, e.g. `https://wallet.example`. */
  walletUrl?: string;
  returnOrigins?: readonly string[];
  guests?: Partial<GuestRules>;
}

/** Unless told otherwise anybody may ask from the verifier's own page, twenty times a minute. */
export const DEFAULT_GUEST_RULES: GuestRules = { allowed: true, requestsPerMinute: 20 };

const SWEEP_MS = 60_000;

/**
 * Adds OpenID4VP to a verifier.
 * @returns stops the sweeping of what is over
 * @throws YizhengError `CUSTODY_MISSING` (500) for a database without custody: answers are sealed with a secret of it
 */
export function addOpenId4Vp(app: ServiceApp, context: VerifierContext, options: OpenId4VpOptions): () => void {
  const { baseUrl, client = redirectUriClient(), custody, database, returnOrigins = [] } = options;
  if (database && !custody)
    throw new YizhengError('CUSTODY_MISSING', 'A verifier with a database needs a keystore to seal answers in it.', {
      status: 500,
    });
  const sessions =
    database && custody ? createDatabaseSessions(database, createShortSealing(custody)) : createMemorySessions();
  const requests = new PresentationRequests(
    {
      baseUrl,
      client,
      sessions,
      keys: createResponseKeys(custody),
      returnOrigins,
      ...(options.name !== undefined && { name: options.name }),
      ...(options.walletUrl !== undefined && { walletUrl: options.walletUrl }),
    },
    context,
  );
  addAskingRoutes(app, requests, { ...DEFAULT_GUEST_RULES, ...options.guests });
  addWalletRoutes(app, requests);
  if (custody && client.prefix === 'decentralized_identifier') addVerifierDid(app, baseUrl, custody);
  const timer = setInterval(() => void sessions.sweep(context.clock()).catch(() => undefined), SWEEP_MS);
  timer.unref();
  return () => clearInterval(timer);
}
