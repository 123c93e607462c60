import { z } from 'zod';
import { YizhengError } from '../../../../../shared/errors.js';
import { fromBase64url, ownBytes, toBase64url, type OwnBytes } from '../bytes.js';
import { assertPassphrase, derivationSchema, deriveBytes, newDerivation, UNLOCK_COST } from './derive-key.js';
import { seal, sealingKey, unseal } from './seal.js';

/** What opens the vault: a passphrase, or what a passkey answers (WebAuthn `prf` extension, 32 bytes). */
export type Secret = { passphrase: string } | { passkey: PasskeyAnswer };

/** The answer of a passkey to the salt the vault keeps for it. */
export interface PasskeyAnswer {
  /** base64url. */
  credentialId: string;
  /** The salt that was asked with; only where the passkey is added. */
  salt?: Uint8Array;
  /** `prf.results.first`: 32 bytes. */
  output: Uint8Array;
  /** How the person calls it. */
  label?: string;
}

const wrapped = z.string().max(400);
const passphraseLock = z.strictObject({ kind: z.literal('passphrase'), derivation: derivationSchema, wrapped });
const passkeyLock = z.strictObject({
  kind: z.literal('passkey'),
  credentialId: z.string().min(1).max(1400),
  salt: z.string().max(64),
  label: z.string().max(60),
  wrapped,
});

/** One way into the vault: the data key, sealed by the secret and then by this device's own key. */
export const lockSchema = z.discriminatedUnion('kind', [passphraseLock, passkeyLock]);
/** See {@link lockSchema}. */
export type Lock = z.infer<typeof lockSchema>;

/** What a lock is made or opened with. */
export interface LockContext {
  crypto: Crypto;
  deviceKey: CryptoKey;
  vaultId: string;
}

/** Locks the data key. @throws YizhengError `VAULT_PASSPHRASE_SHORT`, `VAULT_PASSPHRASE_WEAK`, `VAULT_PASSKEY` */
export async function makeLock(secret: Secret, dataKey: OwnBytes, context: LockContext): Promise<Lock> {
  const { crypto } = context;
  if ('passphrase' in secret) {
    assertPassphrase(secret.passphrase);
    const derivation = newDerivation(crypto, UNLOCK_COST);
    const bytes = await deriveBytes(secret.passphrase, derivation);
    return { kind: 'passphrase', derivation, wrapped: await wrap(bytes, dataKey, 'passphrase', context) };
  }
  const { credentialId, salt, output, label = '' } = secret.passkey;
  if (!salt || output.length !== 32) throw badPasskey();
  return {
    kind: 'passkey',
    credentialId,
    salt: toBase64url(salt),
    label,
    wrapped: await wrap(ownBytes(output), dataKey, `passkey ${credentialId}`, context),
  };
}

/** Opens a lock. @throws YizhengError `VAULT_PASSPHRASE_WRONG`, `VAULT_PASSKEY`, `VAULT_MISSING` when there is no such lock */
export async function openLock(secret: Secret, locks: readonly Lock[], context: LockContext): Promise<OwnBytes> {
  if ('passphrase' in secret) {
    const lock = locks.find((item) => item.kind === 'passphrase');
    if (!lock) throw noSuchLock();
    const bytes = await deriveBytes(secret.passphrase, lock.derivation);
    return unwrap(bytes, lock.wrapped, { purpose: 'passphrase', code: 'VAULT_PASSPHRASE_WRONG' }, context);
  }
  const { credentialId, output } = secret.passkey;
  const lock = locks.find((item) => item.kind === 'passkey' && item.credentialId === credentialId);
  if (!lock) throw noSuchLock();
  if (output.length !== 32) throw badPasskey();
  const purpose = `passkey ${credentialId}`;
  return unwrap(ownBytes(output), lock.wrapped, { purpose, code: 'VAULT_PASSKEY' }, context);
}

async function wrap(bytes: OwnBytes, dataKey: OwnBytes, purpose: string, context: LockContext): Promise<string> {
  const { crypto, deviceKey, vaultId } = context;
  const inner = await seal(crypto, await sealingKey(crypto, bytes), dataKey, `${vaultId} ${purpose}`);
  return toBase64url(await seal(crypto, deviceKey, inner, `${vaultId} device`));
}

async function unwrap(
  bytes: OwnBytes,
  text: string,
  { purpose, code }: { purpose: string; code: string },
  { crypto, deviceKey, vaultId }: LockContext,
): Promise<OwnBytes> {
  const outer = fromBase64url(text, 'VAULT_DAMAGED');
  const inner = await unseal(crypto, deviceKey, outer, `${vaultId} device`, 'VAULT_DAMAGED');
  return unseal(crypto, await sealingKey(crypto, bytes), inner, `${vaultId} ${purpose}`, code);
}

function badPasskey(): YizhengError {
  return new YizhengError('VAULT_PASSKEY', 'This passkey cannot open the wallet; use the passphrase.');
}

function noSuchLock(): YizhengError {
  return new YizhengError('VAULT_NO_SUCH_LOCK', 'The wallet was not locked this way; use the other way.');
}
