import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { YizhengError } from '../shared/errors.js';
import { isJsonObject, parseJsonObject, type JsonLimits, type JsonObject } from '../shared/json/parse-json.js';
import type { SignaturePublicKey } from '../shared/proof/check-signature.js';
import { signatureKeyOfJwk } from '../shared/proof/jose/signature-jwk.js';
import type { JwsSigner } from '../shared/proof/jose/sign-compact-jws.js';

/** A key that somebody else made and wrote into a file, for tests of interoperability; never one of this software's own. */
export interface VerificationMethodFile {
  /** Verification method URL, or the `kid` of a bare JWK. */
  id: string;
  /** `kid` of the JWK, as texts of others may name it. */
  kid?: string;
  key: SignaturePublicKey;
  /** Present when the file holds the private half. */
  signer?: JwsSigner & { id: string };
}

const LIMITS: JsonLimits = { maxBytes: 16 * 1024, maxDepth: 4, maxNodes: 20 };
const HASHES = { Ed25519: null, 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' } as const;
const jwkSchema = z.looseObject({ kty: z.enum(['EC', 'OKP']), kid: z.string().max(2300).optional() });
const methodSchema = z.looseObject({
  id: z.string().max(2300),
  publicKeyJwk: jwkSchema.optional(),
  secretKeyJwk: jwkSchema.optional(),
});

/**
 * Reads a verification method with `publicKeyJwk` and, for signing, `secretKeyJwk` (Controlled Identifiers §2.2.3), or a bare JWK.
 * The private half stays in here: only something that signs is handed out.
 * @throws YizhengError codes of `parseJson`; `KEY_FILE_FORMAT`, `KEY_FORMAT`
 */
export function readVerificationMethodFile(json: Uint8Array): VerificationMethodFile {
  const document = parseJsonObject(json, LIMITS);
  const method = methodSchema.safeParse(document);
  const bare = jwkSchema.safeParse(document);
  const publicJwk = method.data?.publicKeyJwk ?? method.data?.secretKeyJwk ?? bare.data;
  const secretJwk = method.data?.secretKeyJwk ?? bare.data;
  const id = method.data?.id ?? bare.data?.kid;
  if (!isJsonObject(publicJwk) || id === undefined)
    throw new YizhengError(
      'KEY_FILE_FORMAT',
      'The key file holds no verification method with a JWK, and no JWK with a kid.',
    );
  const { d: _, ...publicHalf } = publicJwk;
  const key = signatureKeyOfJwk(publicHalf);
  return {
    id,
    key,
    ...(typeof publicJwk.kid === 'string' && { kid: publicJwk.kid }),
    ...(isJsonObject(secretJwk) && typeof secretJwk['d'] === 'string' && { signer: signerOf(id, key, secretJwk) }),
  };
}

function signerOf(id: string, { algorithm }: SignaturePublicKey, jwk: JsonObject): JwsSigner & { id: string } {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ format: 'jwk', key: jwk });
  } catch (cause) {
    throw new YizhengError('KEY_FORMAT', 'The private key of the file is not readable.', { cause });
  }
  return {
    id,
    algorithm,
    sign: ({ data }) =>
      Promise.resolve(new Uint8Array(sign(HASHES[algorithm], data, { key: privateKey, dsaEncoding: 'ieee-p1363' }))),
  };
}
