/** What a key holder may do. One person may hold several; four-eyes rules compare persons, not roles. */
export const ROLES = ['clerk', 'approver', 'custodian', 'officer', 'auditor', 'admin', 'supervisor'] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** Tenant of a key that is good for the whole host. */
export const HOST_TENANT = '*';

/** Who sends a request, as its API key or session says. */
export interface Principal {
  /** Public id of the key, or of the account of who is signed in (`acct_…`); stands in the audit log as actor. */
  keyId: string;
  /** Institution code, or {@link HOST_TENANT}. */
  tenant: string;
  roles: readonly Role[];
}
