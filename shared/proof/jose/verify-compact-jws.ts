import type { PublicKey } from '../../did/multikey.js';
import { YizhengError } from '../../errors.js';
import type { JsonObject } from '../../json/parse-json.js';
import { checkSignature, type SignatureCheck, type SignaturePublicKey } from '../check-signature.js';
import { KEY_ALGORITHM_OF } from './algorithms.js';
import { readCompactJws } from './compact-jws.js';

/** Header members that bring or fetch a key: refused unless a caller names the one its protocol demands. Nothing is ever fetched. */
export type KeyHeader = 'jwk' | 'jku' | 'x5c' | 'x5u' | 'trust_chain';

const KEY_HEADERS: readonly KeyHeader[] = ['jwk', 'jku', 'x5c', 'x5u', 'trust_chain'];

/** How a compact JWS is checked. */
export interface VerifyJwsOptions<Key extends SignaturePublicKey = PublicKey> {
  /** `typ` values that may pass, compared as media types (RFC 7515 §4.1.9); `undefined` among them: it may be absent. */
  typ: string | readonly (string | undefined)[];
  /** The key that must have signed, found by `kid` or whatever the protocol says; undefined: not one that may sign this. */
  keyOf: (header: JsonObject) => Key | undefined | Promise<Key | undefined>;
  /** Key-bearing header members that may be present; a `keyOf` that uses one must know why it believes it. None unless given. */
  keyHeaders?: readonly KeyHeader[];
  /** Longest text, characters; 128 KiB unless given. */
  maxLength?: number;
  /** A faster check of signatures that answers exactly as {@link checkSignature}. */
  checkSignature?: SignatureCheck;
}

/** A compact JWS whose signature holds. */
export interface VerifiedJws<Key extends SignaturePublicKey = PublicKey> {
  header: JsonObject;
  payload: Uint8Array;
  /** The key that signed. */
  key: Key;
}

/**
 * Checks a compact JWS. The algorithm is the one of the key's type, whatever the header wishes: EdDSA for Ed25519, ES256 for P-256,
 * ES384 for P-384, ES512 for P-521 (RFC 8725 §3.1).
 * @throws YizhengError those of `readCompactJws`; `JOSE_ALG_UNSUPPORTED` (`none`, HMAC, RSA …), `JOSE_TYP_MISMATCH`,
 *   `JOSE_KEY_EMBEDDED`, `JOSE_KEY_UNKNOWN`, `JOSE_ALG_MISMATCH`, `JOSE_SIGNATURE_INVALID`, and what `keyOf` throws
 */
export async function verifyCompactJws<Key extends SignaturePublicKey = PublicKey>(
  text: string,
  options: VerifyJwsOptions<Key>,
): Promise<VerifiedJws<Key>> {
  const { header, payload, signature, signingInput } = readCompactJws(text, options);
  const algorithm = typeof header['alg'] === 'string' ? KEY_ALGORITHM_OF.get(header['alg']) : undefined;
  if (algorithm === undefined)
    throw new YizhengError('JOSE_ALG_UNSUPPORTED', 'The signed text must be signed with EdDSA, ES256, ES384 or ES512.');
  assertTyp(header, options.typ);
  const embedded = KEY_HEADERS.find((name) => Object.hasOwn(header, name) && !options.keyHeaders?.includes(name));
  if (embedded !== undefined)
    throw new YizhengError('JOSE_KEY_EMBEDDED', `The header brings its own key ("${embedded}"), which proves nothing.`);
  const key = await options.keyOf(header);
  if (key === undefined)
    throw new YizhengError('JOSE_KEY_UNKNOWN', 'The signed text is not signed by a key that is known for this.');
  if (key.algorithm !== algorithm)
    throw new YizhengError('JOSE_ALG_MISMATCH', 'The algorithm in the header is not the one of the key.');
  if (!(options.checkSignature ?? checkSignature)(key, signingInput, signature))
    throw new YizhengError('JOSE_SIGNATURE_INVALID', 'The signature of the signed text does not hold.');
  return { header, payload, key };
}

function assertTyp(header: JsonObject, expected: string | readonly (string | undefined)[]): void {
  const { typ } = header;
  const allowed = typeof expected === 'string' ? [expected] : expected;
  const matches = typeof typ === 'string' ? allowed.some((one) => mediaType(one) === mediaType(typ)) : false;
  if (!(matches || (typ === undefined && allowed.includes(undefined))))
    throw new YizhengError('JOSE_TYP_MISMATCH', 'The "typ" of the header is not the one expected here.');
}

function mediaType(typ: string | undefined): string | undefined {
  return typ?.toLowerCase().replace(/^application\/(?=[^/]+$)/, '');
}
