import type { Knex } from 'knex';
import { errorCode, YizhengError } from '../../../shared/errors.js';
import { appendAudit } from '../../audit.js';
import { HOST_TENANT } from '../../roles.js';
import type { AccountRow } from '../account.js';
import { keepChallenge, readChallenge, takeChallenge } from '../challenge.js';
import type { AccountEffects } from '../effects.js';
import { acceptByIdentity } from '../invitation.js';
import { forgetTries, giveBack, takeTry, type Try } from '../lock-out.js';
import { beginSession, type SignInMethod } from '../session.js';
import { givingBack, refusal, secondFactor, type Factor, type TypedFactor } from '../sign-in.js';
import { findIdentity, identityDigest, markUsed } from './identity.js';
import type { IdentityProvider, ProvenIdentity } from './provider.js';
import { lost, takeTransaction } from './transaction.js';

const FACTOR_PURPOSE = 'oidc-factor';

/** What is still to be typed here, because the provider did not say that a second factor was used. */
export type NeededFactor = 'totp' | 'recovery';

/** How a sign-in goes on: a session, or first a second factor of this service under the id of a new cookie. */
export type SignInStep = { token: string } | { needed: NeededFactor; id: string };

/** How a factor typed here is called after the provider's word instead of a password. */
const METHODS: Partial<Record<SignInMethod, SignInMethod>> = { password: 'oidc-alone', 'password+totp': 'oidc+totp' };

/**
 * Finishes a sign-in at the provider, or the acceptance of an invitation.
 * @param came what the browser came back with, and the id of its cookie
 * @throws YizhengError `OIDC_STATE` (422), `IDENTITY_NOT_LINKED`, `ACCOUNT_DISABLED`, `PROVIDER_FACTOR_NEEDED` (403), `SIGN_IN_LOCKED` (429),
 *   `PASSKEY_REQUIRED` (401), those of an invitation, and as {@link IdentityProvider.redeem}
 */
export async function finishSignIn(
  effects: AccountEffects,
  provider: IdentityProvider,
  came: { id: string | undefined; parameters: Readonly<Record<string, string>> },
): Promise<SignInStep> {
  const { asked, intention } = await takeTransaction(effects, came.id);
  if (intention.purpose === 'link') throw lost();
  const identity = await provider.redeem(came.parameters, asked);
  if (intention.purpose === 'sign-in') return signIn(effects, identity);
  const digest = await identityDigest(effects, identity);
  return { token: await acceptByIdentity(effects, intention, { identity, digest }) };
}

/**
 * Finishes it with a second factor of this service.
 * @param id of the cookie
 * @throws YizhengError `OIDC_STATE` (422), `SIGN_IN_FAILED` (401), `SIGN_IN_LOCKED` (429)
 */
export async function finishWithFactor(
  effects: AccountEffects,
  id: string | undefined,
  typed: TypedFactor,
): Promise<string> {
  const { database, clock } = effects;
  const now = clock();
  const kept = id === undefined ? undefined : await readChallenge(database.knex, { id, purpose: FACTOR_PURPOSE }, now);
  const row =
    kept &&
    (await database
      .knex<AccountRow>('accounts')
      .where({ id: kept.account ?? '' })
      .first());
  if (id === undefined || !kept || row?.disabled_at !== null) throw lost();
  const identity = JSON.parse(kept.value) as ProvenIdentity;
  const tried = await takeTry(database, `login ${row.login}`, now);
  const factor = await givingBack(database, tried, () => secondFactor(row, typed, effects, now));
  if (!factor) throw await refusal(effects, tried, row, now);
  const token = await enter(effects, row, { identity, factor, tried }, async (transaction) => {
    await takeChallenge(transaction, { id, purpose: FACTOR_PURPOSE, account: row.id }, now);
  });
  if (token === undefined) throw await refusal(effects, tried, row, now);
  return token;
}

async function signIn(effects: AccountEffects, identity: ProvenIdentity): Promise<SignInStep> {
  const { database, clock } = effects;
  const now = clock();
  const link = await findIdentity(database.knex, identity);
  const row = link && (await database.knex<AccountRow>('accounts').where({ id: link.account }).first());
  if (!link || !row)
    throw new YizhengError(
      'IDENTITY_NOT_LINKED',
      'No account here is linked to this identity: sign in another way and link it under “My account”, or ask for an invitation.',
      { status: 403 },
    );
  if (row.disabled_at !== null)
    throw new YizhengError('ACCOUNT_DISABLED', 'This account was ended; ask your administrator.', { status: 403 });
  const tried = await takeTry(database, `login ${row.login}`, now);
  const found = await givingBack(database, tried, () => ownFactor(effects, row, identity, now));
  if (typeof found === 'string') {
    // Not forgotten: whoever guesses codes would only have to go to the provider again to begin anew.
    await giveBack(database, tried);
    const kept = { purpose: FACTOR_PURPOSE, account: row.id, value: JSON.stringify(identity) };
    return { needed: found, id: await keepChallenge(effects, kept) };
  }
  if (found.method === 'password' && link.factor_seen_at !== null) {
    await giveBack(database, tried);
    throw new YizhengError(
      'PROVIDER_FACTOR_NEEDED',
      'The identity provider did not say that a second factor was used, as it did before; sign in there with one.',
      { status: 403 },
    );
  }
  const token = await enter(effects, row, { identity, factor: found, tried });
  if (token === undefined) throw await refusal(effects, tried, row, now);
  return { token };
}

/** The factor that completes what the provider said, or which one is to be typed. */
async function ownFactor(
  effects: AccountEffects,
  row: AccountRow,
  { hasSecondFactor }: ProvenIdentity,
  now: Date,
): Promise<Factor | NeededFactor> {
  if (hasSecondFactor) return { method: 'oidc', use: () => Promise.resolve(true) };
  try {
    const factor = await secondFactor(row, {}, effects, now);
    if (!factor) throw new TypeError('nothing was typed, so nothing can be wrong');
    return factor;
  } catch (error) {
    const code = errorCode(error, '');
    if (code === 'TOTP_REQUIRED') return 'totp';
    if (code === 'RECOVERY_NEEDED') return 'recovery';
    throw error;
  }
}

/** Begins the session; undefined when the factor was spent meanwhile. */
function enter(
  effects: AccountEffects,
  { id }: AccountRow,
  { identity, factor, tried }: { identity: ProvenIdentity; factor: Factor; tried: Try },
  before: (transaction: Knex.Transaction) => Promise<void> = () => Promise.resolve(),
): Promise<string | undefined> {
  const now = effects.clock();
  const method = METHODS[factor.method] ?? factor.method;
  return effects.database.write(async (transaction) => {
    await before(transaction);
    if ((await findIdentity(transaction, identity))?.account !== id) throw lost();
    if (!(await factor.use(transaction))) return undefined;
    await forgetTries(transaction, tried);
    await markUsed(transaction, identity, now);
    const entry = { tenant: HOST_TENANT, actor: id, action: 'account.sign-in', subject: id, detail: { method } };
    await appendAudit(transaction, entry, now);
    return beginSession(transaction, id, method, { ...effects, now });
  });
}
