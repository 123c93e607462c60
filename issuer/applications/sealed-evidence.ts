import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { IssuerEffects } from '../effects.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what an applicant presented (AES-256-GCM under a key that custody derives, bound to its place), so that it can be judged again
 * when the application is handed in and whoever reads the database reads nothing.
 * @param text the credential as it was opened
 * @param id of the evidence
 */
export async function sealEvidence(
  text: string,
  id: string,
  { keystore, randomBytes }: Pick<IssuerEffects, 'keystore' | 'randomBytes'>,
): Promise<string> {
  const nonce = Buffer.from(randomBytes(NONCE_BYTES));
  const cipher = createCipheriv('aes-256-gcm', await keyOf(keystore), nonce).setAAD(Buffer.from(id));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** Opens what {@link sealEvidence} sealed. @throws Error when it was changed or belongs to another place */
export async function openEvidence(
  sealed: string,
  id: string,
  { keystore }: Pick<IssuerEffects, 'keystore'>,
): Promise<string> {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', await keyOf(keystore), bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(id))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}

function keyOf(keystore: IssuerEffects['keystore']): Promise<Uint8Array> {
  return keystore.hmac('issuer application evidence', new Uint8Array());
}
