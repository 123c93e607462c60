import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';

/** Header a client names a write with, so that it may repeat it (draft-ietf-httpapi-idempotency-key-header). */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';

/** What the value of {@link IDEMPOTENCY_HEADER} may be. */
export const IDEMPOTENCY_KEY = /^[A-Za-z0-9._:~-]{8,128}$/;

/** What a write is known by. */
export interface IdempotencyClaim {
  tenant: string;
  /** Value of the header. */
  key: string;
  /** Method and route, so that one key cannot serve two operations. */
  operation: string;
  /** HMAC of the body (a plain hash of a body with an ID number could be searched). */
  fingerprint: string;
}

/** What is known of a key. */
export type IdempotencyState =
  /** Claimed now by this transaction. */
  | { state: 'new' }
  /** Claimed before and not answered yet; `subject` is what the earlier call reserved. */
  | { state: 'started'; subject: string | undefined }
  /** Answered before: give the same answer again. */
  | { state: 'done'; subject: string | undefined; status: number; answer: string };

interface Row {
  operation: string;
  fingerprint: string;
  subject: string | null;
  status: number | null;
  answer: string | null;
}

/**
 * Reads and checks the `Idempotency-Key` of a request.
 * @throws YizhengError `IDEMPOTENCY_KEY_MISSING`, `IDEMPOTENCY_KEY_INVALID`
 */
export function parseIdempotencyKey(header: string | undefined): string {
  if (header === undefined || header === '')
    throw new YizhengError('IDEMPOTENCY_KEY_MISSING', 'Send an Idempotency-Key, new for each write.', {
      at: IDEMPOTENCY_HEADER,
    });
  if (!IDEMPOTENCY_KEY.test(header))
    throw new YizhengError(
      'IDEMPOTENCY_KEY_INVALID',
      'The Idempotency-Key must be 8–128 characters A–Z a–z 0–9 ._:~-.',
      {
        at: IDEMPOTENCY_HEADER,
      },
    );
  return header;
}

/**
 * Claims a key in the transaction of the write, or tells what an earlier call with it did.
 * @throws YizhengError `IDEMPOTENCY_KEY_REUSED` (422) when the key was used for another body or operation
 */
export async function claimIdempotencyKey(
  transaction: Knex.Transaction,
  claim: IdempotencyClaim & { subject?: string; now: Date },
): Promise<IdempotencyState> {
  const row = (await transaction('idempotency_keys').where({ tenant: claim.tenant, key: claim.key }).first()) as
    Row | undefined;
  if (!row) {
    await transaction('idempotency_keys').insert({
      tenant: claim.tenant,
      key: claim.key,
      operation: claim.operation,
      fingerprint: claim.fingerprint,
      subject: claim.subject ?? null,
      created_at: claim.now.toISOString(),
    });
    return { state: 'new' };
  }
  return stateOf(row, claim);
}

/**
 * What is known of a key, without claiming it; undefined when it is new.
 * @throws YizhengError `IDEMPOTENCY_KEY_REUSED` (422)
 */
export async function findIdempotencyKey(
  knex: Knex,
  claim: IdempotencyClaim,
): Promise<Exclude<IdempotencyState, { state: 'new' }> | undefined> {
  const row = (await knex('idempotency_keys').where({ tenant: claim.tenant, key: claim.key }).first()) as
    Row | undefined;
  return row && stateOf(row, claim);
}

function stateOf(row: Row, claim: IdempotencyClaim): Exclude<IdempotencyState, { state: 'new' }> {
  if (row.operation !== claim.operation || row.fingerprint !== claim.fingerprint)
    throw new YizhengError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request.', {
      at: IDEMPOTENCY_HEADER,
      status: 422,
    });
  const subject = row.subject ?? undefined;
  return row.status === null || row.answer === null
    ? { state: 'started', subject }
    : { state: 'done', subject, status: row.status, answer: row.answer };
}

/** Binds a claimed key to what the write reserved, e.g. a certificate id. */
export async function bindIdempotencyKey(
  transaction: Knex.Transaction,
  key: { tenant: string; key: string; subject: string },
): Promise<void> {
  await transaction('idempotency_keys').where({ tenant: key.tenant, key: key.key }).update({ subject: key.subject });
}

/** Stores the answer of a claimed key, in the transaction that makes the write final. */
export async function answerIdempotencyKey(
  transaction: Knex.Transaction,
  key: { tenant: string; key: string; status: number; answer: string },
): Promise<void> {
  await transaction('idempotency_keys')
    .where({ tenant: key.tenant, key: key.key })
    .update({ status: key.status, answer: key.answer });
}
