/** What a person or an API key may do. One may hold several; four-eyes rules compare persons, not roles. */
export const ROLES = ['clerk', 'approver', 'custodian', 'officer', 'auditor', 'admin', 'supervisor'] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];
