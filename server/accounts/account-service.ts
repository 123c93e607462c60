import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../audit.js';
import { HOST_TENANT, type Role } from '../roles.js';
import { accountOf, type Account, type AccountRow, type Membership } from './account.js';
import type { AccountEffects } from './effects.js';
import { invite, voidInvitationsOf, type NewInvitation } from './invitation.js';
import { forgetTries, takeTry } from './lock-out.js';
import { membershipsOf, readRoles, setMembership } from './membership.js';
import { assertStrongPassword, hashPassword, isPassword } from './password.js';
import { endSessions, type Session } from './session.js';

/** An account as the administrator of a tenant sees it. */
export interface TenantAccount extends Account {
  roles: readonly Role[];
  /** Without one, here or at the identity provider, the account can do nothing yet. */
  hasSecondFactor: boolean;
  /** Since when it is linked to the identity provider, RFC 3339; absent when it is not. */
  linkedAt?: string;
}

interface TenantAccountRow extends AccountRow {
  roles: string;
  passkeys: number | string;
  linked_at: string | null;
  factor_seen_at: string | null;
}

/** The accounts of a tenant, by name. */
export async function accountsOf(knex: Knex, tenant: string): Promise<TenantAccount[]> {
  const linksOf = () => knex('account_identities').where('account', knex.ref('accounts.id'));
  const rows = await knex<TenantAccountRow>('accounts')
    .join('account_memberships', 'account_memberships.account', 'accounts.id')
    .where('account_memberships.tenant', tenant)
    .orderBy(['accounts.name', 'accounts.id'])
    .select('accounts.*', 'account_memberships.roles')
    .select<TenantAccountRow[]>(
      knex('account_passkeys').count('*').where('account', knex.ref('accounts.id')).as('passkeys'),
      linksOf().min('created_at').as('linked_at'),
      linksOf().max('factor_seen_at').as('factor_seen_at'),
    );
  return rows.map((row) => ({
    ...accountOf(row),
    roles: readRoles(row.roles),
    hasSecondFactor: row.totp_confirmed_at !== null || Number(row.passkeys) > 0 || row.factor_seen_at !== null,
    ...(row.linked_at === null ? {} : { linkedAt: row.linked_at }),
  }));
}

/**
 * Sets the roles of an account at a tenant it belongs to; none takes it out of the tenant. It holds from the next request on.
 * @throws YizhengError `ACCOUNT_NOT_FOUND` (404), `OWN_ROLES` (409: nobody changes their own)
 */
export async function changeRoles(
  { database, clock }: AccountEffects,
  account: string,
  { tenant, roles }: Membership,
  actor: string,
): Promise<void> {
  if (account === actor)
    throw new YizhengError('OWN_ROLES', 'Nobody changes their own roles; ask another administrator.', { status: 409 });
  const now = clock();
  await database.write(async (transaction) => {
    await memberOf(transaction, account, tenant);
    await setMembership(transaction, account, { tenant, roles });
    if (!roles.includes('admin')) await voidInvitationsOf(transaction, account, now);
    const entry = { tenant, actor, action: 'account.roles', subject: account, detail: { roles: [...roles] } };
    await appendAudit(transaction, entry, now);
  });
}

/**
 * Gives somebody who lost password or device a new beginning: an invitation that replaces both. Who belongs to other tenants as well is
 * helped by the host only, or one tenant's administrator could enter another's.
 * @throws YizhengError `ACCOUNT_NOT_FOUND` (404), `ACCOUNT_ELSEWHERE` (403)
 */
export async function resetAccess(
  effects: AccountEffects,
  account: string,
  tenant: string,
  actor: { id: string; isOfHost: boolean },
): Promise<NewInvitation> {
  const { knex } = effects.database;
  const { row, memberships } = await assertMayHelp(knex, account, tenant, actor);
  const own = memberships.find((one) => one.tenant === tenant);
  return invite(effects, { tenant, roles: own?.roles ?? [], name: row.name, account }, actor.id);
}

/**
 * Who may change how somebody signs in: an administrator of the only tenant they belong to, or of the host.
 * @throws YizhengError `ACCOUNT_NOT_FOUND` (404), `ACCOUNT_ELSEWHERE` (403)
 */
export async function assertMayHelp(
  knex: Knex,
  account: string,
  tenant: string,
  { isOfHost }: { isOfHost: boolean },
): Promise<{ row: AccountRow; memberships: Membership[] }> {
  const row = await memberOf(knex, account, tenant);
  const memberships = await membershipsOf(knex, account);
  if (!isOfHost && memberships.some((one) => one.tenant !== tenant))
    throw new YizhengError(
      'ACCOUNT_ELSEWHERE',
      'This person works for others too; the administrator of the host can help.',
      { status: 403 },
    );
  return { row, memberships };
}

/** Ends an account for good: its sessions end at once, its history stays. @throws YizhengError `ACCOUNT_NOT_FOUND` (404), `OWN_ROLES` (409) */
export async function disableAccount(
  { database, clock }: AccountEffects,
  account: string,
  actor: string,
): Promise<void> {
  if (account === actor)
    throw new YizhengError('OWN_ROLES', 'Nobody disables their own account; ask another administrator.', {
      status: 409,
    });
  const now = clock();
  await database.write(async (transaction) => {
    const changed = await transaction<AccountRow>('accounts')
      .where({ id: account, disabled_at: null })
      .update({ disabled_at: now.toISOString() });
    if (changed === 0) throw notFound();
    await endSessions(transaction, account);
    await voidInvitationsOf(transaction, account, now);
    await appendAudit(transaction, { tenant: HOST_TENANT, actor, action: 'account.disable', subject: account }, now);
  });
}

/**
 * Changes one's own password and ends every other session.
 * @throws YizhengError `SIGN_IN_FAILED` (401: the old one is wrong), `SIGN_IN_LOCKED` (429), `PASSWORD_WEAK` (422)
 */
export async function changePassword(
  { database, clock }: AccountEffects,
  session: Session,
  { current, next }: { current: string; next: string },
): Promise<void> {
  const { id, login, name } = session.account;
  const now = clock();
  const tried = await takeTry(database, `password ${id}`, now);
  const row = await database.knex<AccountRow>('accounts').where({ id }).first();
  if (!(await isPassword(current, row?.password)))
    throw new YizhengError('SIGN_IN_FAILED', 'The present password is not right.', { status: 401, at: '/current' });
  await database.write((transaction) => forgetTries(transaction, tried));
  assertStrongPassword(next, [login, name]);
  const password = await hashPassword(next);
  await database.write(async (transaction) => {
    await transaction<AccountRow>('accounts').where({ id }).update({ password });
    await endSessions(transaction, id, session);
    const entry = { tenant: HOST_TENANT, actor: id, action: 'account.password', subject: id };
    await appendAudit(transaction, entry, now);
  });
}

async function memberOf(knex: Knex, account: string, tenant: string): Promise<AccountRow> {
  const row = await knex<AccountRow>('accounts').where({ id: account }).first();
  const memberships = await membershipsOf(knex, account);
  if (!row || !memberships.some((one) => one.tenant === tenant)) throw notFound();
  return row;
}

function notFound(): YizhengError {
  return new YizhengError('ACCOUNT_NOT_FOUND', 'There is no such account here.', { status: 404 });
}
