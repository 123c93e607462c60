import { YizhengError } from '../shared/errors.js';
import { createApiKey, revokeApiKey, type NewApiKey } from './api-keys.js';
import { appendAudit } from './audit.js';
import { recordMaker } from './credential-makers.js';
import type { Database } from './database.js';
import type { Role } from './roles.js';

/** What making and revoking keys works with. */
export interface ApiKeyEffects {
  database: Database;
  clock: () => Date;
  randomBytes: (length: number) => Uint8Array;
}

/**
 * Makes an API key and writes it into the audit log, in one transaction; the secret is shown once.
 * @param key `tenant`: whom it is for, or `*` for the host; `label` for people; `expiresAt` RFC 3339
 * @param actor key id of who does it
 */
export async function createAuditedApiKey(
  { database, clock, randomBytes }: ApiKeyEffects,
  key: { tenant: string; roles: readonly Role[]; label: string; expiresAt: string },
  actor: string,
): Promise<NewApiKey> {
  const now = clock();
  return database.write(async (transaction) => {
    const made = await createApiKey(transaction, key, { randomBytes, now });
    const { tenant, roles, expiresAt } = key;
    const detail = { roles: [...roles], expiresAt };
    await recordMaker(transaction, { credential: made.id, maker: actor, at: now.toISOString() });
    await appendAudit(transaction, { tenant, actor, action: 'api-key.create', subject: made.id, detail }, now);
    return made;
  });
}

/**
 * Revokes an API key and writes it into the audit log, in one transaction.
 * @param actor key id of who does it
 * @throws YizhengError `NOT_FOUND` (404)
 */
export async function revokeAuditedApiKey(
  { database, clock }: ApiKeyEffects,
  key: { tenant: string; id: string },
  actor: string,
): Promise<void> {
  const now = clock();
  await database.write(async (transaction) => {
    if (!(await revokeApiKey(transaction, { ...key, now })))
      throw new YizhengError('NOT_FOUND', 'There is no such active key.', { status: 404 });
    await appendAudit(transaction, { tenant: key.tenant, actor, action: 'api-key.revoke', subject: key.id }, now);
  });
}
