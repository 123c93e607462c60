import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad } from '@scure/base';
import { decodeMultikey, encodeMultikey, jwkOfPublicKey, publicKeyOfJwk, type PublicJwk } from '../../did/multikey.js';

/** JWK of a Multikey (`z6Mk…`, `zDn…`, `z82…`). @throws YizhengError `KEY_FORMAT` */
export function jwkOfMultikey(publicKeyMultibase: string): PublicJwk {
  return jwkOfPublicKey(decodeMultikey(publicKeyMultibase));
}

/** Multikey of a public JWK. @throws YizhengError `KEY_FORMAT`: another type, off its curve, or a private key */
export function multikeyOfJwk(jwk: unknown): string {
  return encodeMultikey(publicKeyOfJwk(jwk));
}

/** RFC 7638 SHA-256 thumbprint of a public JWK, base64url. @throws YizhengError `KEY_FORMAT` */
export function publicJwkThumbprint(jwk: unknown): string {
  const key = jwkOfPublicKey(publicKeyOfJwk(jwk));
  const { crv, kty, x } = key;
  const members = key.kty === 'EC' ? { crv, kty, x, y: key.y } : { crv, kty, x };
  return base64urlnopad.encode(sha256(new TextEncoder().encode(JSON.stringify(members))));
}
