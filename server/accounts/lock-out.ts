import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import type { Database } from '../database.js';
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

/** A try that was let through, and counts as wrong until it is forgotten or given back. */
export interface Try {
  /** What is guessed at. */
  subject: string;
  /** Until when the next has to wait, when this one is wrong too: RFC 3339. */
  lockedUntil: string | null;
}

/**
 * Counts a try before anything is compared, so that many sent at once are no more tries than many sent one after another. Whoever was right
 * has it forgotten ({@link forgetTries}), whoever was not told anything gets it back ({@link giveBack}).
 * @param subject what is guessed at: a login, a password …; only its hash is kept, so a mistyped password in the login field is not
 * @throws YizhengError `SIGN_IN_LOCKED` (429)
 */
export async function takeTry(database: Database, subject: string, now: Date): Promise<Try> {
  const subject_sha256 = tokenHash(subject);
  return database.write(async (transaction) => {
    const row = await transaction<FailureRow>('account_failures').where({ subject_sha256 }).first();
    if (row && row.locked_until !== null && row.locked_until > now.toISOString()) throw locked();
    const isOld = !row || now.getTime() - Date.parse(row.last_at) > FORGOTTEN_MS;
    const failures = isOld ? 1 : row.failures + 1;
    const wait = Math.min(LONGEST_WAIT_MS, 60_000 * 2 ** (failures - FREE_TRIES));
    const locked_until = failures < FREE_TRIES ? null : new Date(now.getTime() + wait).toISOString();
    await transaction<FailureRow>('account_failures')
      .insert({ subject_sha256, failures, last_at: now.toISOString(), locked_until })
      .onConflict('subject_sha256')
      .merge();
    return { subject, lockedUntil: locked_until };
  });
}

/** What is said while the wait lasts. */
export function locked(): YizhengError {
  return new YizhengError('SIGN_IN_LOCKED', 'Too many wrong tries; wait some minutes, or sign in with a passkey.', {
    status: 429,
  });
}

/** Takes a try back that was neither right nor wrong, e.g. a right password that still lacks its code. */
export async function giveBack(database: Database, { subject, lockedUntil }: Try): Promise<void> {
  const subject_sha256 = tokenHash(subject);
  await database.write(async (transaction) => {
    const row = await transaction<FailureRow>('account_failures').where({ subject_sha256 }).first();
    if (!row) return;
    const failures = row.failures - 1;
    if (failures < 1) await transaction<FailureRow>('account_failures').where({ subject_sha256 }).delete();
    else {
      // The wait that this try began ends with it; the one before was over, or it had not been let through.
      const isFree = failures < FREE_TRIES || row.locked_until === lockedUntil;
      await transaction<FailureRow>('account_failures')
        .where({ subject_sha256 })
        .update({ failures, locked_until: isFree ? null : row.locked_until });
    }
  });
}

/** Forgets the wrong tries of who was right. */
export async function forgetTries(transaction: Knex.Transaction, { subject }: Try): Promise<void> {
  await transaction<FailureRow>('account_failures')
    .where({ subject_sha256: tokenHash(subject) })
    .delete();
}
