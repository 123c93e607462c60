import { YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../audit.js';
import { HOST_TENANT } from '../roles.js';
import type { AccountRow } from './account.js';
import type { AccountEffects } from './effects.js';
import { forgetTries, giveBack, locked, takeTry, type Try } from './lock-out.js';
import { passkeysOf } from './passkey.js';
import { isPassword } from './password.js';
import { tokenHash } from './secret-token.js';
import { beginSession, type SignInMethod } from './session.js';
import { openTotp, totpStep } from './totp.js';

/** What somebody types. */
export interface PasswordSignIn {
  login: string;
  password: string;
  /** Six digits of the authenticator app. */
  totp?: string;
  /** One of the printed recovery codes, instead of `totp`. */
  recoveryCode?: string;
}

/** A second factor as it is typed. */
export type TypedFactor = Pick<PasswordSignIn, 'totp' | 'recoveryCode'>;

/**
 * Signs in with a password and a second factor. Whether login, password or code was wrong is not told apart, nor in time, before the password is
 * right.
 * @returns token of the session and how it began
 * @throws YizhengError `SIGN_IN_LOCKED` (429), `SIGN_IN_FAILED` (401), `TOTP_REQUIRED`, `PASSKEY_REQUIRED`, `RECOVERY_NEEDED`
 *   (401: the password was right)
 */
export async function signInWithPassword(
  effects: AccountEffects,
  typed: PasswordSignIn,
): Promise<{ token: string; method: SignInMethod }> {
  const { database, clock } = effects;
  const now = clock();
  const login = typed.login.normalize('NFKC').trim().toLowerCase();
  const row = await database.knex<AccountRow>('accounts').where({ login }).first();
  const tried = await takeTry(database, `login ${login}`, now);
  const isRight = (await isPassword(typed.password, row?.password)) && row?.disabled_at === null;
  const factor = isRight ? await givingBack(database, tried, () => secondFactor(row, typed, effects, now)) : undefined;
  if (!row || !factor) throw await refusal(effects, tried, row, now);
  const token = await database.write(async (transaction) => {
    if (!(await factor.use(transaction))) return undefined;
    await forgetTries(transaction, tried);
    const detail = { method: factor.method };
    await appendAudit(
      transaction,
      { tenant: HOST_TENANT, actor: row.id, action: 'account.sign-in', subject: row.id, detail },
      now,
    );
    return beginSession(transaction, row.id, factor.method, { ...effects, now });
  });
  if (token === undefined) throw await refusal(effects, tried, row, now);
  return { token, method: factor.method };
}

/** Who is only asked for what is missing has guessed nothing. */
export async function givingBack<T>(
  database: AccountEffects['database'],
  tried: Try,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await giveBack(database, tried);
    throw error;
  }
}

/** A second factor that was right; `use` spends it, and is false when somebody else did meanwhile. */
export interface Factor {
  method: SignInMethod;
  use: (transaction: Parameters<typeof beginSession>[0]) => Promise<boolean>;
}

/**
 * Reads what was typed as a second factor of an account.
 * @returns undefined when it is wrong; method `password` where the account has no second factor at all
 * @throws YizhengError `TOTP_REQUIRED`, `PASSKEY_REQUIRED`, `RECOVERY_NEEDED` (401): another one is needed
 */
export async function secondFactor(
  row: AccountRow,
  { totp, recoveryCode }: TypedFactor,
  effects: AccountEffects,
  now: Date,
): Promise<Factor | undefined> {
  if (recoveryCode !== undefined) return recoveryFactor(row, recoveryCode);
  if (row.totp_sealed === null || row.totp_confirmed_at === null) {
    if ((await passkeysOf(effects.database.knex, row.id)).length > 0)
      throw new YizhengError('PASSKEY_REQUIRED', 'This account signs in with its passkey.', { status: 401 });
    // An account whose app was lost keeps its other recovery codes until a new factor is there; the password alone opens nothing.
    const recovery: unknown = await effects.database
      .knex('account_recovery_codes')
      .where({ account: row.id })
      .first('account');
    if (recovery !== undefined)
      throw new YizhengError('RECOVERY_NEEDED', 'Type another of your recovery codes, then set up a second factor.', {
        status: 401,
      });
    return { method: 'password', use: () => Promise.resolve(true) };
  }
  if (totp === undefined)
    throw new YizhengError('TOTP_REQUIRED', 'Type the six digits of your authenticator app.', { status: 401 });
  const step = totpStep(await openTotp(row.totp_sealed, row.id, effects), totp, now);
  if (step === undefined || step <= (row.totp_last_step ?? 0)) return undefined;
  return {
    method: 'password+totp',
    use: async (transaction) =>
      (await transaction<AccountRow>('accounts')
        .where({ id: row.id })
        .where((unused) => {
          void unused.whereNull('totp_last_step').orWhere('totp_last_step', '<', step);
        })
        .update({ totp_last_step: step })) === 1,
  };
}

/** A recovery code takes the lost authenticator's place, which is then to be set up anew. */
function recoveryFactor({ id: account }: AccountRow, code: string): Factor {
  const sha256 = tokenHash(`${account} ${code.replace(/[\s-]/g, '').toUpperCase()}`);
  return {
    method: 'recovery',
    use: async (transaction) => {
      if ((await transaction('account_recovery_codes').where({ account, sha256 }).delete()) === 0) return false;
      await transaction<AccountRow>('accounts')
        .where({ id: account })
        .update({ totp_sealed: null, totp_confirmed_at: null, totp_last_step: null });
      return true;
    },
  };
}

/** Says no, in the same words whatever was wrong. */
export async function refusal(
  { database }: AccountEffects,
  { lockedUntil }: Try,
  row: AccountRow | undefined,
  now: Date,
): Promise<YizhengError> {
  if (lockedUntil === null)
    return new YizhengError('SIGN_IN_FAILED', 'Login, password or code is not right.', { status: 401 });
  if (row) {
    const entry = { tenant: HOST_TENANT, actor: row.id, action: 'account.locked', subject: row.id };
    await database.write((transaction) => appendAudit(transaction, entry, now));
  }
  return locked();
}
