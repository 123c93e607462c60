import { YizhengError } from '../../../shared/errors.js';
import { appendAudit } from '../../audit.js';
import { HOST_TENANT } from '../../roles.js';
import { assertMayHelp } from '../account-service.js';
import type { AccountEffects } from '../effects.js';
import { endSessions, type Session } from '../session.js';
import { identitiesOf, identityDigest, linkIdentity, refuseLastWayIn, type IdentityRow } from './identity.js';
import type { IdentityProvider } from './provider.js';
import { beginTransaction, lost, takeTransaction } from './transaction.js';

/** Somebody links within so long after they signed in with everything asked of them, milliseconds. */
export const FRESH_MS = 10 * 60_000;

/**
 * Begins to link an identity to one's own account.
 * @returns id for the cookie and the address to go to
 * @throws YizhengError `SECOND_FACTOR_NEEDED`, `FRESH_SIGN_IN_NEEDED` (403), `IDENTITY_ALREADY` (409), `CHALLENGES_WAITING`, and as
 *   {@link IdentityProvider.address}
 */
export async function beginLink(
  effects: AccountEffects,
  provider: IdentityProvider,
  session: Session,
  language: 'zh-CN' | 'en',
): Promise<{ id: string; address: string }> {
  refuseStale(effects, session);
  const known = await identitiesOf(effects.database.knex, session.account.id);
  if (known.some(({ issuer }) => issuer === provider.issuer))
    throw new YizhengError('IDENTITY_ALREADY', 'This account is linked there already; end that link first.', {
      status: 409,
    });
  const intention = { purpose: 'link', account: session.account.id, session: session.tokenSha256 } as const;
  return beginTransaction(effects, provider, intention, language);
}

/**
 * Links the identity the provider proves, in the very session that asked for it; other sessions end.
 * @param came what the browser came back with, and the id of its cookie
 * @throws YizhengError `OIDC_STATE` (422), `IDENTITY_TAKEN`, `IDENTITY_ALREADY` (409), and as {@link IdentityProvider.redeem}
 */
export async function finishLink(
  effects: AccountEffects,
  provider: IdentityProvider,
  session: Session,
  came: { id: string | undefined; parameters: Readonly<Record<string, string>> },
): Promise<void> {
  const { asked, intention } = await takeTransaction(effects, came.id);
  if (intention.purpose !== 'link' || intention.session !== session.tokenSha256) throw lost();
  const identity = await provider.redeem(came.parameters, asked);
  const digest = await identityDigest(effects, identity);
  const now = effects.clock();
  const account = session.account.id;
  await effects.database.write(async (transaction) => {
    await linkIdentity(transaction, { account, identity, digest, tenant: HOST_TENANT }, now);
    await endSessions(transaction, account, session);
  });
}

/**
 * Ends one's own links; other sessions end.
 * @throws YizhengError `SECOND_FACTOR_NEEDED` (403), `WAY_IN_NEEDED` (409), `NOT_FOUND` (404: there is none)
 */
export async function unlinkOwn(effects: AccountEffects, session: Session): Promise<void> {
  refuseIncomplete(session);
  const account = session.account.id;
  await endLinks(effects, account, { tenant: HOST_TENANT, actor: account, but: session });
}

/**
 * Ends the links of somebody's account, with all their sessions: from the next sign-in on the provider's word is worth nothing here.
 * @throws YizhengError `ACCOUNT_NOT_FOUND`, `NOT_FOUND` (404), `ACCOUNT_ELSEWHERE` (403: the host's administrator can), `WAY_IN_NEEDED` (409: of one's
 *   own)
 */
export async function endLinksOf(
  effects: AccountEffects,
  account: string,
  tenant: string,
  actor: { id: string; isOfHost: boolean },
): Promise<void> {
  await assertMayHelp(effects.database.knex, account, tenant, actor);
  await endLinks(effects, account, { tenant, actor: actor.id });
}

async function endLinks(
  effects: AccountEffects,
  account: string,
  { tenant, actor, but }: { tenant: string; actor: string; but?: Session },
): Promise<void> {
  const { database, clock } = effects;
  const rows = await database.knex<IdentityRow>('account_identities').where({ account });
  const digests = await Promise.all(rows.map((row) => identityDigest(effects, row)));
  const now = clock();
  await database.write(async (transaction) => {
    if (actor === account) await refuseLastWayIn(transaction, account);
    const ended = await transaction<IdentityRow>('account_identities').where({ account }).delete();
    if (ended === 0) throw new YizhengError('NOT_FOUND', 'This account is linked to no provider.', { status: 404 });
    await endSessions(transaction, account, but);
    const entry = { tenant, actor, action: 'account.identity-unlink', subject: account };
    await appendAudit(transaction, { ...entry, detail: { identities: digests } }, now);
  });
}

function refuseStale({ clock }: AccountEffects, session: Session): void {
  refuseIncomplete(session);
  if (clock().getTime() - Date.parse(session.createdAt) > FRESH_MS)
    throw new YizhengError(
      'FRESH_SIGN_IN_NEEDED',
      'Sign out and in again, then link within ten minutes: whoever finds this page open may not.',
      { status: 403 },
    );
}

function refuseIncomplete({ isComplete }: Session): void {
  if (!isComplete)
    throw new YizhengError('SECOND_FACTOR_NEEDED', 'Set up a passkey or an authenticator app first.', { status: 403 });
}
