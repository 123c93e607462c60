import { sha256 } from '@noble/hashes/sha2.js';
import { deflateSync, Inflate } from 'fflate';
import { z } from 'zod';
import { YizhengError } from '../../../../../shared/errors.js';
import { parseJsonObject, type JsonLimits } from '../../../../../shared/json/parse-json.js';
import { fromBase64url, ownBytes, toBase64url, utf8, type OwnBytes } from '../bytes.js';
import { BACKUP_COST, derivationSchema, deriveBytes, newDerivation } from '../vault/derive-key.js';
import { seal, sealingKey, unseal } from '../vault/seal.js';
import { readRecoveryCode } from './recovery-code.js';

/** Version this program writes, and the only one it reads. */
export const BACKUP_VERSION = 1;
/** Largest backup file, in bytes. */
export const MAX_BACKUP_BYTES = 16 * 1024 * 1024;
const MAX_PLAIN_BYTES = 32 * 1024 * 1024;
const LIMITS: JsonLimits = { maxBytes: MAX_BACKUP_BYTES, maxDepth: 4, maxNodes: 10 };

const headSchema = z.strictObject({
  type: z.literal('YizhengWalletBackup'),
  version: z.literal(BACKUP_VERSION),
  createdAt: z.string().max(40),
  derivation: derivationSchema,
  /** Tells a wrong code from a file that was changed: 8 bytes of the hash of the key. */
  keyCheck: z.string().length(11),
});
const fileSchema = headSchema.extend({ sealed: z.string() });
type Head = z.infer<typeof headSchema>;

/**
 * Writes what is to be kept safe as a file that opens with the code only: deflated, sealed by AES-256-GCM under Argon2id of the code,
 * every byte of the head authenticated with it.
 * @param createdAt RFC 3339
 */
export async function writeBackup(plain: string, code: string, createdAt: string, crypto: Crypto): Promise<Uint8Array> {
  const derivation = newDerivation(crypto, BACKUP_COST);
  const bytes = await deriveBytes(readRecoveryCode(code), derivation);
  const head: Head = { type: 'YizhengWalletBackup', version: 1, createdAt, derivation, keyCheck: keyCheckOf(bytes) };
  const sealed = await seal(
    crypto,
    await sealingKey(crypto, bytes),
    ownBytes(deflateSync(utf8(plain))),
    purposeOf(head),
  );
  return utf8(`${JSON.stringify({ ...head, sealed: toBase64url(sealed) })}\n`);
}

/**
 * Opens a backup file.
 * @throws YizhengError `BACKUP_FORMAT` for what is none, `BACKUP_VERSION` for one of another version, `BACKUP_WRONG_CODE`,
 *   `BACKUP_TAMPERED`, `BACKUP_TOO_LARGE`, `RECOVERY_CODE_TYPO`, `RECOVERY_CODE_LENGTH`
 */
export async function readBackup(file: Uint8Array, code: string, crypto: Crypto): Promise<string> {
  if (file.length > MAX_BACKUP_BYTES) throw tooLarge();
  const { sealed, ...head } = parseFile(file);
  const bytes = await deriveBytes(readRecoveryCode(code), head.derivation);
  if (keyCheckOf(bytes) !== head.keyCheck)
    throw new YizhengError('BACKUP_WRONG_CODE', 'The recovery code is not the one of this backup.');
  const body = fromBase64url(sealed, 'BACKUP_TAMPERED');
  const packed = await unseal(crypto, await sealingKey(crypto, bytes), body, purposeOf(head), 'BACKUP_TAMPERED');
  return new TextDecoder().decode(inflateBounded(packed));
}

function parseFile(file: Uint8Array): z.infer<typeof fileSchema> {
  let value: unknown;
  try {
    value = parseJsonObject(file, LIMITS);
  } catch (cause) {
    throw new YizhengError('BACKUP_FORMAT', 'This is no backup of a wallet.', { cause });
  }
  const { type, version } = value as { type?: unknown; version?: unknown };
  if (type !== 'YizhengWalletBackup') throw new YizhengError('BACKUP_FORMAT', 'This is no backup of a wallet.');
  if (version !== BACKUP_VERSION)
    throw new YizhengError('BACKUP_VERSION', 'Another version of the wallet wrote this backup; update the wallet.');
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) throw new YizhengError('BACKUP_TAMPERED', 'The backup was changed or is not complete.');
  return parsed.data;
}

function purposeOf(head: Head): string {
  const { type, version, createdAt, derivation, keyCheck } = head;
  const { name, memoryKiB, passes, lanes, salt } = derivation;
  return JSON.stringify([type, version, createdAt, name, memoryKiB, passes, lanes, salt, keyCheck]);
}

function keyCheckOf(key: OwnBytes): string {
  return toBase64url(sha256(Uint8Array.from([...utf8('yizheng backup check'), ...key])).slice(0, 8));
}

function inflateBounded(packed: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate((chunk) => {
    length += chunk.length;
    if (length > MAX_PLAIN_BYTES) throw tooLarge();
    chunks.push(chunk);
  });
  inflate.push(packed, true);
  const plain = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    plain.set(chunk, at);
    at += chunk.length;
  }
  return plain;
}

function tooLarge(): YizhengError {
  return new YizhengError('BACKUP_TOO_LARGE', 'The backup is larger than any wallet is.', { status: 413 });
}
