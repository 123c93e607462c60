import type { Role } from '../api/schemas.js';
import { serviceState } from '../api/service.js';
import { hostRoles, rolesNow, type SessionState } from '../api/session-state.js';
import { VIEWS, type View } from './routes.js';

/** Who has use for each view of a service that has it; the service decides anew at every request. */
type Access = Partial<Record<View, readonly Role[] | 'everybody'>>;

const ACCESS: Access = {
  work: 'everybody',
  issue: ['clerk', 'approver'],
  sessions: ['clerk', 'approver', 'officer', 'auditor'],
  exemptions: ['clerk', 'approver', 'officer', 'auditor'],
  batches: ['clerk', 'approver', 'officer', 'auditor'],
  certificates: ['clerk', 'approver', 'officer', 'auditor'],
  printing: ['clerk', 'approver', 'admin', 'officer', 'auditor'],
  supervision: ['supervisor', 'officer', 'auditor'],
  keys: ['custodian', 'auditor'],
  people: ['admin', 'auditor'],
  audit: ['auditor', 'admin'],
  account: 'everybody',
};

/** Who works at an authority, and may read all it says; a clerk there is of an institution that applies. */
export const AUTHORITY: readonly Role[] = ['officer', 'approver', 'custodian', 'auditor', 'admin'];

const REGISTRY_ACCESS: Access = {
  work: 'everybody',
  institutions: AUTHORITY,
  recognitions: AUTHORITY,
  requests: [...AUTHORITY, 'clerk'],
  map: AUTHORITY,
  publication: AUTHORITY,
  people: ['admin', 'auditor'],
  audit: ['auditor', 'admin'],
  account: 'everybody',
};

/** What administrators of the whole host have use for besides. */
const HOST_ADMIN: readonly View[] = ['supervision'];

/** The views somebody has use for at the tenant whose work is shown, in the order of the navigation. */
export function viewsFor(session: SessionState): View[] {
  const isRegistry = serviceState.get() === 'registry';
  const access = isRegistry ? REGISTRY_ACCESS : ACCESS;
  const roles = rolesNow(session);
  const isHostAdmin = !isRegistry && hostRoles(session).includes('admin');
  return VIEWS.filter((view) => {
    if (isHostAdmin && HOST_ADMIN.includes(view)) return true;
    const allowed = access[view] ?? [];
    return allowed === 'everybody' || allowed.some((role) => roles.includes(role));
  });
}
