import type { Knex } from 'knex';
import { CREDENTIAL_COLUMNS, recordOfRow, withSkeletons, type CredentialTexts } from '../certificate-row.js';
import type { CertificateDraft } from '../exam-result.js';
import type { StoredBatch, StoredRow } from './batch-tables.js';

/** What would be done with one row, for whoever is to agree. */
export interface ReadyRow {
  /** As the spreadsheet program numbers it. */
  row: number;
  kind: string;
  name: string;
  identityDocument: { type: string; lastFour: string };
  occupation?: { code: string; name: string; trade?: string };
  level?: { framework: string; value: string };
  assessment: string;
  /** Date of issue, where it is given; else the day of issue. */
  issuedOn?: string;
  /** Number given by hand. */
  number?: string;
  /** The certificate that is corrected, or whose status changes. */
  certificate?: { id: string; number: string };
  /** Why the status changes. */
  reason?: string;
  /** What a correction changes: JSON pointer into the record, what stands there now, what will. */
  changes?: { at: string; from: string; to: string }[];
  /** Everything else a new certificate would say; `from` is empty. */
  facts?: { at: string; from: string; to: string }[];
}

/** With the text of the certificate it concerns, if there is one. */
type Line = Pick<StoredRow, 'row' | 'draft' | 'reason' | 'certificate' | 'issued_on' | 'number'> & CredentialTexts;

/**
 * Rows of a batch that wait for their turn, in order.
 * @param page `after`: row to start behind; `limit`: most rows
 */
export async function readyRowsOfBatch(
  knex: Knex,
  { id: batch }: Pick<StoredBatch, 'id'>,
  { after, limit }: { after: number; limit: number },
): Promise<ReadyRow[]> {
  const lines = await withSkeletons(
    knex('batch_rows').leftJoin('certificates', 'certificates.id', 'batch_rows.certificate'),
  )
    .where({ 'batch_rows.batch': batch, 'batch_rows.state': 'ready' })
    .where('batch_rows.row', '>', after)
    .orderBy('batch_rows.row')
    .limit(limit)
    .select<Line[]>(
      'batch_rows.row',
      'batch_rows.draft',
      'batch_rows.reason',
      'batch_rows.certificate',
      'batch_rows.issued_on',
      'batch_rows.number',
      ...CREDENTIAL_COLUMNS,
    );
  return lines.flatMap(shown);
}

function shown({ row, draft, reason, certificate, issued_on, number, ...old }: Line): ReadyRow[] {
  const hasOld = old.credential !== null || old.own_texts !== null;
  const before = hasOld ? recordOfRow({ ...old, unsigned: null }) : undefined;
  const written = draft === null ? undefined : (JSON.parse(draft) as CertificateDraft);
  const record = written ?? before;
  if (!record) return [];
  const { holder, occupation, level, assessment } = record;
  const issuedOn = issued_on ?? before?.issuedOn;
  return [
    {
      row,
      kind: record.kind,
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
      assessment: assessment.id,
      ...(issuedOn !== undefined && { issuedOn }),
      ...(number !== null && { number }),
      ...(certificate !== null && before && { certificate: { id: certificate, number: before.certificateNumber } }),
      ...(reason !== null && { reason }),
      ...(written && before && { changes: differences(before, { ...written, issuedOn }) }),
      ...(written && !before && { facts: differences({}, withoutShown(written)) }),
    },
  ];
}

/** What the columns of a list do not show already. */
function withoutShown({ kind: _, occupation: __, level: ___, ...rest }: CertificateDraft): object {
  return rest;
}

/** What the issuer assigns, so that no sheet changes it. */
const ASSIGNED: ReadonlySet<string> = new Set([
  'certificateNumber',
  'revision',
  'issuer',
  'authority',
  'accreditation',
  'status',
  'supersedes',
]);

/** Everything a correction changes, also what it leaves out. */
function differences(before: object, after: object): NonNullable<ReadyRow['changes']> {
  const changes: NonNullable<ReadyRow['changes']> = [];
  const compare = (at: string, from: unknown, to: unknown): void => {
    if (isObject(from) || isObject(to)) {
      const one = isObject(from) ? from : {};
      const other = isObject(to) ? to : {};
      for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
        if (at !== '' || !ASSIGNED.has(name)) compare(`${at}/${name}`, one[name], other[name]);
    } else if (textOf(from) !== textOf(to)) changes.push({ at, from: textOf(from), to: textOf(to) });
  };
  compare('', before, after);
  return changes;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
