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

/**
 * Keeps something to be answered once.
 * @param limits `lifetimeMs`, five minutes unless given; `most`: so many of this purpose may wait
 * @returns its id, which the answer names
 * @throws YizhengError `CHALLENGES_WAITING` (503): too many wait
 */
export async function keepChallenge(
  { database, clock, randomBytes }: Pick<AccountEffects, 'database' | 'clock' | 'randomBytes'>,
  challenge: { purpose: string; account?: string; value: string },
  { lifetimeMs = CHALLENGE_MS, most }: { lifetimeMs?: number; most?: number } = {},
): Promise<string> {
  const id = newToken(randomBytes);
  const now = clock();
  await database.write(async (transaction) => {
    await transaction<ChallengeRow>('account_challenges').where('expires_at', '<', now.toISOString()).delete();
    if (most !== undefined) await refuseBeyond(transaction, challenge.purpose, most);
    await transaction<ChallengeRow>('account_challenges').insert({
      id_sha256: tokenHash(id),
      purpose: challenge.purpose,
      account: challenge.account ?? null,
      value: challenge.value,
      expires_at: new Date(now.getTime() + lifetimeMs).toISOString(),
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

/** Reads a kept challenge, which stays. @returns undefined when it is unknown, used, over or of another purpose */
export async function readChallenge(
  knex: Knex,
  { id, purpose }: { id: string; purpose: string },
  now: Date,
): Promise<{ account: string | null; value: string } | undefined> {
  const row = await knex<ChallengeRow>('account_challenges')
    .where({ id_sha256: tokenHash(id), purpose })
    .first();
  return row && row.expires_at > now.toISOString() ? { account: row.account, value: row.value } : undefined;
}

async function refuseBeyond(transaction: Knex.Transaction, purpose: string, most: number): Promise<void> {
  const [found] = await transaction('account_challenges')
    .where({ purpose })
    .count<{ count: number | string }[]>({ count: '*' });
  if (Number(found?.count ?? 0) >= most)
    throw new YizhengError(
      'CHALLENGES_WAITING',
      'Too many sign-ins wait at the identity provider; try again in some minutes.',
      {
        status: 503,
      },
    );
}
