import { YizhengError } from '../../../../shared/errors.js';
import type { PasskeyAnswer } from '../core/vault/locks.js';

/** What the `prf` extension of WebAuthn level 3 adds, which not every library of types knows. */
interface PrfOutputs {
  prf?: { enabled?: boolean; results?: { first?: BufferSource } };
}

const TIMEOUT_MS = 120_000;

/** Whether this device may have a passkey of its own; whether it can also keep a secret shows when one is made. */
export async function canUsePasskeys(): Promise<boolean> {
  const api = (globalThis as { PublicKeyCredential?: typeof PublicKeyCredential }).PublicKeyCredential;
  if (!api) return false;
  return api.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

/**
 * Makes a passkey and asks it for the secret of a salt.
 * @param salt 32 bytes, kept with the lock
 * @throws YizhengError `PASSKEY_CANCELLED`, `PASSKEY_NO_PRF` when this device's passkeys keep no such secret
 */
export async function makePasskey(salt: Uint8Array, label: string): Promise<PasskeyAnswer> {
  const created = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: label, id: location.hostname },
        user: { id: random(16), name: label, displayName: label },
        challenge: random(32),
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: own(salt) } } },
      },
    }),
  );
  const credentialId = base64url(new Uint8Array(created.rawId));
  const { prf } = created.getClientExtensionResults() as PrfOutputs;
  if (prf?.enabled !== true) throw noPrf();
  const output = prf.results?.first ? bytesOf(prf.results.first) : (await askPasskey([{ credentialId, salt }])).output;
  return { credentialId, salt, output, label };
}

/**
 * Asks one of these passkeys for its secret.
 * @throws YizhengError `PASSKEY_CANCELLED`, `PASSKEY_NO_PRF`
 */
export async function askPasskey(
  passkeys: readonly { credentialId: string; salt: Uint8Array }[],
): Promise<PasskeyAnswer> {
  const answered = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        rpId: location.hostname,
        allowCredentials: passkeys.map(({ credentialId }) => ({ type: 'public-key', id: fromBase64url(credentialId) })),
        userVerification: 'required',
        timeout: TIMEOUT_MS,
        extensions: {
          prf: {
            evalByCredential: Object.fromEntries(
              passkeys.map(({ credentialId, salt }) => [credentialId, { first: own(salt) }]),
            ),
          },
        },
      },
    }),
  );
  const { prf } = answered.getClientExtensionResults() as PrfOutputs;
  const first = prf?.results?.first;
  if (!first) throw noPrf();
  return { credentialId: base64url(new Uint8Array(answered.rawId)), output: bytesOf(first) };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const answer = await ask().catch((cause: unknown) => {
    throw new YizhengError('PASSKEY_CANCELLED', 'The passkey was not used.', { cause });
  });
  if (!answer) throw new YizhengError('PASSKEY_CANCELLED', 'The passkey was not used.');
  return answer as PublicKeyCredential;
}

function noPrf(): YizhengError {
  return new YizhengError('PASSKEY_NO_PRF', 'Passkeys of this device keep no secret for the wallet.');
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function bytesOf(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}
