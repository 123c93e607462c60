import type { Logger } from 'pino';
import type { Custody } from '../keys/custody.js';
import type { Keystore } from '../keys/keystore.js';
import type { SafeFetch } from '../server/safe-fetch.js';
import type { Database } from '../server/index.js';

/** Custody that can also make and replace keys of an authority. */
export type RegistryKeystore = Custody & Pick<Keystore, 'createKey' | 'rotate'>;

/** Everything with a side effect that the registry uses; all of it is passed in. */
export interface RegistryEffects {
  /** Opened with `registryMigrations`. */
  database: Database;
  keystore: RegistryKeystore;
  /** Address of this service without a slash at its end; `http` for localhost only. */
  baseUrl: string;
  /** Fetches DID documents, status lists and partners' feeds; must be safe against reaching inside. */
  fetch: SafeFetch;
  clock: () => Date;
  randomBytes: (length: number) => Uint8Array;
  logger: Logger;
}
