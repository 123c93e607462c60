import type { Knex } from 'knex';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { recordOfRow } from '../certificate-row.js';
import type { CertificateDraft } from '../exam-result.js';
import type { StoredBatch, StoredRow } from './batch-tables.js';

/** What would be done with one row, for whoever is to agree. */
export interface ReadyRow {
  /** As the spreadsheet program numbers it. */
  row: number;
  name: string;
  identityDocument: { type: string; lastFour: string };
  occupation?: { code: string; name: string; trade?: string };
  level?: { framework: string; value: string };
  assessment: string;
  /** The certificate that is corrected, or whose status changes. */
  certificate?: { id: string; number: string };
  /** Why the status changes. */
  reason?: string;
  /** What a correction changes: JSON pointer into the record, what stands there now, what will. */
  changes?: { at: string; from: string; to: string }[];
}

type Line = Pick<StoredRow, 'row' | 'draft' | 'reason' | 'certificate'> & { old: string | null };

/**
 * Rows of a batch that wait for their turn, in order.
 * @param page `after`: row to start behind; `limit`: most rows
 */
export async function readyRowsOfBatch(
  knex: Knex,
  { id: batch }: Pick<StoredBatch, 'id'>,
  { after, limit }: { after: number; limit: number },
): Promise<ReadyRow[]> {
  const lines = await knex('batch_rows')
    .leftJoin('certificates', 'certificates.id', 'batch_rows.certificate')
    .where({ 'batch_rows.batch': batch, 'batch_rows.state': 'ready' })
    .where('batch_rows.row', '>', after)
    .orderBy('batch_rows.row')
    .limit(limit)
    .select<Line[]>(
      'batch_rows.row',
      'batch_rows.draft',
      'batch_rows.reason',
      'batch_rows.certificate',
      'certificates.credential as old',
    );
  return lines.flatMap((line) => shown(line) ?? []);
}

function shown({ row, draft, reason, certificate, old }: Line): ReadyRow | undefined {
  const before = old === null ? undefined : recordOfRow({ credential: old, unsigned: null });
  const record = draft === null ? before : (JSON.parse(draft) as CertificateDraft);
  if (!record) return undefined;
  const { holder, occupation, level, assessment } = record;
  return {
    row,
    name: holder.name,
    identityDocument: { type: holder.identityDocumentType, lastFour: holder.identityDocumentLastFour },
    ...(occupation && {
      occupation: {
        code: occupation.code,
        name: occupation.name,
        ...(occupation.trade !== undefined && { trade: occupation.trade }),
      },
    }),
    ...(level && { level: { framework: level.framework, value: level.value } }),
    assessment: assessment?.id ?? '',
    ...(certificate !== null && before && { certificate: { id: certificate, number: before.certificateNumber } }),
    ...(reason !== null && { reason }),
    ...(draft !== null && before && { changes: differences(before, record as CertificateDraft) }),
  };
}

/** Members a correction may change; what the issuer assigns is left out. */
function differences(before: CertificateRecord, after: CertificateDraft): NonNullable<ReadyRow['changes']> {
  const changes: NonNullable<ReadyRow['changes']> = [];
  const compare = (at: string, from: unknown, to: unknown): void => {
    if (isObject(from) || isObject(to)) {
      const one = isObject(from) ? from : {};
      const other = isObject(to) ? to : {};
      for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
        compare(`${at}/${name}`, one[name], other[name]);
    } else if (textOf(from) !== textOf(to)) changes.push({ at, from: textOf(from), to: textOf(to) });
  };
  for (const name of Object.keys(after) as (keyof CertificateDraft)[])
    if (name !== 'supersedes') compare(`/${name}`, before[name as keyof CertificateRecord], after[name]);
  return changes;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
