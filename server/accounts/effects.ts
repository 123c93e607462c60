import type { Custody } from '../../keys/custody.js';
import type { Database } from '../database.js';

/** Everything with a side effect that signing in uses; all of it is passed in. */
export interface AccountEffects {
  /** Opened with the common steps of the schema. */
  database: Database;
  /** Only its `hmac` is used: from it comes the key that seals TOTP secrets, so that a stolen database opens no door. */
  keystore: Pick<Custody, 'hmac'>;
  /** Address of the service without a slash at its end; its origin is what passkeys are bound to. */
  baseUrl: string;
  clock: () => Date;
  randomBytes: (length: number) => Uint8Array;
}
