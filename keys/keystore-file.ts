import { createHmac, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { YizhengError } from '../shared/errors.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../shared/json/parse-json.js';
import { KEY_PURPOSES } from './custody.js';
import { KDF_BOUNDS } from './sealing.js';

const FILE_LIMITS = { maxBytes: 64 * 1024 * 1024, maxDepth: 6, maxNodes: 1_000_000 };

const base64 = (bytes: number) =>
  z
    .base64()
    .refine((text) => Buffer.from(text, 'base64').length === bytes, { error: `must be base64 of ${bytes} bytes` });
const instant = z.iso.datetime({ precision: 0 });
const sealed = z.strictObject({ iv: base64(12), tag: base64(16), ciphertext: z.base64().max(4096) });

const kdf = z.strictObject({
  name: z.literal('scrypt'),
  N: z
    .int()
    .min(KDF_BOUNDS.minN)
    .max(KDF_BOUNDS.maxN)
    .refine((n) => Number.isInteger(Math.log2(n)), { error: 'must be a power of two' }),
  r: z.literal(KDF_BOUNDS.r),
  p: z.int().min(1).max(KDF_BOUNDS.maxP),
  salt: base64(KDF_BOUNDS.saltBytes),
});

const tokenRef = z.strictObject({
  serial: z.string().min(1).max(64),
  label: z.string().max(64),
  objectId: z.string().regex(/^(?:[0-9a-f]{2}){1,64}$/),
  isDestroyed: z.literal(true).optional(),
});

const key = z.strictObject({
  id: z.string().regex(/^did:[^#\s]+#[A-Za-z0-9._-]+$/),
  controller: z.string().startsWith('did:'),
  purpose: z.enum(KEY_PURPOSES),
  publicKeyMultibase: z.string().regex(/^z(?:6Mk|Dn|82)[1-9A-HJ-NP-Za-km-z]+$/),
  createdAt: instant.optional(),
  isNext: z.literal(true).optional(),
  validFrom: instant,
  validUntil: instant.optional(),
  compromisedSince: instant.optional(),
  privateKey: sealed.optional(),
  token: tokenRef.optional(),
});

const content = z.strictObject({
  createdAt: instant,
  kdf,
  passphraseCheck: base64(32),
  hmacSecret: sealed,
  keys: z.array(key).max(100_000),
});

/**
 * One key as stored: public history for ever, the sealed private key only while the key is active or `isNext`. `createdAt` stands where it
 * differs from `validFrom`. A key on a token has no sealed private key but `token`, for ever: where it lies, and whether it is destroyed.
 */
export type StoredKey = z.infer<typeof key>;

/** What a keystore file holds inside its authenticated envelope. */
export type KeystoreContent = z.infer<typeof content>;

/** A file read but not yet authenticated. */
export interface KeystoreEnvelope {
  content: KeystoreContent;
  /** Exactly what was authenticated. */
  authenticated: JsonObject;
  mac: Buffer;
}

/**
 * Reads the form of a keystore file: `{"type":"YizhengKeystore","version":1,"content":{…},"mac":"…"}`.
 * @throws YizhengError `KEYSTORE_VERSION`, `KEYSTORE_TAMPERED` for anything not of that form or outside the bounds
 */
export function readEnvelope(bytes: Uint8Array): KeystoreEnvelope {
  let file: JsonObject;
  try {
    file = parseJsonObject(bytes, FILE_LIMITS);
  } catch (cause) {
    throw tampered('it is not well-formed JSON', cause);
  }
  if (file['type'] !== 'YizhengKeystore') throw tampered('it is not a keystore');
  if (file['version'] !== 1)
    throw new YizhengError(
      'KEYSTORE_VERSION',
      'The keystore was written by another version of Yizheng; use that version, or restore a backup.',
      { status: 500 },
    );
  const { content: authenticated, mac } = file;
  const parsed = content.safeParse(authenticated);
  if (!parsed.success) throw tampered(`${parsed.error.issues[0]?.path.join('.') ?? 'content'} has a wrong form`);
  if (!isJsonObject(authenticated) || typeof mac !== 'string' || !base64(32).safeParse(mac).success)
    throw tampered('its authentication code has a wrong form');
  return { content: parsed.data, authenticated, mac: Buffer.from(mac, 'base64') };
}

/** Checks that the whole content is as it was written. @throws YizhengError `KEYSTORE_TAMPERED` */
export function authenticate(envelope: KeystoreEnvelope, macKey: Uint8Array): void {
  if (!timingSafeEqual(contentMac(envelope.authenticated, macKey), envelope.mac))
    throw tampered('its authentication code does not fit');
}

/** The bytes of a keystore file for this content. */
export function writeEnvelope(data: KeystoreContent, macKey: Uint8Array): Buffer {
  const mac = contentMac(data, macKey).toString('base64');
  const file = { type: 'YizhengKeystore', version: 1, content: data, mac };
  return Buffer.from(`${JSON.stringify(file, null, 2)}\n`, 'utf8');
}

function contentMac(data: object, macKey: Uint8Array): Buffer {
  const text = canonicalize(data);
  if (text === undefined) throw tampered('it has no content');
  return createHmac('sha256', macKey).update(text, 'utf8').digest();
}

function tampered(what: string, cause?: unknown): YizhengError {
  return new YizhengError(
    'KEYSTORE_TAMPERED',
    `The keystore file was changed or damaged (${what}); restore a backup.`,
    {
      status: 500,
      cause,
    },
  );
}
