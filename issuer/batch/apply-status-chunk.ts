import type { Knex } from 'knex';
import { errorCode } from '../../shared/errors.js';
import type { StatusPurpose } from '../../shared/status/status-list-credential.js';
import { appendAudit } from '../../server/index.js';
import type { CertificateRow, CertificateStatus } from '../certificate-row.js';
import { planStatusChange, requireReasonFor, type StatusChange } from '../change-status.js';
import type { IssuerEffects } from '../effects.js';
import { markChanged } from '../status-lists.js';
import type { StoredBatch, StoredChunk, StoredRow } from './batch-tables.js';
import { failedLines, failRows } from './chunk-rows.js';
import type { ClaimedChunk } from './decide-chunk.js';
import { digestOf } from './chunk-digest.js';
import type { BatchOperation } from './types.js';
import type { ReadyRows } from './waiting-rows.js';

const ACTION: Record<Exclude<BatchOperation, 'issue' | 'correct'>, StatusChange['action']> = {
  revoke: 'revoke',
  suspend: 'suspend',
  reinstate: 'reinstate',
  'void-session': 'revoke',
};

interface Change {
  status: CertificateStatus;
  reason: string;
  ids: string[];
}

/**
 * Changes the status of every certificate of a chunk in one transaction, by the rules of single changes; each status list is marked
 * once. A certificate that has the status already is done, not failed.
 * @returns how many rows are done; undefined when the chunk is no longer ours or its batch no longer runs
 */
export async function applyStatusChunk(
  { batch, chunk, rows }: ClaimedChunk,
  { database, clock }: Pick<IssuerEffects, 'database' | 'clock'>,
): Promise<number | undefined> {
  const { operation } = batch;
  if (operation === 'issue' || operation === 'correct') throw new TypeError('This batch issues certificates.');
  return database.write(async (transaction) => {
    const now = clock();
    const at = { batch: batch.id, chunk: chunk.chunk };
    const owner = await transaction<StoredBatch>('batches').where({ id: batch.id }).first('state');
    if (owner?.state !== 'running') return undefined;
    const mine = await transaction<StoredChunk>('batch_chunks')
      .where({ ...at, claim: chunk.claim ?? '', state: 'waiting' })
      .update({ state: 'done', claim: null, claimed_until: null, done_at: now.toISOString() });
    if (mine === 0) return undefined;
    const found = await certificatesOf(transaction, batch.institution, rows);
    const refused = new Map<number, string>();
    const changes = new Map<string, Change>();
    const marks = new Map<number, Set<StatusPurpose>>();
    const lines: [number, string][] = [];
    for (const [place, row] of rows.row.entries()) {
      const certificate = found.get(rows.certificate[place] ?? '');
      const reason = rows.reason[place] ?? batch.reason ?? '';
      try {
        if (!certificate) refused.set(row, 'CERTIFICATE_NOT_FOUND');
        else lines.push([row, `${row} ${certificate.id} ${planned(certificate, reason, changes, marks)}\n`]);
      } catch (error) {
        refused.set(row, errorCode(error));
      }
    }
    for (const { status, reason, ids } of changes.values())
      await transaction<CertificateRow>('certificates')
        .whereIn('id', ids)
        .update({ status, status_reason: reason, status_at: now.toISOString() });
    for (const [list, purposes] of marks)
      await markChanged(transaction, { institution: batch.institution, list }, [...purposes]);
    await failRows(transaction, batch.id, refused);
    await transaction<StoredRow>('batch_rows')
      .where({ batch: batch.id, state: 'ready' })
      .whereBetween('row', [chunk.first_row, chunk.last_row])
      .update({ state: 'done' });
    const digest = digestOf([...lines, ...(await failedLines(transaction, chunk))]);
    await transaction<StoredChunk>('batch_chunks').where(at).update({ digest, done: lines.length });
    await transaction('batches')
      .where({ id: batch.id })
      .update({ trouble: null, retry_at: null })
      .increment('done', lines.length);
    await appendAudit(
      transaction,
      {
        tenant: batch.institution,
        actor: batch.confirmed_by ?? 'system',
        action: `batch.${operation}`,
        subject: batch.id,
        detail: { chunk: chunk.chunk, done: lines.length, refused: refused.size, digest },
      },
      now,
    );
    return lines.length;
  });

  function planned(
    certificate: CertificateRow,
    reason: string,
    changes: Map<string, Change>,
    marks: Map<number, Set<StatusPurpose>>,
  ): CertificateStatus {
    const action = ACTION[operation as keyof typeof ACTION];
    requireReasonFor(action, reason);
    const plan = planStatusChange(certificate, action);
    if (!plan) return certificate.status;
    const key = `${plan.status} ${reason}`;
    const change = changes.get(key) ?? { status: plan.status, reason, ids: [] };
    change.ids.push(certificate.id);
    changes.set(key, change);
    const lists = marks.get(certificate.list) ?? new Set();
    for (const purpose of plan.lists) lists.add(purpose);
    marks.set(certificate.list, lists);
    return plan.status;
  }
}

async function certificatesOf(
  transaction: Knex.Transaction,
  institution: string,
  { certificate }: Pick<ReadyRows, 'certificate'>,
): Promise<Map<string, CertificateRow>> {
  const found: CertificateRow[] = await transaction<CertificateRow>('certificates')
    .where({ institution, state: 'issued' })
    .whereIn(
      'id',
      certificate.flatMap((id) => id ?? []),
    )
    .select('id', 'list', 'status');
  return new Map(found.map((row) => [row.id, row]));
}
