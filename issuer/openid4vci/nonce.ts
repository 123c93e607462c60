import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { keyedHash, sameHash } from './secrets.js';

/** How long a `c_nonce` may be used, in seconds; several times, as wallets ask for several formats with one. */
export const NONCE_SECONDS = 300;

const RANDOM_BYTES = 16;
const MAC_CHARACTERS = 32;

type Effects = Pick<IssuerEffects, 'keystore' | 'clock' | 'randomBytes'>;

/**
 * A new `c_nonce` (OpenID4VCI 1.0 §7): random, with its end and a MAC of custody over both, so that every process of this host knows
 * its own and none is stored.
 */
export async function newNonce({ keystore, clock, randomBytes }: Effects, { code }: Institution): Promise<string> {
  const end = Math.floor(clock().getTime() / 1000) + NONCE_SECONDS;
  const random = Buffer.from(randomBytes(RANDOM_BYTES)).toString('base64url');
  return `${random}.${end.toString(36)}.${await macOf(keystore, code, random, end.toString(36))}`;
}

/** Whether a `c_nonce` is one of ours for this institution and not old. */
export async function isFreshNonce(
  { keystore, clock }: Pick<Effects, 'keystore' | 'clock'>,
  { code }: Institution,
  nonce: string,
): Promise<boolean> {
  const [, random, end, mac] = /^([A-Za-z0-9_-]{22})\.([0-9a-z]{6,8})\.([0-9a-f]{32})$/.exec(nonce) ?? [];
  if (random === undefined || end === undefined || mac === undefined) return false;
  if (!sameHash(mac, await macOf(keystore, code, random, end))) return false;
  return clock().getTime() < parseInt(end, 36) * 1000;
}

async function macOf(keystore: Effects['keystore'], code: string, random: string, end: string): Promise<string> {
  return (await keyedHash(keystore, 'nonce', [code, random, end])).slice(0, MAC_CHARACTERS);
}
