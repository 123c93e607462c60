import { buildCredential, readRecord } from '../../certificate/credential.js';
import type { CertificateRecord } from '../../certificate/record.js';
import { YizhengError } from '../../errors.js';
import type { JsonObject } from '../../json/parse-json.js';

/**
 * Payload of a `vc+jwt` (VC-JOSE-COSE §3.1): the credential itself, and beside its members only `iss` and `iat`. There is no `vc`
 * claim, which the specification forbids.
 * @param signedAt NumericDate of the signature
 */
export function credentialJwtClaims(record: CertificateRecord, signedAt: number): JsonObject {
  return { ...(buildCredential(record) as unknown as JsonObject), iss: record.issuer.id, iat: signedAt };
}

/**
 * Reads the record out of the payload of a `vc+jwt`, which must be exactly what {@link credentialJwtClaims} makes of it.
 * @param signedAt the claim `iat`, already checked
 * @throws YizhengError `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE`
 */
export function readCredentialJwt(claims: JsonObject, signedAt: number): CertificateRecord {
  const { iss: _, iat: __, ...credential } = claims;
  const record = readRecord(credential);
  if (JSON.stringify(credentialJwtClaims(record, signedAt)) !== JSON.stringify(claims))
    throw new YizhengError('CREDENTIAL_SHAPE', 'The claims are not written exactly as those of a certificate are.', {
      status: 422,
    });
  return record;
}
