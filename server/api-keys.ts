import { createHash, timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import { ROLES, type Principal, type Role } from './roles.js';

/** A key as shown to its owner, once. */
export interface NewApiKey {
  /** Public id, also the prefix of the secret. */
  id: string;
  /** `yz_<id>_<256 random bits, base64url>`; only its SHA-256 is stored. */
  secret: string;
}

interface Row {
  id: string;
  secret_sha256: string;
  tenant: string;
  roles: string;
  expires_at: string;
  revoked_at: string | null;
}

const FORM = /^Bearer yz_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/**
 * Creates an API key.
 * @param transaction transaction that also writes the audit entry
 * @param key `tenant`: institution code or `*`; `roles`; `label` for people; `expiresAt` RFC 3339
 * @param effects randomness and clock
 */
export async function createApiKey(
  transaction: Knex,
  key: { tenant: string; roles: readonly Role[]; label: string; expiresAt: string },
  effects: { randomBytes: (length: number) => Uint8Array; now: Date },
): Promise<NewApiKey> {
  const id = Buffer.from(effects.randomBytes(8)).toString('hex');
  const secret = `yz_${id}_${Buffer.from(effects.randomBytes(32)).toString('base64url')}`;
  await transaction('api_keys').insert({
    id,
    secret_sha256: sha256(secret).toString('hex'),
    tenant: key.tenant,
    roles: key.roles.join(' '),
    label: key.label,
    created_at: effects.now.toISOString(),
    expires_at: new Date(key.expiresAt).toISOString(),
  });
  return { id, secret };
}

/** Revokes a key from now on. @returns false when no such key of the tenant was active */
export async function revokeApiKey(knex: Knex, key: { id: string; tenant: string; now: Date }): Promise<boolean> {
  const changed = await knex('api_keys')
    .where({ id: key.id, tenant: key.tenant })
    .whereNull('revoked_at')
    .update({ revoked_at: key.now.toISOString() });
  return changed === 1;
}

/**
 * Reads who a request comes from.
 * @param knex database
 * @param authorization the `Authorization` header
 * @param now the clock
 * @throws YizhengError `API_KEY_MISSING` (401), `API_KEY_INVALID` (401; the same for unknown, wrong, expired and revoked)
 */
export async function authenticateApiKey(knex: Knex, authorization: string | undefined, now: Date): Promise<Principal> {
  if (authorization === undefined)
    throw new YizhengError('API_KEY_MISSING', 'Send an API key: Authorization: Bearer yz_…', { status: 401 });
  const id = FORM.exec(authorization)?.[1] ?? '';
  const row = (await knex('api_keys').where({ id }).first()) as Row | undefined;
  const offered = sha256(authorization.slice('Bearer '.length));
  const expected = row ? Buffer.from(row.secret_sha256, 'hex') : Buffer.alloc(32);
  const same = timingSafeEqual(offered, expected);
  if (!row || !same || row.revoked_at !== null || row.expires_at <= now.toISOString())
    throw new YizhengError('API_KEY_INVALID', 'The API key is unknown, expired or revoked.', { status: 401 });
  const roles = row.roles.split(' ').filter((role): role is Role => (ROLES as readonly string[]).includes(role));
  return { keyId: row.id, tenant: row.tenant, roles };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
