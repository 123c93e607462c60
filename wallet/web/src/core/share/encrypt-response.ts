import { jwkOfPublicKey, publicKeyOfJwk } from '../../../../../shared/did/multikey.js';
import { YizhengError } from '../../../../../shared/errors.js';
import type { JsonObject } from '../../../../../shared/json/parse-json.js';
import type { ClientMetadata } from './request-schema.js';

const ENCODINGS = ['A256GCM', 'A128GCM', 'A192GCM'] as const;

/**
 * Encrypts an answer to the key the asker gave for it (OpenID4VP 1.0 §8.3): ECDH-ES over P-256, AES-GCM. `jose` is loaded only here.
 * @throws YizhengError `REQUEST_ENCRYPTION` when the asker gave no key this wallet can encrypt to
 */
export async function encryptResponse(response: JsonObject, metadata: ClientMetadata): Promise<string> {
  const wanted = metadata.encrypted_response_enc_values_supported ?? ['A128GCM'];
  const enc = ENCODINGS.find((value) => wanted.includes(value));
  const jwk = (metadata.jwks?.keys ?? []).find(
    ({ kty, crv, alg, use }) => kty === 'EC' && crv === 'P-256' && alg === 'ECDH-ES' && use !== 'sig',
  );
  if (!jwk || enc === undefined)
    throw new YizhengError('REQUEST_ENCRYPTION', 'The asker wants an encrypted answer and gave no usable key for it.');
  const { CompactEncrypt, importJWK } = await import('jose');
  const { kid } = jwk;
  const key = await importJWK({ ...jwkOfPublicKey(publicKeyOfJwk(jwk)) }, 'ECDH-ES');
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(response)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc, ...(typeof kid === 'string' && { kid }) })
    .encrypt(key);
}
