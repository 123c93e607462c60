import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { tokenHash } from './secret-token.js';

/** Tries before the first wait. */
const FREE_TRIES = 5;
/** Each further failure doubles the wait up to this. */
const LONGEST_WAIT_MS = 15 * 60_000;
/** After so long without a failure the count begins anew. */
const FORGOTTEN_MS = 60 * 60_000;

interface FailureRow {
  subject_sha256: string;
  failures: number;
  last_at: string;
  locked_until: string | null;
}

/**
 * Refuses while somebody waits for the end of a lock-out.
 * @param subject what is guessed at: a login, an invitation …; only its hash is kept, so a mistyped password in the login field is not
 * @throws YizhengError `SIGN_IN_LOCKED` (429)
 */
export async function refuseWhileLocked(knex: Knex, subject: string, now: Date): Promise<void> {
  const row = await knex<FailureRow>('account_failures')
    .where({ subject_sha256: tokenHash(subject) })
    .first();
  if (row && row.locked_until !== null && row.locked_until > now.toISOString()) throw locked();
}

/** What is said while the wait lasts. */
export function locked(): YizhengError {
  return new YizhengError('SIGN_IN_LOCKED', 'Too many wrong tries; wait some minutes, or sign in with a passkey.', {
    status: 429,
  });
}

/** Counts a wrong try. @returns whether the next one has to wait */
export async function countFailure(transaction: Knex.Transaction, subject: string, now: Date): Promise<boolean> {
  const subject_sha256 = tokenHash(subject);
  const row = await transaction<FailureRow>('account_failures').where({ subject_sha256 }).first();
  const isOld = !row || now.getTime() - Date.parse(row.last_at) > FORGOTTEN_MS;
  const failures = isOld ? 1 : row.failures + 1;
  const wait = Math.min(LONGEST_WAIT_MS, 60_000 * 2 ** (failures - FREE_TRIES));
  const locked_until = failures < FREE_TRIES ? null : new Date(now.getTime() + wait).toISOString();
  await transaction<FailureRow>('account_failures')
    .insert({ subject_sha256, failures, last_at: now.toISOString(), locked_until })
    .onConflict('subject_sha256')
    .merge();
  return locked_until !== null;
}

/** Forgets the wrong tries of who has signed in. */
export async function forgetFailures(transaction: Knex.Transaction, subject: string): Promise<void> {
  await transaction<FailureRow>('account_failures')
    .where({ subject_sha256: tokenHash(subject) })
    .delete();
}
