import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { AccountEffects } from './effects.js';

const STEP_SECONDS = 30;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 160 bits, as RFC 4226 §4 recommends. */
const SECRET_BYTES = 20;

/** A secret that is to go into an authenticator app. */
export interface NewTotp {
  /** Base32, for typing. */
  secret: string;
  /** `otpauth://totp/…`, for the QR. */
  uri: string;
}

/** Makes a TOTP secret (RFC 6238: SHA-1, six digits, 30 seconds, which is what authenticator apps understand). */
export function newTotp(login: string, effects: Pick<AccountEffects, 'randomBytes'>): NewTotp {
  const secret = new Secret({ buffer: Uint8Array.from(effects.randomBytes(SECRET_BYTES)).buffer });
  const uri = new TOTP({ issuer: '一证 Yizheng', label: login, secret, period: STEP_SECONDS }).toString();
  return { secret: secret.base32, uri };
}

/**
 * The time step a code belongs to, one step of clock difference allowed.
 * @returns the step (RFC 6238 T), which may be used once; undefined for a wrong code
 */
export function totpStep(secret: string, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const totp = new TOTP({ secret: Secret.fromBase32(secret), period: STEP_SECONDS });
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: 1 });
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / STEP_SECONDS) + delta;
}

/** Seals a TOTP secret for the database: AES-256-GCM under a key of custody, bound to the account. @returns base64url */
export async function sealTotp(secret: string, account: string, effects: AccountEffects): Promise<string> {
  const nonce = Buffer.from(effects.randomBytes(NONCE_BYTES));
  const cipher = createCipheriv('aes-256-gcm', await sealingKey(effects), nonce).setAAD(Buffer.from(account));
  return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/** Opens what {@link sealTotp} sealed. @throws Error when it was changed or belongs to another account */
export async function openTotp(sealed: string, account: string, effects: AccountEffects): Promise<string> {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', await sealingKey(effects), bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(account))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}

function sealingKey({ keystore }: Pick<AccountEffects, 'keystore'>): Promise<Uint8Array> {
  return keystore.hmac('account totp', new Uint8Array());
}
