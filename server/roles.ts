import type { Role } from '../shared/accounts/role.js';

export { ROLES, type Role } from '../shared/accounts/role.js';

/** Tenant of a key that is good for the whole host. */
export const HOST_TENANT = '*';

/** Who sends a request, as its API key or session says. */
export interface Principal {
  /** Public id of the key, or of the account of who is signed in (`acct_…`); stands in the audit log as actor. */
  keyId: string;
  /** Institution code, or {@link HOST_TENANT}. */
  tenant: string;
  roles: readonly Role[];
  /** Of an account of the host: which of its roles it has there, and not only at the institution asked for. */
  hostRoles?: readonly Role[];
}

/** Is somebody an administrator of the host itself, not only of one institution? */
export function isHostAdmin(principal: Principal | undefined): boolean {
  if (principal?.tenant !== HOST_TENANT) return false;
  return (principal.hostRoles ?? principal.roles).includes('admin');
}
