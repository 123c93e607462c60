import { invite, type AccountEffects } from '../../server/accounts/index.js';
import type { Role } from '../../server/index.js';
import { AUTHORITIES, INSTITUTIONS } from './alliance.js';
import type { OpenAlliance } from './open-alliance.js';

/** An invitation to a console of the demo. */
export interface DemoInvitation {
  /** Whose console: that of the institution with a desk, or the first authority's. */
  console: 'issuer' | 'registry';
  name: string;
  roles: readonly Role[];
  /** Address to open; good once. */
  address: string;
}

/** Two people at each desk, since nobody approves their own work. */
const PEOPLE: readonly Omit<DemoInvitation, 'address'>[] = [
  { console: 'issuer', name: '示例经办 李娜', roles: ['clerk', 'admin'] },
  { console: 'issuer', name: '示例审批 王强', roles: ['approver', 'auditor'] },
  { console: 'registry', name: '示例备案经办 赵敏', roles: ['officer', 'admin'] },
  { console: 'registry', name: '示例备案审批 周涛', roles: ['approver', 'auditor'] },
];

/** Invites two people to the console of the institution with a desk and of the first authority each, until somebody has come in there. */
export async function demoInvitations({ issuer, registry, addresses }: OpenAlliance): Promise<DemoInvitation[]> {
  const desks: Record<DemoInvitation['console'], { effects: AccountEffects; tenant: string }> = {
    issuer: { effects: issuer.service.effects, tenant: INSTITUTIONS.find(({ isDesk }) => isDesk)?.code ?? '' },
    registry: { effects: registry.accounts, tenant: AUTHORITIES[0]?.slug ?? '' },
  };
  const made: DemoInvitation[] = [];
  for (const [console, { effects, tenant }] of Object.entries(desks)) {
    const somebody: unknown = await effects.database.knex('account_memberships').where({ tenant }).first('account');
    if (somebody !== undefined) continue;
    for (const person of PEOPLE.filter((one) => one.console === console)) {
      const { name, roles } = person;
      const { token } = await invite(effects, { tenant, roles, name }, 'demo');
      made.push({ ...person, address: `${addresses[person.console]}/#invitation=${token}` });
    }
  }
  return made;
}
