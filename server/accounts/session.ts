import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { accountOf, type Account, type AccountRow } from './account.js';
import type { AccountEffects } from './effects.js';
import { newToken, tokenHash } from './secret-token.js';

/**
 * How somebody has shown who they are: `oidc` means that the identity provider said so and that a second factor was used there. With `password`,
 * `recovery` and `oidc-alone` (a provider that said nothing of one) they may only set up a second factor.
 */
export const SIGN_IN_METHODS = [
  'passkey',
  'password+totp',
  'oidc',
  'oidc+totp',
  'password',
  'recovery',
  'oidc-alone',
] as const;
/** One of {@link SIGN_IN_METHODS}. */
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** Without a request for so long a session ends, milliseconds. */
export const IDLE_MS = 30 * 60_000;
/** The longest any session lives, milliseconds. */
export const SESSION_MS = 12 * 60 * 60_000;
/** `seen_at` is written at most so often, so that reading a list is no write. */
const SEEN_EVERY_MS = 60_000;

/** Methods that open nothing yet. */
const INCOMPLETE: readonly SignInMethod[] = ['password', 'recovery', 'oidc-alone'];

/** A session, as read from its token. */
export interface Session {
  tokenSha256: string;
  account: Account;
  method: SignInMethod;
  /** False while a second factor is still to be set up: such a session has no roles. */
  isComplete: boolean;
  createdAt: string;
  /** When it ends at the latest, RFC 3339. */
  expiresAt: string;
}

interface SessionRow {
  token_sha256: string;
  account: string;
  method: SignInMethod;
  created_at: string;
  seen_at: string;
  expires_at: string;
}

/** Begins a session under a token never used before (SECURITY: no session fixation). @returns the token, for the cookie only */
export async function beginSession(
  transaction: Knex.Transaction,
  account: string,
  method: SignInMethod,
  { randomBytes, now }: Pick<AccountEffects, 'randomBytes'> & { now: Date },
): Promise<string> {
  const token = newToken(randomBytes);
  const at = now.toISOString();
  await transaction<SessionRow>('account_sessions').where('expires_at', '<', at).delete();
  await transaction<SessionRow>('account_sessions').insert({
    token_sha256: tokenHash(token),
    account,
    method,
    created_at: at,
    seen_at: at,
    expires_at: new Date(now.getTime() + SESSION_MS).toISOString(),
  });
  return token;
}

/**
 * Reads a session from its token and keeps it alive.
 * @throws YizhengError `SESSION_MISSING`, `SESSION_EXPIRED` (401; also for one that was ended, or of a disabled account)
 */
export async function readSession(
  { database, clock }: Pick<AccountEffects, 'database' | 'clock'>,
  token: string | undefined,
): Promise<Session> {
  if (token === undefined) throw new YizhengError('SESSION_MISSING', 'Sign in first.', { status: 401 });
  const now = clock();
  const row = await database
    .knex<SessionRow>('account_sessions')
    .where({ token_sha256: tokenHash(token) })
    .first();
  const account = row && (await database.knex<AccountRow>('accounts').where({ id: row.account }).first());
  const idle = row && now.getTime() - Date.parse(row.seen_at);
  if (!row || account?.disabled_at !== null || (idle ?? 0) > IDLE_MS || row.expires_at <= now.toISOString())
    throw new YizhengError('SESSION_EXPIRED', 'The session has ended; sign in again. What you typed is still here.', {
      status: 401,
    });
  if ((idle ?? 0) > SEEN_EVERY_MS)
    await database.write((transaction) =>
      transaction<SessionRow>('account_sessions')
        .where({ token_sha256: row.token_sha256 })
        .update({ seen_at: now.toISOString() }),
    );
  return {
    tokenSha256: row.token_sha256,
    account: accountOf(account),
    method: row.method,
    isComplete: !INCOMPLETE.includes(row.method),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

/** A session whose second factor was just set up may do all its account may. */
export async function completeSession(
  transaction: Knex.Transaction,
  { tokenSha256, isComplete }: Session,
  method: SignInMethod,
): Promise<void> {
  if (!isComplete)
    await transaction<SessionRow>('account_sessions').where({ token_sha256: tokenSha256 }).update({ method });
}

/** Ends one session. */
export async function endSession(transaction: Knex.Transaction, { tokenSha256 }: Session): Promise<void> {
  await transaction<SessionRow>('account_sessions').where({ token_sha256: tokenSha256 }).delete();
}

/** Ends every session of an account, but the one given. */
export async function endSessions(transaction: Knex.Transaction, account: string, but?: Session): Promise<void> {
  await transaction<SessionRow>('account_sessions')
    .where({ account })
    .whereNot({ token_sha256: but?.tokenSha256 ?? '' })
    .delete();
}
