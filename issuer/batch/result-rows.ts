import type { Knex } from 'knex';
import {
  CREDENTIAL_COLUMNS,
  credentialJson,
  withSkeletons,
  type CertificateRow,
  type CredentialTexts,
} from '../certificate-row.js';
import { LAST_ROW, rowKey, rowOfKey, type StoredBatch, type StoredRow } from './batch-tables.js';
import type { BatchResultRow } from './types.js';

type Shown = Pick<CertificateRow, 'id' | 'number' | 'revision' | 'status'> & CredentialTexts;
type StoredLine = Shown & Pick<StoredRow, 'row' | 'code' | 'draft'> & { row_state: StoredRow['state'] };

/**
 * Lines of the result sheet of a batch, in the order of its rows.
 * @param page `after`: row to start behind; `limit`: most lines
 */
export async function resultRows(
  knex: Knex,
  batch: Pick<StoredBatch, 'id' | 'institution'>,
  { after, limit }: { after: number; limit: number },
): Promise<BatchResultRow[]> {
  const stored = await withSkeletons(
    knex('batch_rows').leftJoin('certificates', 'certificates.id', 'batch_rows.certificate'),
  )
    .where({ 'batch_rows.batch': batch.id })
    .where('batch_rows.row', '>', after)
    .orderBy('batch_rows.row')
    .limit(limit)
    .select<StoredLine[]>(
      'batch_rows.row',
      'batch_rows.code',
      'batch_rows.draft',
      'batch_rows.state as row_state',
      ...COLUMNS,
    );
  const issued = await withSkeletons(knex('certificates'))
    .where({ institution: batch.institution, state: 'issued' })
    .where('idempotency_key', '>', rowKey(batch.id, after))
    .where('idempotency_key', '<=', rowKey(batch.id, LAST_ROW))
    .orderBy('idempotency_key')
    .limit(limit)
    .select<(Shown & Pick<CertificateRow, 'idempotency_key'>)[]>('idempotency_key', ...COLUMNS);
  return [
    ...stored.map((row): BatchResultRow => {
      // A correction that was not made still names the old certificate, which is not its result.
      const isChanged = (row.row_state === 'done' && row.draft === null) || row.row_state === 'already';
      return {
        row: row.row,
        state: row.row_state,
        ...(isChanged ? { certificate: shown(row) } : {}),
        ...(row.code === null ? {} : { code: row.code }),
      };
    }),
    ...issued.map((row): BatchResultRow => ({
      row: rowOfKey(row.idempotency_key),
      state: 'done',
      certificate: shown(row),
    })),
  ]
    .sort((a, b) => a.row - b.row)
    .slice(0, limit);
}

const COLUMNS = [
  'certificates.id',
  'certificates.number',
  'certificates.revision',
  'certificates.status',
  ...CREDENTIAL_COLUMNS,
] as const;

function shown({ id, number, revision, status, ...text }: Shown): NonNullable<BatchResultRow['certificate']> {
  return { id, number, revision, status, name: holderName(text) };
}

/** The holder's name on a certificate; empty where it is not signed. @throws YizhengError as `credentialJson` */
export function holderName(text: CredentialTexts): string {
  const { credentialSubject } = JSON.parse(credentialJson(text) ?? '{"credentialSubject":{"name":""}}') as {
    credentialSubject: { name: string };
  };
  return credentialSubject.name;
}
