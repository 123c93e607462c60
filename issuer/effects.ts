import type { Logger } from 'pino';
import type { Custody } from '../keys/custody.js';
import type { Keystore } from '../keys/keystore.js';
import type { Database } from '../server/index.js';
import type { SafeFetch } from '../server/safe-fetch.js';

/** Custody that can also make a key for a new institution or identity. */
export type IssuerKeystore = Custody & Pick<Keystore, 'createKey' | 'createDidKey'>;

/** Everything with a side effect that the issuer uses; all of it is passed in. */
export interface IssuerEffects {
  /** Opened with `issuerMigrations`. */
  database: Database;
  keystore: IssuerKeystore;
  /** Address of this service without a slash at its end; `http` for localhost only. */
  baseUrl: string;
  /** Address of the verifier that QR codes open, e.g. `https://verify.example/`. */
  verifierUrl: string;
  /** Fetches authorities' bundles; must be safe against reaching inside (server/safe-fetch). */
  fetch: SafeFetch;
  clock: () => Date;
  randomBytes: (length: number) => Uint8Array;
  logger: Logger;
}
