import { RecordQrTexts } from '../../shared/carrier/record-qr-texts.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import type { SignedBytes } from '../../shared/certificate/signed-bytes.js';
import { decodeSignature } from '../../shared/did/signature-base58.js';
import { YizhengError } from '../../shared/errors.js';
import type { CertificateJob, PlannedCertificate } from '../bulk-signer.js';
import type { CertificateTexts } from './packed-certificates.js';

/** The signed credential: JSON text, or bytes that are good until the next call. */
export type Signed = string | SignedBytes;

/** Signs one record. */
export type SignRecord = (record: CertificateRecord, created: string) => Signed | Promise<Signed>;

const PROOF_VALUE = '"proofValue":"z';
const encoder = new TextEncoder();

/** What the certificates of a job have in common. */
export type JobParts = Omit<CertificateJob, 'certificates'>;

/**
 * Makes certificates of planned rows: record, signed text and QR text. One for each thread, for any number of jobs.
 * @param sign signs one record
 * @returns a function that completes a draft and makes a certificate of it, whose bytes are good until the next is made. It gives a promise only where `sign` does, and then
 *   bytes that stay good; it throws the codes of `sign` and of `encodeQr`
 */
export function certificateMaker(
  sign: SignRecord,
): (planned: PlannedCertificate, job: JobParts) => CertificateTexts | Promise<CertificateTexts> {
  const texts = new RecordQrTexts();
  const made = (job: JobParts, record: CertificateRecord, signed: Signed): CertificateTexts => {
    const bytes = typeof signed === 'string' ? bytesOf(signed) : signed;
    return {
      kind: record.kind,
      json: bytes.json,
      apart: bytes.apart?.(),
      qr: texts.textOf(record, bytes, job.verifierUrl),
    };
  };
  return (planned, job) => {
    const record = recordOf(planned, job);
    const signed = sign(record, job.created);
    return signed instanceof Promise
      ? signed.then((later) => lasting(made(job, record, later)))
      : made(job, record, signed);
  };
}

/** While one is waited for, others are made. */
function lasting({ json, qr, apart, kind }: CertificateTexts): CertificateTexts {
  return {
    kind,
    json: json.slice(),
    qr: qr.slice(),
    apart: apart && { ...apart, own: apart.own.slice() },
  };
}

/** A signature of another form than ours is none; the QR text then takes the general way. */
function bytesOf(json: string): SignedBytes {
  const base58 = json.slice(json.lastIndexOf(PROOF_VALUE) + PROOF_VALUE.length, json.lastIndexOf('"'));
  return { json: encoder.encode(json), signature: decodeSignature(base58) ?? new Uint8Array() };
}

/** The record of a planned row, as it will be signed: its draft, completed. */
function recordOf(planned: PlannedCertificate, job: JobParts): CertificateRecord {
  const under = job.under[planned.under];
  if (!under) throw new YizhengError('RECORD_INVALID', 'The plan names an accreditation it does not hold.');
  const record = planned.draft as CertificateRecord;
  record.certificateNumber = planned.number;
  record.revision = planned.revision;
  record.issuedOn = planned.issuedOn;
  record.issuer = under.issuer;
  record.authority = under.authority;
  record.accreditation = under.accreditation;
  record.status = { list: planned.list, index: planned.index };
  return record;
}
