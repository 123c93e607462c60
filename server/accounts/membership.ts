import type { Knex } from 'knex';
import { HOST_TENANT, ROLES, type Role } from '../roles.js';
import type { Membership } from './account.js';

interface MembershipRow {
  account: string;
  tenant: string;
  roles: string;
}

/** What an account may do, at every tenant. Read anew for each request: a role that was taken away is gone at once. */
export async function membershipsOf(knex: Knex, account: string): Promise<Membership[]> {
  const rows = await knex<MembershipRow>('account_memberships').where({ account }).orderBy('tenant');
  return rows.map(({ tenant, roles }) => ({ tenant, roles: readRoles(roles) }));
}

/** Roles of an account at one tenant, with those it has on the whole host. */
export function rolesAt(memberships: readonly Membership[], tenant: string): Role[] {
  const own = memberships.filter((one) => one.tenant === tenant || one.tenant === HOST_TENANT);
  return ROLES.filter((role) => own.some(({ roles }) => roles.includes(role)));
}

/** Sets what an account may do at a tenant; without roles it is no longer of it. */
export async function setMembership(
  transaction: Knex.Transaction,
  account: string,
  { tenant, roles }: Membership,
): Promise<void> {
  const table = transaction<MembershipRow>('account_memberships');
  if (roles.length === 0) await table.where({ account, tenant }).delete();
  else
    await table
      .insert({ account, tenant, roles: roles.join(' ') })
      .onConflict(['account', 'tenant'])
      .merge();
}

/** Roles of a stored list. */
export function readRoles(stored: string): Role[] {
  const named = stored.split(' ');
  return ROLES.filter((role) => named.includes(role));
}
