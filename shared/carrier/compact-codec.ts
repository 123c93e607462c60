import {
  buildCredential,
  dataIntegrityProofSchema,
  readRecord,
  type CertificateCredential,
  type DataIntegrityProof,
} from '../certificate/credential.js';
import { parseCertificateRecord, type CertificateRecord } from '../certificate/record.js';
import { YizhengError } from '../errors.js';
import { BitReader, BitWriter } from './bit-stream.js';
import { readRecordFields, writeRecord } from './certificate-fields.js';
import { corrupt } from './field-codec.js';
import { proofCodec } from './proof-codec.js';
import { sameFacts } from './same-facts.js';

/** High half of the first byte of a compact payload; the low half is the version of the tables. */
export const COMPACT_FORM = 1;

/**
 * Rows of the occupation table by table version. A release that appends rows to `OCCUPATIONS` adds a version here, so that a
 * code printed before keeps the one form it has.
 */
const TABLE_VERSIONS: readonly { occupationRows: number }[] = [{ occupationRows: 96 }];
/** Newest version of the tables, which new payloads are written with. */
export const LATEST_TABLES = TABLE_VERSIONS.length;

/**
 * Packs a signed certificate of our shape losslessly: only what varies, plus the proof (DESIGN §6).
 * @param credential signed credential, members in the order the builder writes them
 * @returns the payload, or undefined when the credential is not exactly of our shape and needs the dictionary form
 */
export function encodeCompact(credential: unknown): Uint8Array | undefined {
  const proof = dataIntegrityProofSchema.safeParse((credential as { proof?: unknown } | null)?.proof);
  if (!proof.success) return undefined;
  try {
    const payload = pack(readRecord(credential), proof.data, LATEST_TABLES);
    return JSON.stringify(unpack(payload).credential) === JSON.stringify(credential) ? payload : undefined;
  } catch (error) {
    if (error instanceof YizhengError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * {@link encodeCompact} for whoever signed a record just now: nothing is validated again, but the payload is read back and must give
 * the same record and, letter for letter, the proof the signed text ends with. The text before it is `buildCredential` of that record
 * and of nothing else, so reading the code gives the signed text byte for byte.
 * @param record a record `parseCertificateRecord` accepts, of which `json` was made
 * @param proof its proof
 * @param json the signed credential as JSON text
 * @returns the payload, or undefined when this certificate needs the dictionary form
 */
export function encodeCompactRecord(
  record: CertificateRecord,
  proof: DataIntegrityProof,
  json: string,
): Uint8Array | undefined {
  try {
    const payload = pack(record, proof, LATEST_TABLES);
    const { record: same, proof: read } = readFields(new BitReader(payload));
    const isSame = sameFacts(same, record) && json.endsWith(`,"proof":${JSON.stringify(read)}}`);
    return isSame ? payload : undefined;
  } catch (error) {
    if (error instanceof YizhengError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Rebuilds exactly the signed credential of a compact payload. One certificate has one payload: any other spelling of the same
 * facts, padding that is not zero or bytes after the end are refused.
 * @throws YizhengError `QR_VERSION` for tables newer than this program, `QR_CORRUPT` for everything that no encoder writes
 */
export function decodeCompact(payload: Uint8Array): CertificateCredential {
  try {
    const { record, proof, version, credential } = unpack(payload);
    const canonical = pack(record, proof, version);
    if (canonical.length === payload.length && canonical.every((byte, i) => byte === payload[i])) return credential;
  } catch (cause) {
    if (cause instanceof YizhengError && cause.code.startsWith('QR_')) throw cause;
    if (!(cause instanceof YizhengError || cause instanceof RangeError)) throw cause;
    throw new YizhengError('QR_CORRUPT', 'The code holds facts no certificate can state: it was damaged or made up.', {
      cause,
    });
  }
  throw corrupt();
}

function pack(record: CertificateRecord, proof: DataIntegrityProof, version: number): Uint8Array {
  const bits = new BitWriter();
  bits.write(COMPACT_FORM, 4);
  bits.write(version, 4);
  proofCodec.write(bits, proof, writeRecord(bits, record, occupationRowsOf(version)));
  return bits.finish();
}

function unpack(payload: Uint8Array): {
  record: CertificateRecord;
  proof: DataIntegrityProof;
  version: number;
  credential: CertificateCredential;
} {
  const { version, record: facts, proof: read } = readFields(new BitReader(payload));
  const proof = dataIntegrityProofSchema.safeParse(read).data;
  if (!proof) throw corrupt();
  const record = parseCertificateRecord(facts);
  return { record, proof, version, credential: { ...buildCredential(record), proof } };
}

function readFields(bits: BitReader): {
  version: number;
  record: Partial<CertificateRecord>;
  proof: DataIntegrityProof;
} {
  bits.read(4);
  const version = bits.read(4);
  const { record, facts } = readRecordFields(bits, occupationRowsOf(version));
  return { version, record, proof: proofCodec.read(bits, facts) };
}

/** Rows of the occupation table in a version of the tables. @throws YizhengError `QR_VERSION` */
export function occupationRowsOf(version: number): number {
  const tables = TABLE_VERSIONS[version - 1];
  if (!tables)
    throw new YizhengError('QR_VERSION', 'The code was made by a newer version of Yizheng; update this program.');
  return tables.occupationRows;
}
