import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { z } from 'zod';
import { YizhengError } from '../../../../shared/errors.js';
import { call } from '../api/call.js';
import { signedInSchema, type SignedIn } from '../api/schemas.js';

const begunSchema = z.object({ challengeId: z.string(), options: z.looseObject({}) });
const passkeySchema = z.object({
  id: z.string(),
  label: z.string(),
  createdAt: z.string(),
  usedAt: z.string().optional(),
});
/** A passkey as its owner sees it. */
export type Passkey = z.infer<typeof passkeySchema>;

/** Signs in with a passkey the person chooses in the browser's own window. @throws YizhengError `PASSKEY_CANCELLED`, `PASSKEY_INVALID` */
export async function signInWithPasskey(): Promise<SignedIn> {
  const { challengeId, options } = await call('/session/passkey-options', begunSchema, { method: 'POST' });
  const response = await startAuthentication({
    optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON,
  }).catch(cancelled);
  return call('/session/passkey', signedInSchema, { method: 'POST', body: { challengeId, response } });
}

/** Registers a passkey on this device. @throws YizhengError `PASSKEY_CANCELLED`, `PASSKEY_INVALID`, `PASSKEY_LIMIT` */
export async function registerPasskey(label: string): Promise<Passkey> {
  const { challengeId, options } = await call('/account/passkey-options', begunSchema, { method: 'POST' });
  const response = await startRegistration({
    optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON,
  }).catch(cancelled);
  return call('/account/passkeys', passkeySchema, { method: 'POST', body: { challengeId, label, response } });
}

/** The person's own passkeys. */
export async function passkeys(): Promise<Passkey[]> {
  return (await call('/account/passkeys', z.object({ passkeys: z.array(passkeySchema) }))).passkeys;
}

/** Whether this browser has passkeys at all. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function';
}

function cancelled(cause: unknown): never {
  throw new YizhengError('PASSKEY_CANCELLED', 'The passkey was not used.', { status: 422, cause });
}
