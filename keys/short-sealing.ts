import { YizhengError } from '../shared/errors.js';
import type { Custody } from './custody.js';
import { seal, unseal, type Sealed } from './sealing.js';

/** Keeps short-lived personal data unreadable wherever they are stored for a while, also in backups of a database. */
export interface ShortSealing {
  /** @param id what it belongs to; the same is needed to open it */
  seal(id: string, text: string): Promise<string>;
  /** @throws YizhengError `SEAL_BROKEN` (500) */
  open(id: string, sealed: string): Promise<string>;
}

const PURPOSE = 'short sealing';

/** Seals with AES-256-GCM under keys derived from a secret in custody, one key for each id. */
export function createShortSealing(custody: Pick<Custody, 'hmac'>): ShortSealing {
  const keyOf = (id: string): Promise<Uint8Array> => custody.hmac(PURPOSE, new TextEncoder().encode(id));
  return {
    seal: async (id, text) => JSON.stringify(seal(await keyOf(id), id, new TextEncoder().encode(text))),
    open: async (id, sealed) => {
      try {
        return new TextDecoder().decode(unseal(await keyOf(id), id, JSON.parse(sealed) as Sealed));
      } catch (cause) {
        throw new YizhengError('SEAL_BROKEN', 'What was stored cannot be opened.', { status: 500, cause });
      }
    },
  };
}
