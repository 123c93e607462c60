import { z } from 'zod';
import { YizhengError } from '../../../../../shared/errors.js';
import { BUNDLE_LIMITS, parseJsonObject } from '../../../../../shared/json/parse-json.js';
import { parseHeld } from '../certificates/held-certificate.js';
import { nowText, type Platform } from '../platform.js';
import type { Secret } from '../vault/locks.js';
import type { Vault, VaultChange } from '../vault/vault.js';
import { readBackup, writeBackup } from './backup-file.js';

/** What is taken along: keys, certificates, and what was shared. Certificates still waited for are not: their tokens are of this device. */
const KINDS = ['key/', 'certificate/', 'log/'] as const;
const contentSchema = z.strictObject({
  records: z.array(z.tuple([z.string().max(500), z.record(z.string(), z.unknown())])).max(5_000),
});

/**
 * Everything worth keeping, in a file that only the recovery code opens. Nothing of it goes to any server.
 * @throws YizhengError `RECOVERY_CODE_…`, and the codes of the vault
 */
export async function makeBackup(vault: Vault, code: string, platform: Platform): Promise<Uint8Array> {
  const rows = (await Promise.all(KINDS.map((kind) => vault.list(kind)))).flat();
  const plain = JSON.stringify({ records: rows.map(({ key, value }) => [key, value]) });
  return writeBackup(plain, code, nowText(platform), platform.crypto);
}

/** What came back. */
export interface Restored {
  certificates: number;
  keys: number;
}

/**
 * Puts a backup back: into a new vault locked by `secret`, or into the open one, where it adds and replaces. The file is opened and read
 * whole before anything is written, and everything is written at once: either all of it is there, or nothing changed.
 * @throws YizhengError the codes of `readBackup`, `VAULT_LOCKED` when there is a vault that is not open, and the codes of the vault
 */
export async function restoreBackup(
  file: Uint8Array,
  code: string,
  vault: Vault,
  platform: Platform,
  secret?: Secret,
): Promise<Restored> {
  const changes = contentOf(await readBackup(file, code, platform.crypto));
  const isNew = vault.phase === 'new' && secret !== undefined;
  if (isNew) await vault.create(secret);
  else if (vault.phase !== 'open')
    throw new YizhengError('VAULT_LOCKED', 'Unlock the wallet first, or clear it before restoring.');
  try {
    await vault.write(changes);
  } catch (error) {
    if (isNew) await vault.destroy();
    throw error;
  }
  const count = (kind: string): number => changes.filter(({ key }) => key.startsWith(kind)).length;
  return { certificates: count('certificate/'), keys: count('key/') };
}

function contentOf(plain: string): VaultChange[] {
  const parsed = contentSchema.safeParse(parseJsonObject(plain, BUNDLE_LIMITS));
  const isKnown = (key: string): boolean => KINDS.some((kind) => key.startsWith(kind) && key.length > kind.length);
  const changes = (parsed.data?.records ?? []).map(([key, value]): VaultChange => ({ key, value }));
  const isSound = changes.every(
    ({ key, value }) => isKnown(key) && (!key.startsWith('certificate/') || parseHeld(value)),
  );
  if (!parsed.success || !isSound)
    throw new YizhengError('BACKUP_VERSION', 'The backup holds something this version of the wallet does not know.');
  return changes;
}
