import {
  buildCredential,
  readRecord,
  type CertificateCredential,
  type UnsignedCertificate,
} from '../../certificate/credential.js';
import type { CertificateRecord } from '../../certificate/record.js';
import { YizhengError } from '../../errors.js';
import type { JsonObject } from '../../json/parse-json.js';
import { eddsaRdfc2022 } from '../eddsa-rdfc-2022.js';
import { holderPublicKey } from '../holder-check.js';
import { signCompactJws } from '../jose/sign-compact-jws.js';
import { issueSdJwt } from '../sd-jwt/issue-sd-jwt.js';
import type { ProofSuite, Signer } from '../types.js';
import type { CertificateForm } from './certificate-form.js';
import { DISCLOSABLE_PATHS } from './claim-table.js';
import { credentialJwt11Claims } from './credential-jwt-1-1.js';
import { credentialJwtClaims } from './credential-jwt.js';
import { personalClaims, type PersonalFacts } from './personal-facts.js';
import { sdJwtClaims, type TokenStatusReference } from './sd-jwt-claims.js';
import { instantOfNumericDate, numericDate } from './signing-time.js';

/** What a form is made with. */
export interface SecureOptions {
  /** A key of the institution; its `id` becomes `kid`, the full DID URL. */
  signer: Signer;
  /** Time of signing, RFC 3339; whole seconds count. A verifier judges key history and backdating by it. */
  now: string;
  /** The key it is bound to; takes the place of the one the stored certificate names, if any. Without it, that one stays. */
  holder?: { did: string };
  /** Gives this many random bytes, for the salts of `dc+sd-jwt`. */
  randomBytes?: (length: number) => Uint8Array;
  /** Entry in a Token Status List, for `dc+sd-jwt`, beside the Bitstring entries. */
  tokenStatus?: TokenStatusReference;
  /** Facts beyond the certificate, for `dc+sd-jwt`. */
  personal?: PersonalFacts;
  /** How `ldp_vc` is signed; the reference unless given. */
  suite?: ProofSuite;
}

/**
 * Secures a stored certificate in one of its forms: the same facts, number and status entries, signed anew. It adds no certificate.
 *
 * `ldp_vc`: Data Integrity, Ed25519 keys. `vc+jwt`: VC-JOSE-COSE. `jwt_vc_json`: JWT of the VC Data Model 1.1. `dc+sd-jwt`: SD-JWT VC.
 * @param credential the stored certificate, signed or not; its own signature is not checked
 * @returns the signed credential: an object for `ldp_vc`, else its compact text
 * @throws YizhengError `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE` for what is no certificate; `ISSUER_KEY_MISMATCH` when the key is not
 *   the institution's; `DID_INVALID`, `KEY_FORMAT` for the holder; `ID_NUMBER_INVALID`, `PERSONAL_FACTS_MISMATCH`, `PHOTO_INVALID`;
 *   `FORM_OPTION` for a member another form needs, or that is missing for this one
 */
export async function secureCertificate(
  form: CertificateForm,
  credential: CertificateCredential | UnsignedCertificate,
  options: SecureOptions,
): Promise<string | JsonObject> {
  const { signer } = options;
  const record = boundRecord(readRecord(credential), options.holder);
  if (!signer.id.startsWith(`${record.issuer.id}#`))
    throw new YizhengError('ISSUER_KEY_MISMATCH', 'The key is not one of the institution that issued the certificate.');
  if (form !== 'dc+sd-jwt' && (options.personal ?? options.tokenStatus) !== undefined)
    throw wrongOption('Personal facts and a token status belong to dc+sd-jwt only.');
  const signedAt = numericDate(options.now);
  switch (form) {
    case 'ldp_vc':
      return secureWithDataIntegrity(record, signedAt, options);
    case 'vc+jwt':
      return signCompactJws(
        { header: { kid: signer.id, typ: 'vc+jwt', cty: 'vc' }, payload: credentialJwtClaims(record, signedAt) },
        signer,
      );
    case 'jwt_vc_json':
      return signCompactJws(
        { header: { kid: signer.id, typ: 'JWT' }, payload: credentialJwt11Claims(record, signedAt) },
        signer,
      );
    case 'dc+sd-jwt':
      return secureAsSdJwt(record, signedAt, options);
  }
}

function boundRecord(record: CertificateRecord, holder: SecureOptions['holder']): CertificateRecord {
  if (!holder) return record;
  holderPublicKey(holder.did);
  return { ...record, holder: { ...record.holder, id: holder.did } };
}

async function secureWithDataIntegrity(
  record: CertificateRecord,
  signedAt: number,
  { signer, suite = eddsaRdfc2022 }: SecureOptions,
): Promise<JsonObject> {
  const created = instantOfNumericDate(signedAt);
  return (await suite.sign(buildCredential(record), { signer, created })) as unknown as JsonObject;
}

function secureAsSdJwt(record: CertificateRecord, signedAt: number, options: SecureOptions): Promise<string> {
  const { signer, randomBytes, tokenStatus, personal } = options;
  if (!randomBytes) throw wrongOption('A dc+sd-jwt needs random bytes for its salts.');
  const claims = sdJwtClaims(record, signedAt, {
    ...(personal && { personal: personalClaims(personal, record.holder) }),
    ...(tokenStatus && { tokenStatus }),
  });
  return issueSdJwt(
    {
      header: { typ: 'dc+sd-jwt', kid: signer.id },
      claims,
      disclosable: DISCLOSABLE_PATHS.filter((path) => isThere(claims, path)).map((path) => [...path]),
    },
    { signer, randomBytes },
  );
}

function isThere(claims: JsonObject, [name = '', member]: readonly string[]): boolean {
  const value = claims[name];
  return member === undefined ? value !== undefined : (value as JsonObject | undefined)?.[member] !== undefined;
}

function wrongOption(message: string): YizhengError {
  return new YizhengError('FORM_OPTION', message);
}
