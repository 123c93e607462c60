import { YizhengError } from '../../shared/errors.js';
import { appendAudit, type Role } from '../../server/index.js';
import type { CertificateRow } from '../certificate-row.js';
import { requireReasonFor, type StatusChange } from '../change-status.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import type { StoredBatch } from './batch-tables.js';
import { statusReadyRow } from './check-status-rows.js';
import { storeBlock } from './row-block.js';
import { refuseInProgress } from './session-in-progress.js';
import { finishCheck, newBatch, newBatchId } from './upload.js';

/** Withdrawing everything one assessment led to (DOMAIN E13). */
export interface VoidSessionRequest {
  institution: Institution;
  /** API key id. */
  actor: string;
  roles?: readonly Role[];
  assessmentId: string;
  /** `batch-void` unless given. */
  reason?: StatusChange['reason'];
  approval?: boolean;
}

/** Certificates changed together. */
const CHUNK_ROWS = 1000;

/**
 * Lists every certificate of an assessment that is not revoked, as the rows of a batch; nothing is changed before it is confirmed.
 * @returns id of the batch
 * @throws YizhengError `ASSESSMENT_NOT_FOUND` (404) when there is none, `STATUS_REASON_UNFIT` (422), `SESSION_IN_PROGRESS` (409)
 *   while certificates of it are being issued
 */
export async function listSession(request: VoidSessionRequest, effects: IssuerEffects): Promise<string> {
  const { institution, actor, assessmentId, reason = 'batch-void' } = request;
  requireReasonFor('revoke', reason);
  const { database, clock, randomBytes } = effects;
  const id = newBatchId(randomBytes);
  await database.write(async (transaction) => {
    await refuseInProgress(transaction, { institution: institution.code, assessment: assessmentId });
    await transaction<StoredBatch>('batches').insert({
      ...newBatch(id, { ...request, reason, operation: 'void-session' }, clock()),
      assessment: assessmentId,
    });
    let position = { batch: id, institution: institution.code, chunk: 1, problem: 1 };
    // Line 1 is the header of every sheet, so the result sheet starts with line 2.
    let row = 2;
    for (let last = ''; ;) {
      const page = await transaction<CertificateRow>('certificates')
        .where({ institution: institution.code, assessment: assessmentId, state: 'issued' })
        .whereNot({ status: 'revoked' })
        .where('id', '>', last)
        .orderBy('id')
        .limit(CHUNK_ROWS)
        .select('id');
      if (page.length === 0) break;
      const rows = page.map((certificate) => ({ row: row++, ready: statusReadyRow(certificate.id, reason) }));
      position = await storeBlock(transaction, position, { rows, notices: [], facts: new Map() });
      last = page.at(-1)?.id ?? '';
    }
    if (row === 2)
      throw new YizhengError('ASSESSMENT_NOT_FOUND', 'No valid certificate rests on this assessment.', { status: 404 });
    await appendAudit(
      transaction,
      {
        tenant: institution.code,
        actor,
        action: 'batch.upload',
        subject: id,
        detail: { operation: 'void-session', assessment: assessmentId, reason },
      },
      clock(),
    );
  });
  await finishCheck(id, request, effects);
  return id;
}
