import { YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../audit.js';
import { HOST_TENANT } from '../roles.js';
import type { AccountRow } from './account.js';
import type { AccountEffects } from './effects.js';
import { forgetTries, takeTry } from './lock-out.js';
import { passkeysOf } from './passkey.js';
import { tokenHash } from './secret-token.js';
import { completeSession, endSessions, type Session } from './session.js';
import { newTotp, openTotp, sealTotp, totpStep, type NewTotp } from './totp.js';

const RECOVERY_CODES = 10;
/** Without the letters and digits that are taken for one another (Crockford). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 16;

/**
 * Begins to set up an authenticator app. Nothing changes until {@link confirmTotp} shows that it works.
 * @throws YizhengError `TOTP_ALREADY` (409): take the old one away first, with a complete session
 */
export async function beginTotp(effects: AccountEffects, session: Session): Promise<NewTotp> {
  const { id, login } = session.account;
  const made = newTotp(login, effects);
  const totp_sealed = await sealTotp(made.secret, id, effects);
  const changed = await effects.database.write((transaction) =>
    transaction<AccountRow>('accounts').where({ id, totp_confirmed_at: null }).update({ totp_sealed }),
  );
  if (changed === 0)
    throw new YizhengError('TOTP_ALREADY', 'An authenticator app is set up already; remove it first.', { status: 409 });
  return made;
}

/**
 * Finishes it with a code of the app. Ends every other session.
 * @returns ten recovery codes, shown once
 * @throws YizhengError `TOTP_WRONG` (422), `SIGN_IN_LOCKED` (429), `TOTP_ALREADY` (409)
 */
export async function confirmTotp(effects: AccountEffects, session: Session, code: string): Promise<string[]> {
  const { database, clock } = effects;
  const now = clock();
  const { id } = session.account;
  const tried = await takeTry(database, `totp ${id}`, now);
  const row = await database.knex<AccountRow>('accounts').where({ id }).first();
  const sealed = row?.totp_sealed ?? null;
  const step = sealed === null ? undefined : totpStep(await openTotp(sealed, id, effects), code, now);
  if (step === undefined)
    throw new YizhengError(
      'TOTP_WRONG',
      'The code is not right; check the clock of the phone and type the newest code.',
      {
        status: 422,
        at: '/code',
      },
    );
  const codes = newRecoveryCodes(effects);
  await database.write(async (transaction) => {
    const changed = await transaction<AccountRow>('accounts')
      .where({ id, totp_confirmed_at: null, totp_sealed: sealed })
      .update({ totp_confirmed_at: now.toISOString(), totp_last_step: step });
    if (changed === 0)
      throw new YizhengError('TOTP_ALREADY', 'An authenticator app is set up already; remove it first.', {
        status: 409,
      });
    await forgetTries(transaction, tried);
    await transaction('account_recovery_codes').where({ account: id }).delete();
    await transaction('account_recovery_codes').insert(
      codes.map((one) => ({ account: id, sha256: tokenHash(`${id} ${one.replaceAll('-', '')}`) })),
    );
    await completeSession(transaction, session, session.method === 'oidc-alone' ? 'oidc+totp' : 'password+totp');
    await endSessions(transaction, id, session);
    const entry = { tenant: HOST_TENANT, actor: id, action: 'account.totp', subject: id };
    await appendAudit(transaction, entry, now);
  });
  return codes;
}

/**
 * Takes the authenticator app away, where a passkey stays.
 * @throws YizhengError `FACTOR_NEEDED` (409)
 */
export async function removeTotp(effects: AccountEffects, session: Session): Promise<void> {
  const { id } = session.account;
  const now = effects.clock();
  await effects.database.write(async (transaction) => {
    if ((await passkeysOf(transaction, id)).length === 0)
      throw new YizhengError('FACTOR_NEEDED', 'Set up a passkey first: every account needs a second factor.', {
        status: 409,
      });
    await transaction<AccountRow>('accounts')
      .where({ id })
      .update({ totp_sealed: null, totp_confirmed_at: null, totp_last_step: null });
    await transaction('account_recovery_codes').where({ account: id }).delete();
    await appendAudit(transaction, { tenant: HOST_TENANT, actor: id, action: 'account.totp-remove', subject: id }, now);
  });
}

/** 80 random bits each, in groups of four. */
function newRecoveryCodes({ randomBytes }: Pick<AccountEffects, 'randomBytes'>): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = [...randomBytes(CODE_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? '');
    return (letters.join('').match(/.{4}/g) ?? []).join('-');
  });
}
