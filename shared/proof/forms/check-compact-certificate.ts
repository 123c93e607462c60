import { buildCredential, claimsToBeCertificate } from '../../certificate/credential.js';
import type { CertificateRecord } from '../../certificate/record.js';
import { decodeMultikey } from '../../did/multikey.js';
import { errorCode, YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../json/parse-json.js';
import type { SignatureCheck } from '../check-signature.js';
import { readCompactJws } from '../jose/compact-jws.js';
import { readClaims } from '../jose/jwt-claims.js';
import { verifyCompactJws } from '../jose/verify-compact-jws.js';
import { proofTimeProblem, type CheckTime } from '../proof-time.js';
import { refusalOf } from '../refusal.js';
import { openSdJwt, type OpenedSdJwt } from '../sd-jwt/open-sd-jwt.js';
import type { KeyLookup, ProofCheck, VerificationKey } from '../types.js';
import type { CertificateForm } from './certificate-form.js';
import { readCredentialJwt11 } from './credential-jwt-1-1.js';
import { readCredentialJwt } from './credential-jwt.js';
import { kindOfCredentialType } from './credential-type.js';
import { readSdJwtCertificate } from './sd-jwt-claims.js';
import type { SecuredCertificate, SecuredCertificateCheck } from './secured-certificate.js';
import { instantOfNumericDate } from './signing-time.js';

/** What {@link checkCompactCertificate} found; the opened SD-JWT is present for `dc+sd-jwt`, for whoever checks its key binding. */
export type CompactCertificateCheck = SecuredCertificateCheck & { sdJwt?: OpenedSdJwt };

/** `typ` of each compact form; a JWT of the VC Data Model 1.1 may go without. */
const TYPES = {
  'vc+jwt': ['vc+jwt'],
  jwt_vc_json: ['JWT', undefined],
  'dc+sd-jwt': ['dc+sd-jwt'],
} as const satisfies Partial<Record<CertificateForm, readonly (string | undefined)[]>>;
type CompactForm = keyof typeof TYPES;

/**
 * Is every byte of this `vc+jwt`, `jwt_vc_json` or `dc+sd-jwt` as signed, by the key its issuer had when it signed? The counterpart
 * of `checkCredentialProof` for compact forms, in the same order: guards, the key's history at `iat`, the signature.
 *
 * The key comes from trusted material by `kid` and never from the credential; its type fixes the algorithm. `iat` is the time of
 * signing, as `proof.created` is; `nbf` and `exp` only repeat what the certificate says and are judged with it.
 * @param options `keysOf`: keys the authority of this DID published; `checkSignature`: a faster check, see `verifyCompactJws`
 * @returns `pass` `PROOF_VALID`; `unknown` `UNKNOWN_CREDENTIAL_TYPE` for what is none of our certificates, `ISSUER_KEY_UNKNOWN`;
 *   `fail` with codes of `openSdJwt`, `readCompactJws`, `readClaims`, `parseJson`, `verifyCompactJws`, `CREDENTIAL_SCHEMA`,
 *   `CREDENTIAL_SHAPE`, `CREATED_INVALID`, `CREATED_IN_FUTURE`, `KEY_CONTROLLER_MISMATCH`, `KEY_NOT_VALID_AT_ISSUE`,
 *   `KEY_COMPROMISED`, `KEY_FORMAT`, `SIGNATURE_INVALID`
 */
export async function checkCompactCertificate(
  text: string,
  options: CheckTime & { keysOf: (authority: string) => KeyLookup; checkSignature?: SignatureCheck },
): Promise<CompactCertificateCheck> {
  let read: { jwt: string; form: CompactForm; authority: string; certificate: SecuredCertificate; sdJwt?: OpenedSdJwt };
  try {
    const found = readCompactCertificate(text);
    if (!found) return { answer: 'unknown', code: 'UNKNOWN_CREDENTIAL_TYPE' };
    read = found;
  } catch (error) {
    return refusalOf(error);
  }
  const { certificate, sdJwt } = read;
  const proof = await checkIssuerSignature(read, { ...options, keyOf: options.keysOf(read.authority) });
  return { ...proof, certificate, ...(sdJwt && { sdJwt }) };
}

/**
 * Reads a certificate out of a compact form without checking its signature.
 * @returns undefined when it does not even claim to be a certificate of ours
 * @throws YizhengError the `fail` codes of {@link checkCompactCertificate} that come from reading
 */
export function readCompactCertificate(
  text: string,
):
  | { jwt: string; form: CompactForm; authority: string; certificate: SecuredCertificate; sdJwt?: OpenedSdJwt }
  | undefined {
  const opened = text.includes('~') ? openSdJwt(text) : undefined;
  const jws = readCompactJws(opened?.jwt ?? text);
  const claims = opened?.claims ?? readClaims(jws.payload);
  const form = formOf(claims, opened !== undefined);
  if (!form) return undefined;
  const { kid } = jws.header;
  const { iat } = claims;
  if (typeof iat !== 'number' || !Number.isInteger(iat) || typeof kid !== 'string')
    throw new YizhengError('CREATED_INVALID', 'A certificate names its key ("kid") and when it was signed ("iat").', {
      status: 422,
    });
  if (opened) {
    const { record, credentialId, notShown, credentialStatus, ...extras } = readSdJwtCertificate(opened, iat);
    // Only now is it known that no date was disclosed, past the check `readClaims` made of those that were signed in plain sight.
    const signed = { verificationMethod: kid, created: instantOfNumericDate(iat) };
    const certificate = { form, signed, id: credentialId, record, credentialStatus, notShown, ...extras };
    return { jwt: opened.jwt, form, authority: record.authority.id, certificate, sdJwt: opened };
  }
  const common = { form, signed: { verificationMethod: kid, created: instantOfNumericDate(iat) } };
  const record = form === 'vc+jwt' ? readCredentialJwt(claims, iat) : readCredentialJwt11(claims, iat);
  const certificate = { ...common, ...builtOf(record), record, notShown: [] };
  return { jwt: text, form, authority: record.authority.id, certificate };
}

function builtOf(record: CertificateRecord): Pick<SecuredCertificate, 'id' | 'credentialStatus'> {
  const { id, credentialStatus } = buildCredential(record);
  return { id, credentialStatus };
}

/** By what it claims to be, not by its `typ`: a certificate with a wrong `typ` is a wrong certificate, not something else. */
function formOf(claims: JsonObject, isSdJwt: boolean): CompactForm | undefined {
  const { vc, vct } = claims;
  if (isSdJwt) return typeof vct === 'string' && kindOfCredentialType(vct) !== undefined ? 'dc+sd-jwt' : undefined;
  if (claimsToBeCertificate(claims)) return 'vc+jwt';
  return isJsonObject(vc) && claimsToBeCertificate(vc) ? 'jwt_vc_json' : undefined;
}

async function checkIssuerSignature(
  { jwt, form, certificate }: { jwt: string; form: CompactForm; certificate: SecuredCertificate },
  options: CheckTime & { keyOf: KeyLookup; checkSignature?: SignatureCheck },
): Promise<ProofCheck> {
  const { verificationMethod, created } = certificate.signed;
  const key = options.keyOf(verificationMethod);
  if (!key) return { answer: 'unknown', code: 'ISSUER_KEY_UNKNOWN', created };
  const read = { created, key };
  const problem = keyProblem(certificate, key) ?? proofTimeProblem(created, key, options);
  if (problem !== undefined) return { answer: 'fail', code: problem, ...read };
  try {
    const publicKey = decodeMultikey(key.publicKeyMultibase);
    await verifyCompactJws(jwt, {
      typ: TYPES[form],
      keyOf: () => publicKey,
      ...(options.checkSignature && { checkSignature: options.checkSignature }),
    });
    return { answer: 'pass', code: 'PROOF_VALID', ...read };
  } catch (error) {
    const code = errorCode(error) === 'JOSE_SIGNATURE_INVALID' ? 'SIGNATURE_INVALID' : undefined;
    return { ...refusalOf(error), ...(code !== undefined && { code }), ...read };
  }
}

function keyProblem({ record, signed }: SecuredCertificate, key: VerificationKey): string | undefined {
  if (key.id !== signed.verificationMethod) return 'KEY_ID_MISMATCH';
  const issuer = record.issuer.id;
  return key.controller === issuer && key.id.startsWith(`${issuer}#`) ? undefined : 'KEY_CONTROLLER_MISMATCH';
}
