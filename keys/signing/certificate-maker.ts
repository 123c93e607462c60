import { hash } from 'node:crypto';
import { qrTextOfRecord } from '../../shared/carrier/qr-text.js';
import type { DataIntegrityProof } from '../../shared/certificate/credential.js';
import { certificateId } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { YizhengError } from '../../shared/errors.js';
import type { CertificateJob, MadeCertificate, PlannedCertificate } from '../bulk-signer.js';

/** Signs one record: the JSON text of the certificate. */
export type SignText = (record: CertificateRecord, created: string) => string | Promise<string>;

const PROOF = ',"proof":';

/**
 * Makes the certificate of one planned row: record, signed text, QR text and digest.
 * @param job what the rows have in common
 * @throws YizhengError the codes of the compiled suite and of `encodeQr`
 */
export async function makeCertificate(
  planned: PlannedCertificate,
  job: Omit<CertificateJob, 'certificates'>,
  sign: SignText,
): Promise<MadeCertificate> {
  const record = recordOf(planned, job);
  const signed = sign(record, job.created);
  const json = typeof signed === 'string' ? signed : await signed;
  return {
    id: certificateId(planned.number, planned.revision),
    kind: record.kind,
    json,
    qr: qrTextOfRecord({ record, proof: proofIn(json), json }, { url: job.verifierUrl }),
    sha256: hash('sha256', json),
  };
}

/** The record of a planned row, as it will be signed. */
export function recordOf(planned: PlannedCertificate, job: Omit<CertificateJob, 'certificates'>): CertificateRecord {
  const { draft, number, revision, issuedOn, list, index } = planned;
  const under = job.under[planned.under];
  if (!under) throw new YizhengError('RECORD_INVALID', 'The plan names an accreditation it does not hold.');
  return {
    ...(JSON.parse(draft) as CertificateRecord),
    certificateNumber: number,
    revision,
    issuedOn,
    ...under,
    status: { list, index },
  };
}

/** The proof at the end of a signed text; the credential before it is built from the same record and need not be parsed. */
function proofIn(json: string): DataIntegrityProof {
  return JSON.parse(json.slice(json.lastIndexOf(PROOF) + PROOF.length, -1)) as DataIntegrityProof;
}
