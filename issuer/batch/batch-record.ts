import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { ed25519 } from '@noble/curves/ed25519.js';
import { decodeMultikey } from '../../shared/did/multikey.js';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../../server/index.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import type { StoredBatch, StoredChunk } from './batch-tables.js';

/** `typ` of a signed batch record. */
export const BATCH_RECORD_TYPE = 'yizheng-batch+jwt';

/** Whether every row of a batch has had its turn and nothing is left to be signed. */
export async function isFinished(knex: Knex, batch: string): Promise<boolean> {
  const open: unknown = await knex<StoredChunk>('batch_chunks')
    .where({ batch })
    .whereIn('state', ['waiting', 'reserved'])
    .first('chunk');
  return open === undefined;
}

/**
 * Ends a batch whose rows are all done: makes its record, signed by the institution (compact JWS, RFC 7515, EdDSA), and stores it.
 * The record says what was uploaded (its keyed digest, as a plain one of a short sheet would let document numbers be guessed), by whom, who confirmed and approved, the counts, and for every chunk the SHA-256 over its
 * lines: `<row> <certificate id> <SHA-256 of the credential's text>` for what was issued, `<row> <certificate id> <status>` for what was changed,
 * `<row> - <code>` for what was refused, each with a line feed.
 * @throws YizhengError `KEY_NOT_FOUND` (404), `SIGNER_FAILED`, `SIGNATURE_REJECTED`, `STORAGE_*` (503)
 */
export async function finishBatch(
  open: Pick<StoredBatch, 'id'>,
  institution: Institution,
  { database, keystore, clock }: IssuerEffects,
): Promise<void> {
  const batch = await endedAt(open.id, { database, clock });
  if (batch?.finished_at == null) return;
  const finishedAt = batch.finished_at;
  const chunks: Pick<StoredChunk, 'first_row' | 'last_row' | 'digest'>[] = await database
    .knex<StoredChunk>('batch_chunks')
    .where({ batch: batch.id, state: 'done' })
    .orderBy('chunk')
    .select('first_row', 'last_row', 'digest');
  await keystore.refresh();
  const key = keystore.activeKey(institution.did, 'assertion');
  const payload = {
    iss: institution.did,
    jti: `urn:yizheng:batch:${batch.id}`,
    iat: Math.floor(Date.parse(finishedAt) / 1000),
    operation: batch.operation,
    state: batch.state === 'cancelled' ? 'cancelled' : 'done',
    fileHmac: batch.file_hmac ?? undefined,
    assessmentId: batch.assessment ?? undefined,
    uploadedBy: batch.uploaded_by,
    uploadedAt: batch.uploaded_at,
    confirmedBy: batch.confirmed_by ?? undefined,
    approvedBy: batch.approved_by ?? undefined,
    startedAt: batch.started_at ?? undefined,
    finishedAt,
    rows: batch.rows,
    wrong: batch.wrong,
    already: batch.already,
    done: batch.done,
    failed: batch.failed,
    skipped: batch.skipped,
    chunks: chunks.map(({ first_row, last_row, digest }) => ({ rows: [first_row, last_row], sha256: digest })),
  };
  const input = `${encoded({ alg: 'EdDSA', typ: BATCH_RECORD_TYPE, kid: key.id })}.${encoded(payload)}`;
  const bytes = new TextEncoder().encode(input);
  const signature = await keystore.sign(key.id, bytes).catch((cause: unknown) => {
    throw new YizhengError('SIGNER_FAILED', 'The signer did not sign the batch record.', { status: 503, cause });
  });
  if (!ed25519.verify(signature, bytes, decodeMultikey(key.publicKeyMultibase).bytes, { zip215: false }))
    throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature for a batch record.', {
      status: 503,
    });
  const record = `${input}.${Buffer.from(signature).toString('base64url')}`;
  await database.write(async (transaction) => {
    const stored = await transaction<StoredBatch>('batches')
      .where({ id: batch.id, state: batch.state, finished_at: finishedAt })
      .whereNull('record')
      .update({
        record,
        trouble: null,
        retry_at: null,
        ...(batch.state === 'cancelled' ? {} : { state: 'done' }),
      });
    if (stored === 0) return;
    await appendAudit(
      transaction,
      {
        tenant: batch.institution,
        actor: 'system',
        action: 'batch.finish',
        subject: batch.id,
        detail: {
          key: key.id,
          done: batch.done,
          failed: batch.failed,
          skipped: batch.skipped,
          sha256: createHash('sha256').update(record).digest('hex'),
        },
      },
      clock(),
    );
  });
}

/**
 * Fixes when a batch ended, before its record is signed: whoever signs it, here or in another process, signs the same.
 * @returns the batch as it ended; undefined when its record is stored already
 */
function endedAt(
  id: string,
  { database, clock }: Pick<IssuerEffects, 'database' | 'clock'>,
): Promise<StoredBatch | undefined> {
  return database.write(async (transaction) => {
    await transaction<StoredBatch>('batches')
      .where({ id })
      .whereNull('finished_at')
      .update({ finished_at: clock().toISOString() });
    return transaction<StoredBatch>('batches')
      .where({ id })
      .whereIn('state', ['running', 'paused', 'cancelled'])
      .whereNull('record')
      .first();
  });
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
