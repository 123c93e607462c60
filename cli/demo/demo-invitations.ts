import { invite } from '../../server/accounts/index.js';
import type { Role } from '../../server/index.js';
import { INSTITUTIONS } from './alliance.js';
import type { OpenAlliance } from './open-alliance.js';

/** An invitation to the console of the demo. */
export interface DemoInvitation {
  name: string;
  roles: readonly Role[];
  /** Address to open; good once. */
  address: string;
}

/** Two people, since nobody approves their own work. */
const PEOPLE: readonly { name: string; roles: readonly Role[] }[] = [
  { name: '示例经办 李娜', roles: ['clerk', 'admin'] },
  { name: '示例审批 王强', roles: ['approver', 'auditor'] },
];

/** Invites a clerk and an approver to the console of the first institution, until somebody has come in. */
export async function demoInvitations({ issuer, addresses }: OpenAlliance): Promise<DemoInvitation[]> {
  const { effects } = issuer.service;
  const tenant = INSTITUTIONS[0]?.code ?? '';
  const somebody: unknown = await effects.database.knex('account_memberships').where({ tenant }).first('account');
  if (somebody !== undefined) return [];
  const made: DemoInvitation[] = [];
  for (const { name, roles } of PEOPLE) {
    const { token } = await invite(effects, { tenant, roles, name }, 'demo');
    made.push({ name, roles, address: `${addresses.issuer}/#invitation=${token}` });
  }
  return made;
}
