import { sha256 } from '@noble/hashes/sha2.js';
import { base58, base64urlnopad } from '@scure/base';
import { z } from 'zod';
import { YizhengError } from '../errors.js';
import { parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { bytesOf } from './digest.js';
import { PURE_CRYPTO, type FeedCrypto } from './feed-crypto.js';

/** Something in custody that signs bytes with one Ed25519 key. */
export interface FeedSigner {
  /** RFC 7638 thumbprint of the key. */
  kid: string;
  /** Signs (RFC 8032); resolves to 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Public Ed25519 key as JWK (RFC 8037). `kid`: verification method URL of the same key in the authority's DID document. */
export interface FeedJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  kid?: string | undefined;
}

/** Schema of {@link FeedJwk}. */
export const feedJwkSchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  kid: z.string().max(300).optional(),
});

/** JWS General JSON (RFC 7515 §7.2.1): the payload as sent, and one signature per key. */
export interface Envelope {
  payload: string;
  signatures: { protected: string; signature: string }[];
}

/** Schema of {@link Envelope}: at most 16 signatures, so that nobody can make a verifier work for nothing. */
export const envelopeSchema = z.strictObject({
  payload: z.string().max(1_500_000),
  signatures: z
    .array(
      z.strictObject({
        protected: z.string().max(600),
        signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
      }),
    )
    .min(1)
    .max(16),
});

const headerSchema = z.strictObject({ alg: z.literal('EdDSA'), typ: z.string(), kid: z.string().max(300) });
const HEADER_LIMITS = { maxBytes: 450, maxDepth: 1, maxNodes: 1 };

/** JWK of a raw 32-byte Ed25519 public key. */
export function feedJwk(publicKey: Uint8Array, verificationMethod?: string): FeedJwk {
  return {
    kty: 'OKP',
    crv: 'Ed25519',
    x: base64urlnopad.encode(publicKey),
    ...(verificationMethod === undefined ? {} : { kid: verificationMethod }),
  };
}

/** JWK of an Ed25519 Multikey (`z6Mk…`). @throws YizhengError `KEY_INVALID` */
export function feedJwkOfMultikey(publicKeyMultibase: string, verificationMethod?: string): FeedJwk {
  let bytes: Uint8Array;
  try {
    bytes = base58.decode(publicKeyMultibase.slice(1));
  } catch (cause) {
    throw new YizhengError('KEY_INVALID', 'The key is not base58btc.', { cause });
  }
  if (!publicKeyMultibase.startsWith('z') || bytes.length !== 34 || bytes[0] !== 0xed || bytes[1] !== 0x01)
    throw new YizhengError('KEY_INVALID', 'The key is not an Ed25519 Multikey (z6Mk…).');
  return feedJwk(bytes.slice(2), verificationMethod);
}

/** RFC 7638 SHA-256 thumbprint. */
export function jwkThumbprint(jwk: FeedJwk): string {
  return base64urlnopad.encode(sha256(bytesOf(`{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`)));
}

/**
 * Signs a payload once per signer.
 * @param typ what the payload is; part of what is signed, so one kind never passes for another
 * @param payload JSON text, signed byte for byte
 */
export async function signEnvelope(typ: string, payload: string, signers: readonly FeedSigner[]): Promise<Envelope> {
  const encoded = base64urlnopad.encode(bytesOf(payload));
  const signatures = await Promise.all(
    signers.map(async (signer) => {
      const header = protect(typ, signer.kid);
      return {
        protected: header,
        signature: base64urlnopad.encode(await signer.sign(bytesOf(`${header}.${encoded}`))),
      };
    }),
  );
  return { payload: encoded, signatures };
}

/**
 * Kids of the given keys that signed the envelope, each once. Headers other than exactly `{alg: EdDSA, typ, kid}` and signatures by
 * other keys count for nothing.
 * @param keys kid → key
 */
export function signersOf(
  envelope: Envelope,
  typ: string,
  keys: ReadonlyMap<string, FeedJwk>,
  crypto: FeedCrypto = PURE_CRYPTO,
): Set<string> {
  const signers = new Set<string>();
  for (const item of envelope.signatures) {
    const header = readHeader(item.protected);
    const key = header?.typ === typ ? keys.get(header.kid) : undefined;
    if (header && key && verifies(item.signature, `${item.protected}.${envelope.payload}`, key, crypto))
      signers.add(header.kid);
  }
  return signers;
}

/** The payload of an envelope as text. @throws YizhengError `FEED_ENVELOPE_INVALID` */
export function payloadOf(envelope: Envelope): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(base64urlnopad.decode(envelope.payload));
  } catch (cause) {
    throw new YizhengError('FEED_ENVELOPE_INVALID', 'The payload of a signed file is not base64url of UTF-8.', {
      cause,
    });
  }
}

/** Compact JWS (RFC 7515 §7.1) of a JSON text. `kid` is the verification method URL. */
export async function signCompact(
  typ: string,
  payload: string,
  signer: { kid: string; sign(bytes: Uint8Array): Promise<Uint8Array> },
): Promise<string> {
  const input = `${protect(typ, signer.kid)}.${base64urlnopad.encode(bytesOf(payload))}`;
  return `${input}.${base64urlnopad.encode(await signer.sign(bytesOf(input)))}`;
}

/**
 * Checks a compact JWS and returns its payload as text and its `kid`.
 * @param keyOf key of a `kid`; undefined = not a key that may sign this
 * @throws YizhengError `STATEMENT_SIGNATURE_INVALID`
 */
export function verifyCompact(
  typ: string,
  jws: string,
  keyOf: (kid: string) => FeedJwk | undefined,
  crypto: FeedCrypto = PURE_CRYPTO,
): { payload: string; kid: string } {
  const [header = '', payload = '', signature = '', ...rest] = jws.split('.');
  const read = readHeader(header);
  const key = read?.typ === typ ? keyOf(read.kid) : undefined;
  if (!read || !key || rest.length > 0 || !verifies(signature, `${header}.${payload}`, key, crypto))
    throw new YizhengError(
      'STATEMENT_SIGNATURE_INVALID',
      'A statement is not signed by a key its authority uses for statements.',
    );
  return { payload: payloadOf({ payload, signatures: [] }), kid: read.kid };
}

function protect(typ: string, kid: string): string {
  return base64urlnopad.encode(bytesOf(JSON.stringify({ alg: 'EdDSA', typ, kid })));
}

function readHeader(encoded: string): z.infer<typeof headerSchema> | undefined {
  let header: JsonObject;
  try {
    header = parseJsonObject(base64urlnopad.decode(encoded), HEADER_LIMITS);
  } catch {
    return undefined;
  }
  return headerSchema.safeParse(header).data;
}

function verifies(signature: string, input: string, key: FeedJwk, crypto: FeedCrypto): boolean {
  try {
    return crypto.checkEd25519(base64urlnopad.decode(signature), bytesOf(input), base64urlnopad.decode(key.x));
  } catch {
    return false;
  }
}
