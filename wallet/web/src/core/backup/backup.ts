import { z } from 'zod';
import { YizhengError } from '../../../../../shared/errors.js';
import { BUNDLE_LIMITS, parseJsonObject } from '../../../../../shared/json/parse-json.js';
import { keepCertificate, listCertificates } from '../certificates/certificates.js';
import { parseHeld, type HeldCertificate } from '../certificates/held-certificate.js';
import { merged } from '../certificates/merge.js';
import { isStoredKey } from '../keys/holder-key.js';
import { nowText, type Platform } from '../platform.js';
import { isLogEntry } from '../share/share-log.js';
import type { Secret } from '../vault/locks.js';
import type { Vault, VaultChange } from '../vault/vault.js';
import { readBackup, writeBackup } from './backup-file.js';

const KEY = 'key/';
const CERTIFICATE = 'certificate/';
const LOG = 'log/';
/** What is taken along: keys, certificates, and what was shared. Certificates still waited for are not: their tokens are of this device. */
const KINDS = [KEY, CERTIFICATE, LOG] as const;
const MAX_RECORDS = 5_000;
const contentSchema = z.strictObject({
  records: z.array(z.tuple([z.string().max(500), z.record(z.string(), z.unknown())])).max(MAX_RECORDS),
});

/**
 * Everything worth keeping, in a file that only the recovery code opens; of what was shared the latest. The file is opened and read once
 * before it is handed out. Nothing of it goes to any server.
 * @throws YizhengError `RECOVERY_CODE_…`, `BACKUP_TOO_LARGE`, `BACKUP_VERSION` when the wallet holds what this version does not know, and
 *   the codes of the vault
 */
export async function makeBackup(vault: Vault, code: string, platform: Platform): Promise<Uint8Array> {
  const [keys = [], certificates = [], log = []] = await Promise.all(KINDS.map((kind) => vault.list(kind)));
  const readable = log.filter(({ value }) => isLogEntry(value));
  const room = Math.max(0, MAX_RECORDS - keys.length - certificates.length);
  const rows = [...keys, ...certificates, ...readable.slice(Math.max(0, readable.length - room))];
  const plain = JSON.stringify({ records: rows.map(({ key, value }) => [key, value]) });
  const file = await writeBackup(plain, code, nowText(platform), platform.crypto);
  contentOf(await readBackup(file, code, platform.crypto));
  return file;
}

/** What came back. */
export interface Restored {
  certificates: number;
  keys: number;
}

/**
 * Puts a backup back: into a new vault locked by `secret`, or into the open one, where it adds what is not there; of a certificate that is
 * there already the forms are put together, and no key is replaced. The file is opened and read whole before anything is written, and
 * everything is written at once: either all of it is there, or nothing changed.
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
    await vault.write(isNew ? changes : await besideHeld(changes, vault));
  } catch (error) {
    if (isNew && (await isStillOpen(vault))) await vault.destroy();
    throw error;
  }
  const count = (kind: string): number => changes.filter(({ key }) => key.startsWith(kind)).length;
  return { certificates: count(CERTIFICATE), keys: count(KEY) };
}

/** Another tab may have put another vault in the place of the one made here; that one is not ours to destroy. */
async function isStillOpen(vault: Vault): Promise<boolean> {
  return vault.read(KEY).then(
    () => true,
    () => false,
  );
}

async function besideHeld(changes: readonly VaultChange[], vault: Vault): Promise<VaultChange[]> {
  const held = await listCertificates(vault);
  const lasting = new Set((await Promise.all([vault.list(KEY), vault.list(LOG)])).flat().map(({ key }) => key));
  const keys = [...lasting, ...changes.map(({ key }) => key)].filter((key) => key.startsWith(KEY));
  const ownKeys = new Set(keys.map((key) => key.slice(KEY.length)));
  return changes
    .filter(({ key }) => !lasting.has(key))
    .map((change) => {
      const restored = change.key.startsWith(CERTIFICATE) ? parseHeld(change.value) : undefined;
      const mine = restored && held.find(({ id }) => id === restored.id);
      return mine ? keepCertificate(together(mine, restored, ownKeys)) : change;
    });
}

function together(mine: HeldCertificate, restored: HeldCertificate, ownKeys: ReadonlySet<string>): HeldCertificate {
  const [older, newer] = isLater(restored, mine) ? [mine, restored] : [restored, mine];
  const whole = merged(older, newer, ownKeys);
  if (whole) return whole;
  const isBound = ({ forms }: HeldCertificate): boolean =>
    forms.some(({ holder }) => holder !== undefined && ownKeys.has(holder));
  return isBound(mine) && !isBound(newer) ? mine : newer;
}

function isLater(a: HeldCertificate, b: HeldCertificate): boolean {
  const timesOf = ({ receivedAt, checkedAt = '' }: HeldCertificate): string => `${receivedAt} ${checkedAt}`;
  return timesOf(a) > timesOf(b);
}

/** An entry of the log that cannot be read costs nobody a certificate; anything else unknown does. */
function contentOf(plain: string): VaultChange[] {
  const parsed = contentSchema.safeParse(parseJsonObject(plain, BUNDLE_LIMITS));
  const changes = (parsed.data?.records ?? [])
    .map(([key, value]): VaultChange => ({ key, value }))
    .filter(({ key, value }) => !key.startsWith(LOG) || isLogEntry(value));
  if (!parsed.success || !changes.every(isSound))
    throw new YizhengError('BACKUP_VERSION', 'The backup holds something this version of the wallet does not know.');
  return changes;
}

function isSound({ key, value }: VaultChange): boolean {
  if (key.startsWith(KEY)) return key.length > KEY.length && isStoredKey(value);
  if (key.startsWith(CERTIFICATE)) return parseHeld(value)?.id === key.slice(CERTIFICATE.length);
  return key.startsWith(LOG) && key.length > LOG.length;
}
