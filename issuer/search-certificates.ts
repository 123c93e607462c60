import type { Knex } from 'knex';
import { z } from 'zod';
import { YizhengError } from '../shared/errors.js';
import { OWN_TEXT_SEPARATOR } from '../shared/certificate/credential-skeleton.js';
import type { CertificateRecord } from '../shared/certificate/record.js';
import {
  recordOfRow,
  storedCertificates,
  type CertificateRow,
  type CertificateStatus,
  type StoredCertificate,
} from './certificate-row.js';

/** What certificates are looked for by; a member left out does not limit. */
export interface CertificateFilter {
  /** A number, or the beginning of one. */
  number?: string | undefined;
  /** The holder's name as the certificate writes it. */
  name?: string | undefined;
  /** Assessment id. */
  assessment?: string | undefined;
  status?: CertificateStatus | undefined;
  /** Days of issue, China Standard Time, both included. */
  from?: string | undefined;
  until?: string | undefined;
}

/** A certificate as a list shows it. */
export interface FoundCertificate {
  id: string;
  certificateNumber: string;
  revision: number;
  status: CertificateStatus;
  statusReason?: string;
  issuedAt: string;
  record: CertificateRecord;
}

/** One page of a search. */
export interface CertificatePage {
  certificates: FoundCertificate[];
  /** Stored certificates of this page that cannot be read and are left out, so that they hide no other. */
  unreadable: number;
  /** Where to go on; absent at the end. A page may hold few or none and still have a next one. */
  next?: string;
}

/** Rows looked at for one page of a search by name, which no index helps with: about a second. */
const MOST_SCANNED = 100_000;

/**
 * Lists certificates that were issued, by number and revision.
 * @param page `after`: `next` of the page before; `limit`: most certificates
 * @throws YizhengError `CURSOR_INVALID` (422)
 */
export async function searchCertificates(
  knex: Knex,
  institution: string,
  filter: CertificateFilter,
  page: { after?: string; limit: number },
): Promise<CertificatePage> {
  const { name } = filter;
  const start = page.after === undefined ? undefined : readCursor(page.after);
  const from = (): Knex.QueryBuilder => {
    const query = within(storedCertificates(knex).where({ institution, state: 'issued' }), filter);
    void query.orderBy([{ column: 'number' }, { column: 'revision' }]);
    return start === undefined ? query : query.whereRaw('(number, revision) > (?, ?)', start);
  };
  const most = name === undefined ? page.limit : MOST_SCANNED;
  const last: Pick<CertificateRow, 'number' | 'revision'> | undefined = await from()
    .offset(most - 1)
    .first<CertificateRow | undefined>('number', 'revision');
  const found = from();
  if (last) void found.whereRaw('(number, revision) <= (?, ?)', [last.number, last.revision]);
  if (name !== undefined) void found.where(named(name));
  const rows = (await found.limit(page.limit)) as StoredCertificate[];
  const end = rows.length === page.limit ? rows.at(-1) : last;
  const readable = rows.flatMap(readCertificate);
  const certificates = readable.filter(({ record }) => name === undefined || record.holder.name === name);
  const unreadable = rows.length - readable.length;
  return { certificates, unreadable, ...(end === undefined ? {} : { next: writeCursor(end) }) };
}

/** Certificates whose text may name somebody: as a whole, in what is its own, or in what it shares with others. */
function named(name: string): Knex.QueryCallback {
  const quoted = `%${escapeLike(JSON.stringify(name))}%`;
  const own = `${escapeLike(name)}${OWN_TEXT_SEPARATOR}%`;
  return (either) => {
    void either
      .whereRaw(LIKE('credential'), [quoted])
      // The signature comes last.
      .orWhereRaw(LIKE('own_texts'), [own])
      .orWhereRaw(LIKE('own_texts'), [`%${OWN_TEXT_SEPARATOR}${own}`])
      .orWhereRaw(LIKE('skeleton_text'), [quoted]);
  };
}

function within(query: Knex.QueryBuilder, filter: CertificateFilter): Knex.QueryBuilder {
  const { number, assessment, status, from, until } = filter;
  if (number !== undefined) void query.whereRaw(LIKE('number'), [`${escapeLike(number)}%`]);
  if (assessment !== undefined) void query.where({ assessment });
  if (status !== undefined) void query.where({ status });
  if (from !== undefined) void query.where('issued_at', '>=', new Date(`${from}T00:00:00+08:00`).toISOString());
  if (until !== undefined) void query.where('issued_at', '<=', new Date(`${until}T23:59:59.999+08:00`).toISOString());
  return query;
}

const LIKE = (column: string): string => `${column} like ? escape '!'`;

function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, '!$&');
}

function readCertificate(row: StoredCertificate): FoundCertificate[] {
  try {
    return [foundCertificate(row)];
  } catch (error) {
    if (error instanceof YizhengError) return [];
    throw error;
  }
}

function foundCertificate(row: StoredCertificate): FoundCertificate {
  return {
    id: row.id,
    certificateNumber: row.number,
    revision: row.revision,
    status: row.status,
    ...(row.status_reason === null ? {} : { statusReason: row.status_reason }),
    issuedAt: row.issued_at ?? row.reserved_at,
    record: recordOfRow(row),
  };
}

const cursorSchema = z.tuple([z.string().regex(/^\P{Cc}*$/u), z.int().min(0).max(2_147_483_647)]);

function writeCursor({ number, revision }: Pick<CertificateRow, 'number' | 'revision'>): string {
  return Buffer.from(JSON.stringify([number, revision])).toString('base64url');
}

function readCursor(text: string): [number: string, revision: number] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return cursorSchema.parse(value);
  } catch {
    // Said below.
  }
  throw new YizhengError('CURSOR_INVALID', 'This is no "next" of an answer of ours.', {
    at: 'query/after',
    status: 422,
  });
}
