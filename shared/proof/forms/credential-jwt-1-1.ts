import { CERTIFICATE_1_1_CONTEXT_URL, CREDENTIALS_V1_URL } from '../../certificate/context-1-1.js';
import { CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL } from '../../certificate/context.js';
import { buildCredential, readRecord } from '../../certificate/credential.js';
import type { CertificateRecord } from '../../certificate/record.js';
import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../json/parse-json.js';
import { numericDate } from './signing-time.js';

/**
 * Payload of a `jwt_vc_json`: the credential in the VC Data Model 1.1, in the claim `vc`, and the registered claims that must say
 * the same (VCDM 1.1 §6.3.1): `iss`, `sub` (of a bound one), `jti`, `nbf` = `issuanceDate`, `exp` = `expirationDate`.
 * @param signedAt NumericDate of the signature
 */
export function credentialJwt11Claims(record: CertificateRecord, signedAt: number): JsonObject {
  const built = buildCredential(record);
  const { id, type, issuer, validFrom, validUntil, credentialSubject, issuedUnder, supersedes, credentialStatus } =
    built;
  const vc = {
    '@context': [CREDENTIALS_V1_URL, CERTIFICATE_1_1_CONTEXT_URL],
    id,
    type,
    issuer,
    issuanceDate: validFrom,
    ...(validUntil !== undefined && { expirationDate: validUntil }),
    credentialSubject,
    issuedUnder,
    ...(supersedes !== undefined && { supersedes }),
    credentialStatus,
  };
  return {
    iss: issuer.id,
    ...(credentialSubject.id !== undefined && { sub: credentialSubject.id }),
    jti: id,
    nbf: numericDate(validFrom),
    ...(validUntil !== undefined && { exp: numericDate(validUntil) }),
    iat: signedAt,
    vc: vc as unknown as JsonObject,
  };
}

/**
 * Reads the record out of the payload of a `jwt_vc_json`, which must be exactly what {@link credentialJwt11Claims} makes of it.
 * @param signedAt the claim `iat`, already checked
 * @throws YizhengError `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE`
 */
export function readCredentialJwt11(claims: JsonObject, signedAt: number): CertificateRecord {
  const { vc } = claims;
  if (!isJsonObject(vc))
    throw new YizhengError('CREDENTIAL_SCHEMA', 'The claim "vc" is no object.', { at: '/vc', status: 422 });
  const { '@context': _, id, type, issuer, issuanceDate, expirationDate, credentialSubject, ...rest } = vc;
  const record = readRecord({
    '@context': [CREDENTIALS_V2_URL, CERTIFICATE_CONTEXT_URL],
    id,
    type,
    issuer,
    validFrom: issuanceDate,
    ...(expirationDate !== undefined && { validUntil: expirationDate }),
    credentialSubject,
    ...rest,
  });
  if (JSON.stringify(credentialJwt11Claims(record, signedAt)) !== JSON.stringify(claims))
    throw new YizhengError('CREDENTIAL_SHAPE', 'The claims are not written exactly as those of a certificate are.', {
      status: 422,
    });
  return record;
}
