import type { Role } from '../roles.js';

/** Somebody who signs in by themselves, not a program with an API key. */
export interface Account {
  /** `acct_` and 16 hexadecimal digits; stands in the audit log as actor. */
  id: string;
  /** What they type to sign in, lower case; unique on the host. */
  login: string;
  /** What colleagues know them by. */
  name: string;
  /** RFC 3339. */
  createdAt: string;
  disabledAt?: string;
}

/** What an account may do at one tenant. */
export interface Membership {
  /** Institution code or authority slug, or `*` for the whole host. */
  tenant: string;
  roles: readonly Role[];
}

/** Row of `accounts`. */
export interface AccountRow {
  id: string;
  login: string;
  name: string;
  created_at: string;
  disabled_at: string | null;
  /** Argon2id, PHC string; null for those who have passkeys or an identity provider only. */
  password: string | null;
  totp_sealed: string | null;
  totp_confirmed_at: string | null;
  totp_last_step: number | null;
}

/** The account of a row. */
export function accountOf(row: AccountRow): Account {
  return {
    id: row.id,
    login: row.login,
    name: row.name,
    createdAt: row.created_at,
    ...(row.disabled_at === null ? {} : { disabledAt: row.disabled_at }),
  };
}
