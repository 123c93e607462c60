import { CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL } from '../certificate/context.js';
import { certificateCredentialSchema, readRecord, type CertificateCredential } from '../certificate/credential.js';
import { schemaError, type CertificateRecord } from '../certificate/record.js';
import { YizhengError } from '../errors.js';
import { parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { assertCompactCertificate } from './assert-compact-certificate.js';
import { onlyProof } from './proof-count.js';

/** A certificate credential that can be read in one way only. Its signature is not checked yet. */
export interface GuardedCertificate {
  credential: CertificateCredential;
  record: CertificateRecord;
}

/**
 * Everything that must hold before a library is asked about a certificate (SECURITY §0, F1, F5, F15).
 * @param json the credential as JSON text or UTF-8 bytes
 * @param cryptosuite the cryptosuite its proof must have
 * @throws YizhengError the codes of `parseJson`; `CONTEXT_NOT_EXACT`, `PROOF_COUNT`, `CRYPTOSUITE_UNEXPECTED`,
 *   `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE`, `TERM_UNDEFINED`, `COMPACTION_DIFFERS`
 */
export async function guardCertificate(json: string | Uint8Array, cryptosuite: string): Promise<GuardedCertificate> {
  const document = parseJsonObject(json);
  assertCertificateContext(document);
  onlyProof(document, cryptosuite);
  const parsed = certificateCredentialSchema.safeParse(document);
  if (!parsed.success) throw schemaError('CREDENTIAL_SCHEMA', parsed.error);
  const record = readRecord(document);
  await assertCompactCertificate(document);
  // The text's own object, not the schema's copy: members keep the order they were signed and printed in.
  return { credential: document as unknown as CertificateCredential, record };
}

function assertCertificateContext(document: JsonObject): void {
  const context = document['@context'];
  const exact =
    Array.isArray(context) &&
    context.length === 2 &&
    context[0] === CREDENTIALS_V2_URL &&
    context[1] === CERTIFICATE_CONTEXT_URL;
  if (!exact)
    throw new YizhengError('CONTEXT_NOT_EXACT', 'The @context must be exactly the two contexts of a certificate.', {
      at: '/@context',
      status: 422,
    });
}
