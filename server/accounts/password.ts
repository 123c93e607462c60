import { YizhengError } from '../../shared/errors.js';

/** Shortest and longest password, in characters. */
export const PASSWORD_LENGTH = { least: 12, most: 200 } as const;

/** Argon2id (RFC 9106): more than OWASP's least (19 MiB, 2 passes), some 50 ms here; `algorithm` 2 is Argon2id. */
const COST = { algorithm: 2, memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 } as const;

/** Loaded with the first password. */
const argon2 = async () => import('@node-rs/argon2');

/** Hash of a password nobody has: who signs in under an unknown name waits as long as others. */
let nobody: Promise<string> | undefined;

/**
 * Refuses passwords that are guessed first: short ones, digits only, ones of few characters, ones that hold the person's own names.
 * @throws YizhengError `PASSWORD_WEAK` (422)
 */
export function assertStrongPassword(password: string, own: readonly string[]): void {
  const plain = password.normalize('NFKC').toLowerCase();
  const length = [...plain].length;
  const isWeak =
    length < PASSWORD_LENGTH.least ||
    length > PASSWORD_LENGTH.most ||
    new Set(plain).size < 6 ||
    /^\d*$/.test(plain) ||
    own.some((name) => name.length > 2 && plain.includes(name.toLowerCase()));
  if (isWeak)
    throw new YizhengError(
      'PASSWORD_WEAK',
      `A password needs ${PASSWORD_LENGTH.least} characters, at least 6 different ones, not only digits, and none of your own names.`,
      { status: 422, at: '/password' },
    );
}

/** @returns Argon2id hash as a PHC string */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await argon2();
  return hash(password.normalize('NFKC'), COST);
}

/** Compares in the same time whether there is a hash or not. */
export async function isPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const { verify } = await argon2();
  nobody ??= hashPassword('nobody');
  const known = stored ?? (await nobody);
  return (await verify(known, password.normalize('NFKC'))) && known === stored;
}
