import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import type { AccountEffects } from './effects.js';
import { newToken, tokenHash } from './secret-token.js';

/** A challenge may be answered so long, milliseconds. */
const CHALLENGE_MS = 5 * 60_000;

interface ChallengeRow {
  id_sha256: string;
  purpose: string;
  account: string | null;
  value: string;
  expires_at: string;
}

/** Keeps something to be answered once. @returns its id, which the answer names */
export async function keepChallenge(
  { database, clock, randomBytes }: Pick<AccountEffects, 'database' | 'clock' | 'randomBytes'>,
  challenge: { purpose: string; account?: string; value: string },
): Promise<string> {
  const id = newToken(randomBytes);
  const now = clock();
  await database.write(async (transaction) => {
    await transaction<ChallengeRow>('account_challenges').where('expires_at', '<', now.toISOString()).delete();
    await transaction<ChallengeRow>('account_challenges').insert({
      id_sha256: tokenHash(id),
      purpose: challenge.purpose,
      account: challenge.account ?? null,
      value: challenge.value,
      expires_at: new Date(now.getTime() + CHALLENGE_MS).toISOString(),
    });
  });
  return id;
}

/**
 * Takes a kept challenge out: nobody else can answer it again.
 * @throws YizhengError `CHALLENGE_INVALID` (422: unknown, used, over, or of another purpose or account)
 */
export async function takeChallenge(
  transaction: Knex.Transaction,
  { id, purpose, account }: { id: string; purpose: string; account?: string },
  now: Date,
): Promise<string> {
  const id_sha256 = tokenHash(id);
  const row = await transaction<ChallengeRow>('account_challenges').where({ id_sha256, purpose }).first();
  if (row) await transaction<ChallengeRow>('account_challenges').where({ id_sha256 }).delete();
  if (!row || row.expires_at <= now.toISOString() || row.account !== (account ?? null))
    throw new YizhengError('CHALLENGE_INVALID', 'This took too long or was answered already; begin again.', {
      status: 422,
    });
  return row.value;
}
