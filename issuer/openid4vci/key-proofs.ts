import { base64urlnopad } from '@scure/base';
import type { DIDDocument } from 'did-resolver';
import { holderDid } from '../../shared/certificate/record.js';
import { didJwkDocument } from '../../shared/did/did-jwk.js';
import { didKeyDocument } from '../../shared/did/did-key.js';
import { decodeMultikey, jwkOfPublicKey, publicKeyOfJwk, type PublicKey } from '../../shared/did/multikey.js';
import { findVerificationMethod } from '../../shared/did/verification-method.js';
import { YizhengError } from '../../shared/errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../shared/json/parse-json.js';
import { publicJwkThumbprint } from '../../shared/proof/jose/jwk.js';
import { claimsTimeProblem, readClaims } from '../../shared/proof/jose/jwt-claims.js';
import { verifyCompactJws } from '../../shared/proof/jose/verify-compact-jws.js';
import { BATCH_SIZE } from './credential-configurations.js';
import { ProtocolError } from './protocol-error.js';

/** A key a wallet proved to hold. */
export interface HolderKey {
  /** did:key or did:jwk, as the wallet wrote it; did:jwk for a bare key. */
  did: string;
  /** RFC 7638, SHA-256. */
  thumbprint: string;
}

/** What proofs are checked against. */
export interface KeyProofContext {
  /** Credential Issuer Identifier, the audience. */
  issuer: string;
  now: Date;
  isFreshNonce: (nonce: string) => Promise<boolean>;
}

const MAX_AGE_SECONDS = 600;
const MAX_PROOF_LENGTH = 8192;

/**
 * Checks the key proofs of a Credential Request (OpenID4VCI 1.0 §8.2, Appendix F.1). The singular `proof` of draft 15 is taken too, as
 * wallets in the field still send it.
 * @returns the keys in their order, all different
 * @throws ProtocolError `invalid_proof`, `invalid_nonce`
 */
export async function checkKeyProofs(request: JsonObject, context: KeyProofContext): Promise<HolderKey[]> {
  const proofs = jwtProofs(request);
  const keys: HolderKey[] = [];
  const nonces: string[] = [];
  for (const proof of proofs) {
    const { key, nonce } = await checkJwtProof(proof, context);
    if (keys.some(({ thumbprint }) => thumbprint === key.thumbprint))
      throw invalid('PROOF_KEY_TWICE', 'Two proofs are for the same key.');
    keys.push(key);
    nonces.push(nonce);
  }
  for (const nonce of nonces)
    if (!(await context.isFreshNonce(nonce)))
      throw new ProtocolError('invalid_nonce', 'NONCE_STALE', 'The c_nonce is unknown or old; get a new one.');
  return keys;
}

function jwtProofs({ proofs, proof }: JsonObject): string[] {
  if ((proofs === undefined) === (proof === undefined))
    throw invalid('PROOF_MISSING', 'Send one proofs object with a jwt proof.');
  const found = proofs === undefined ? draft15Proof(proof) : proofsOfType(proofs);
  if (found.length > BATCH_SIZE) throw invalid('PROOFS_TOO_MANY', `At most ${BATCH_SIZE} keys are taken at once.`);
  return found;
}

function proofsOfType(proofs: JsonValue): string[] {
  const types = isJsonObject(proofs) ? Object.keys(proofs) : [];
  const jwts = isJsonObject(proofs) ? proofs['jwt'] : undefined;
  if (types.length !== 1 || !Array.isArray(jwts) || jwts.length === 0)
    throw invalid('PROOF_TYPE', 'The proofs must hold exactly one member: jwt, a list.');
  return jwts.map(proofText);
}

function draft15Proof(proof: JsonValue | undefined): string[] {
  if (!isJsonObject(proof) || proof['proof_type'] !== 'jwt')
    throw invalid('PROOF_TYPE', 'The proof must be of type jwt.');
  return [proofText(proof['jwt'])];
}

function proofText(value: JsonValue | undefined): string {
  if (typeof value !== 'string') throw invalid('PROOF_TYPE', 'A jwt proof is a string.');
  return value;
}

async function checkJwtProof(
  text: string,
  { issuer, now }: KeyProofContext,
): Promise<{ key: HolderKey; nonce: string }> {
  let claims: JsonObject;
  let key: HolderKey;
  try {
    const {
      header,
      payload,
      key: proven,
    } = await verifyCompactJws(text, {
      typ: 'openid4vci-proof+jwt',
      keyHeaders: ['jwk'],
      keyOf,
      maxLength: MAX_PROOF_LENGTH,
    });
    key = holderKey(header, proven);
    claims = readClaims(payload);
  } catch (error) {
    if (!(error instanceof YizhengError) || error instanceof ProtocolError) throw error;
    throw invalid(error.code, 'The key proof is not a JWT signed with the key it names.', error);
  }
  const { aud, nonce } = claims;
  if (aud !== issuer && !(Array.isArray(aud) && aud.length === 1 && aud[0] === issuer))
    throw invalid('PROOF_AUDIENCE', 'The key proof is for another credential issuer.');
  if (claimsTimeProblem(claims, { now: now.toISOString(), maxAgeSeconds: MAX_AGE_SECONDS }) !== undefined)
    throw invalid('PROOF_TIME', 'The key proof has no iat, is too old or from the future.');
  if (typeof nonce !== 'string') throw invalid('NONCE_MISSING', 'The key proof holds no nonce.');
  return { key, nonce };
}

function keyOf({ kid, jwk }: JsonObject): PublicKey {
  if ((kid === undefined) === (jwk === undefined))
    throw invalid('PROOF_KEY', 'The key proof must name its key by exactly one of kid and jwk.');
  return kid === undefined ? publicKeyOfJwk(jwk) : keyOfDidUrl(kid);
}

function keyOfDidUrl(kid: JsonValue): PublicKey {
  const url = typeof kid === 'string' ? kid : '';
  const [, did = '', method] = /^(did:(key|jwk):[^#]+)#[^#]+$/.exec(url) ?? [];
  if (method === undefined || !holderDid.safeParse(did).success)
    throw invalid('PROOF_KEY', 'The kid must be a DID URL of a did:key or did:jwk.');
  const document: DIDDocument = method === 'key' ? didKeyDocument(did) : didJwkDocument(did);
  return decodeMultikey(findVerificationMethod(document, url, 'authentication').publicKeyMultibase);
}

function holderKey({ kid }: JsonObject, key: PublicKey): HolderKey {
  const jwk = jwkOfPublicKey(key);
  const did =
    typeof kid === 'string'
      ? (kid.split('#', 1)[0] ?? '')
      : `did:jwk:${base64urlnopad.encode(new TextEncoder().encode(JSON.stringify(jwk)))}`;
  return { did, thumbprint: publicJwkThumbprint(jwk) };
}

function invalid(code: string, message: string, cause?: unknown): ProtocolError {
  return new ProtocolError('invalid_proof', code, message, { cause });
}
