import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { issuerMigrations } from '../../issuer/index.js';
import { registryMigrations } from '../../registry/index.js';
import { appendAudit, createApiKey, HOST_TENANT, openDatabase } from '../../server/index.js';
import { errorCode } from '../../shared/errors.js';
import { verifierMigrations } from '../../verifier/openid4vp/index.js';
import type { CliContext } from '../context.js';
import { createFile } from '../create-file.js';
import { databaseUrlOf, type Settings } from './settings.js';

const DAY_MS = 86_400_000;

/**
 * Makes an administrator's key for the whole host, directly in the database: whoever may read the database's address could do so anyhow.
 * It stands in the audit log as made by `operator`; every other key is made with it over HTTP.
 * @returns id of the key and the end of its life; the secret is in the file only
 * @throws YizhengError `FILE_EXISTS`, `FILE_UNWRITABLE`, `DATABASE_*`, `STORAGE_*`, `CLOCK_WENT_BACK`; then there is no key
 */
export async function makeAdminKey(
  service: 'issuer' | 'registry' | 'verifier',
  settings: Settings<'admin-key'>,
  context: Pick<CliContext, 'now'>,
): Promise<{ id: string; expiresAt: string; file: string }> {
  const database = await openDatabase({
    url: await databaseUrlOf(settings),
    migrations: { issuer: issuerMigrations, registry: registryMigrations, verifier: verifierMigrations }[service],
  });
  const { out: file, label, days } = settings;
  const now = context.now();
  const expiresAt = new Date(now.getTime() + days * DAY_MS).toISOString();
  const key = { tenant: HOST_TENANT, roles: ['admin'] as const, label, expiresAt };
  try {
    return await database.write(async (transaction) => {
      const made = await createApiKey(transaction, key, { randomBytes, now });
      const detail = { roles: [...key.roles], expiresAt };
      await appendAudit(
        transaction,
        { tenant: HOST_TENANT, actor: 'operator', action: 'api-key.create', subject: made.id, detail },
        now,
      );
      await createFile(file, made.secret);
      return { id: made.id, expiresAt, file };
    });
  } catch (error) {
    // A file that was there before is not ours to take away.
    if (errorCode(error) !== 'FILE_EXISTS') await rm(file, { force: true });
    throw error;
  } finally {
    await database.close();
  }
}
