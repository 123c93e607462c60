import type { Knex } from 'knex';
import { fillSkeleton } from '../shared/certificate/credential-skeleton.js';
import { readRecord, type CertificateCredential } from '../shared/certificate/credential.js';
import type { CertificateRecord } from '../shared/certificate/record.js';
import { YizhengError } from '../shared/errors.js';

/** What can be done to a certificate's status. A revocation is for ever. */
export type CertificateStatus = 'active' | 'suspended' | 'revoked';

/**
 * Certificates that wait for their signature, of all institutions. SQLite uses the small index of them only where a question says its
 * condition in so many words.
 */
export const IS_RESERVED = `certificates.state = 'reserved'`;

/** A certificate as the issuer stores it. Holds nothing of the holder but what the credential says. */
export interface CertificateRow {
  /** `id` of the credential. */
  id: string;
  institution: string;
  number: string;
  revision: number;
  kind: string;
  /** Status list and index, never freed. */
  list: number;
  list_index: number;
  /** JSON of the unsigned credential, exactly as it is signed; null where a batch stored the signed one at once. */
  unsigned: string | null;
  /** `proof.created`. */
  proof_created: string;
  key_id: string;
  /** `reserved` until the signature is stored; `void` when it can never be signed (its number is never used again). */
  state: 'reserved' | 'issued' | 'void';
  /** JSON of the signed credential; null where it is kept as {@link CertificateRow.own_texts}. Read by {@link credentialJson}. */
  credential: string | null;
  /** What is its own of that text, and the `credential_skeletons` row of what it shares with others. */
  own_texts: string | null;
  skeleton: number | null;
  status: CertificateStatus;
  status_reason: string | null;
  status_at: string | null;
  /** HMAC of who was certified for what, so that one result is not issued twice. */
  duplicate_key: string | null;
  /** HMAC of the same as far as the certificate shows it, for credentials that clients write themselves. */
  result_key: string | null;
  /** HMAC of the holder's document type and number, so that a correction stays with the same person; null where not known. */
  holder_key: string | null;
  /** Id of the assessment it rests on, so that a whole session can be found. */
  assessment: string | null;
  /** QR text, where a batch made it; else it is made when asked for. */
  qr: string | null;
  supersedes: string | null;
  /** Where it is counted, see `certificate_cells`; null where that is not known. */
  cell: number | null;
  idempotency_key: string;
  actor: string;
  reserved_at: string;
  issued_at: string | null;
}

/** A certificate with all its text is made of, as {@link storedCertificates} reads it. */
export interface StoredCertificate extends CertificateRow {
  /** Of its {@link CertificateRow.skeleton}. */
  skeleton_text: string | null;
}

/** What the text of a stored certificate is made of; columns to select. */
export const CREDENTIAL_COLUMNS = ['credential', 'own_texts', 'skeleton_text'] as const;

/** {@link CREDENTIAL_COLUMNS} of a row. */
export type CredentialTexts = Pick<StoredCertificate, (typeof CREDENTIAL_COLUMNS)[number]>;

/** Certificates, joined with what some of them share: for whoever reads what they say. All columns, unless others are selected. */
export function storedCertificates(knex: Knex): Knex.QueryBuilder<StoredCertificate, StoredCertificate[]> {
  return withSkeletons(knex('certificates')) as Knex.QueryBuilder<StoredCertificate, StoredCertificate[]>;
}

/** Has a query that reads certificates read {@link CREDENTIAL_COLUMNS}, too. */
export function withSkeletons(query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query.leftJoin('credential_skeletons', 'credential_skeletons.skeleton_id', 'certificates.skeleton');
}

/**
 * JSON of a signed credential, byte for byte as it was signed.
 * @returns null where it is not signed
 * @throws YizhengError `CERTIFICATE_DAMAGED` (500)
 */
export function credentialJson(row: CredentialTexts): string | null {
  if (row.credential !== null || row.own_texts === null) return row.credential;
  if (row.skeleton_text === null)
    throw new YizhengError('CERTIFICATE_DAMAGED', 'A stored certificate cannot be put together.', { status: 500 });
  return fillSkeleton(row.skeleton_text, row.own_texts);
}

/** A certificate as the outside may see it: issued and stored. */
export interface IssuedCertificate {
  id: string;
  certificateNumber: string;
  revision: number;
  status: CertificateStatus;
  statusReason?: string;
  issuedAt: string;
  credential: CertificateCredential;
  /** The stored text of `credential`, byte for byte. */
  json: string;
}

/** Reads a certificate by credential id, or the newest revision by number. */
export async function findCertificate(
  knex: Knex,
  institution: string,
  idOrNumber: string,
): Promise<StoredCertificate | undefined> {
  const found: StoredCertificate | undefined = await storedCertificates(knex)
    .where({ institution, id: idOrNumber })
    .orWhere({ institution, number: idOrNumber, state: 'issued' })
    .orderBy('revision', 'desc')
    .first();
  return found;
}

/**
 * What a stored certificate says.
 * @param row at least `unsigned` and {@link CREDENTIAL_COLUMNS}
 * @throws YizhengError as `readRecord` and {@link credentialJson}
 */
export function recordOfRow(row: CredentialTexts & Pick<CertificateRow, 'unsigned'>): CertificateRecord {
  return readRecord(JSON.parse(credentialJson(row) ?? row.unsigned ?? 'null'));
}

/** The outside view of a stored certificate; undefined while it is not issued. */
export function issuedCertificate(row: StoredCertificate): IssuedCertificate | undefined {
  const json = credentialJson(row);
  if (row.state !== 'issued' || json === null) return undefined;
  return {
    id: row.id,
    certificateNumber: row.number,
    revision: row.revision,
    status: row.status,
    ...(row.status_reason === null ? {} : { statusReason: row.status_reason }),
    issuedAt: row.issued_at ?? row.reserved_at,
    credential: JSON.parse(json) as CertificateCredential,
    json,
  };
}
