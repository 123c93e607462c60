import { encodeMultikey, publicKeyOfJwk } from '../../../../../shared/did/multikey.js';
import { YizhengError } from '../../../../../shared/errors.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../../../../../shared/json/parse-json.js';
import { readCompactJws } from '../../../../../shared/proof/jose/compact-jws.js';
import { readClaims } from '../../../../../shared/proof/jose/jwt-claims.js';
import type { HeldFormat } from './held-certificate.js';

/** In which form a text secures a credential. @throws YizhengError `CREDENTIAL_FORM` */
export function formatOfText(text: string): HeldFormat {
  if (/^\s*\{/.test(text)) return 'ldp_vc';
  if (/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+~/.test(text)) return 'dc+sd-jwt';
  try {
    return readCompactJws(text).header['typ'] === 'vc+jwt' ? 'vc+jwt' : 'jwt_vc_json';
  } catch (cause) {
    throw new YizhengError('CREDENTIAL_FORM', 'This is no credential in a form the wallet reads.', { cause });
  }
}

/**
 * What a credential says at its top, unverified: the JSON itself, or the claims of the token (for an SD-JWT those always shown).
 * @throws YizhengError `CREDENTIAL_FORM`
 */
export function statedBy(format: HeldFormat, text: string): JsonObject {
  try {
    if (format === 'ldp_vc') return parseJsonObject(text);
    return readClaims(readCompactJws(text.split('~', 1)[0] ?? '').payload);
  } catch (cause) {
    throw new YizhengError('CREDENTIAL_FORM', 'This is no credential in the form it was given as.', { cause });
  }
}

/** DID of the holder key a credential names, as did:key whatever way it is named; undefined when it is bound to none. */
export function holderOf(format: HeldFormat, text: string): string | undefined {
  const stated = statedBy(format, text);
  if (format === 'dc+sd-jwt') {
    const { cnf } = stated;
    return isJsonObject(cnf) && isJsonObject(cnf['jwk']) ? didOfJwk(cnf['jwk']) : undefined;
  }
  const inside = format === 'jwt_vc_json' && isJsonObject(stated['vc']) ? stated['vc'] : stated;
  const subject = inside['credentialSubject'];
  const id = isJsonObject(subject) ? subject['id'] : stated['sub'];
  return typeof id === 'string' && id.startsWith('did:') ? id : undefined;
}

function didOfJwk(jwk: JsonObject): string | undefined {
  try {
    return `did:key:${encodeMultikey(publicKeyOfJwk(jwk))}`;
  } catch (error) {
    if (error instanceof YizhengError) return undefined;
    throw error;
  }
}
