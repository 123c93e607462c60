import { argon2id } from 'hash-wasm';
import { z } from 'zod';
import { YizhengError } from '../../../../../shared/errors.js';
import { fromBase64url, ownBytes, randomBytes, toBase64url, type OwnBytes } from '../bytes.js';

/** How a key is made from what a person remembers or reads off paper (Argon2id, RFC 9106); kept beside what it locks. */
export const derivationSchema = z.strictObject({
  name: z.literal('argon2id'),
  memoryKiB: z.int().min(8_192).max(262_144),
  passes: z.int().min(1).max(10),
  lanes: z.literal(1),
  /** 16 bytes, base64url. */
  salt: z.string().length(22),
});
/** See {@link derivationSchema}. */
export type Derivation = z.infer<typeof derivationSchema>;

/** What an old phone does in about a second, within the smallest choice RFC 9106 and OWASP advise for 32-bit devices. */
export const UNLOCK_COST = { memoryKiB: 19_456, passes: 2 } as const;
/** For a backup, which leaves the device: three times the memory. */
export const BACKUP_COST = { memoryKiB: 65_536, passes: 3 } as const;

/** A derivation with a salt of its own. */
export function newDerivation(crypto: Crypto, cost: Pick<Derivation, 'memoryKiB' | 'passes'>): Derivation {
  return { name: 'argon2id', ...cost, lanes: 1, salt: toBase64url(randomBytes(crypto, 16)) };
}

/** 32 bytes from a secret text; two writings of the same characters (NFKC) are one secret. */
export async function deriveBytes(secret: string, derivation: Derivation): Promise<OwnBytes> {
  const { memoryKiB, passes, salt } = derivation;
  return ownBytes(
    await argon2id({
      password: new TextEncoder().encode(secret.normalize('NFKC')),
      salt: fromBase64url(salt, 'DERIVATION'),
      parallelism: 1,
      iterations: passes,
      memorySize: memoryKiB,
      hashLength: 32,
      outputType: 'binary',
    }),
  );
}

/** Fewest characters of a passphrase. */
export const MIN_PASSPHRASE = 8;

/**
 * Refuses a passphrase that would be guessed first.
 * @throws YizhengError `VAULT_PASSPHRASE_SHORT`, `VAULT_PASSPHRASE_WEAK`
 */
export function assertPassphrase(passphrase: string): void {
  const characters = [...passphrase.normalize('NFKC')];
  if (characters.length < MIN_PASSPHRASE)
    throw new YizhengError('VAULT_PASSPHRASE_SHORT', `A passphrase has at least ${MIN_PASSPHRASE} characters.`);
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const isRun = [1, -1].some((step) => codes.every((code, i) => i === 0 || code - (codes[i - 1] ?? 0) === step));
  if (isRun || new Set(characters).size < 4)
    throw new YizhengError('VAULT_PASSPHRASE_WEAK', 'This passphrase would be among the first to be guessed.');
}
