import { didJwkDocument } from '../did/did-jwk.js';
import { decodeMultikey, encodeMultikey, publicKeyOfJwk, type PublicKey } from '../did/multikey.js';
import { YizhengError } from '../errors.js';

/**
 * What checking a proof of possession gave, made by whoever asked for it (a live code, a presentation, a key binding). `verify` still
 * demands that the key is the one the certificate is bound to.
 */
export interface HolderCheck {
  /** `unknown` where two clocks differ so much that the age of the proof cannot be told, and for a link, which anybody may pass on. */
  answer: 'pass' | 'fail' | 'unknown';
  /**
   * `HOLDER_BOUND`, or why it does not tell who is presenting: a link the holder made for others, too old, wrong in itself, or made by a
   * clock that differs from ours.
   */
  code: 'HOLDER_BOUND' | 'HOLDER_LINK' | 'HOLDER_PROOF_EXPIRED' | 'HOLDER_PROOF_INVALID' | 'HOLDER_CLOCK_DIFFERS';
  /** did:key or did:jwk whose key signed; as the proof claims it where the check failed. */
  key: string;
  /** When it was signed, RFC 3339. */
  at: string;
  /** Until when a link is good, RFC 3339. */
  until?: string;
  /** For whom a link was made, in the holder's words. */
  audience?: string;
}

/**
 * Public key of a holder's DID; needs no network.
 * @throws YizhengError `DID_INVALID` when it is neither did:key nor did:jwk, `KEY_FORMAT`, `JSON_*`
 */
export function holderPublicKey(did: string): PublicKey {
  if (did.startsWith('did:key:')) return decodeMultikey(did.slice('did:key:'.length));
  if (did.startsWith('did:jwk:')) return publicKeyOfJwk(didJwkDocument(did).verificationMethod?.[0]?.publicKeyJwk);
  throw new YizhengError('DID_INVALID', 'A holder is named by a did:key or did:jwk.', { status: 422 });
}

/** Whether two DIDs of holders are one key, in whichever of the two methods each is written. */
export function sameHolderKey(a: string, b: string): boolean {
  try {
    return encodeMultikey(holderPublicKey(a)) === encodeMultikey(holderPublicKey(b));
  } catch (error) {
    if (error instanceof YizhengError) return false;
    throw error;
  }
}
