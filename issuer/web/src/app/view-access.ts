import type { Role } from '../api/schemas.js';
import { VIEWS, type View } from './routes.js';

/** Who has use for a view; the service decides anew at every request. */
const ACCESS: Record<View, readonly Role[] | 'everybody'> = {
  work: 'everybody',
  issue: ['clerk', 'approver'],
  batches: ['clerk', 'approver', 'officer', 'auditor'],
  certificates: ['clerk', 'approver', 'officer', 'auditor'],
  people: ['admin', 'auditor'],
  audit: ['auditor', 'admin'],
  account: 'everybody',
};

/** The views somebody with these roles has use for, in the order of the navigation. */
export function viewsFor(roles: readonly Role[]): View[] {
  return VIEWS.filter((view) => {
    const allowed = ACCESS[view];
    return allowed === 'everybody' || allowed.some((role) => roles.includes(role));
  });
}
