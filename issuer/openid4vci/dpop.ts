import { createHash } from 'node:crypto';
import { publicKeyOfJwk } from '../../shared/did/multikey.js';
import { YizhengError } from '../../shared/errors.js';
import { publicJwkThumbprint } from '../../shared/proof/jose/jwk.js';
import { claimsTimeProblem, readClaims } from '../../shared/proof/jose/jwt-claims.js';
import { verifyCompactJws } from '../../shared/proof/jose/verify-compact-jws.js';
import { isUniqueViolation } from '../../server/index.js';
import type { IssuerEffects } from '../effects.js';
import { ProtocolError } from './protocol-error.js';
import { secretHash } from './secrets.js';

/** Algorithms a wallet may prove possession with. */
export const DPOP_ALGORITHMS = ['ES256', 'ES384', 'EdDSA'] as const;

/** Oldest proof taken, in seconds, beside the forgiven clock difference. */
const MAX_AGE_SECONDS = 60;
/** How long a proof is remembered, so that it counts once. */
const REMEMBERED_MS = 5 * 60_000;
const MAX_LENGTH = 4096;

/** The request a proof must be made for. */
export interface ProvenRequest {
  method: 'POST';
  /** Address as the client knows it, without query and fragment. */
  address: string;
  /** The access token it is sent with, on resources. */
  accessToken?: string;
}

/**
 * Checks a DPoP proof (RFC 9449 §4.3); each counts once.
 * @returns thumbprint (RFC 7638) of the key that made it
 * @throws ProtocolError `invalid_dpop_proof`
 */
export async function checkDpopProof(
  { database, clock }: Pick<IssuerEffects, 'database' | 'clock'>,
  proof: string,
  request: ProvenRequest,
): Promise<string> {
  const now = clock();
  const { claims, thumbprint } = await readProof(proof);
  const { htm, htu, jti, ath } = claims;
  if (htm !== request.method || !isSameAddress(htu, request.address))
    throw invalid('DPOP_OTHER_REQUEST', 'The DPoP proof is for another method or address.');
  if (request.accessToken !== undefined && ath !== tokenHash(request.accessToken))
    throw invalid('DPOP_OTHER_TOKEN', 'The DPoP proof is not for this access token.');
  if (claimsTimeProblem(claims, { now: now.toISOString(), maxAgeSeconds: MAX_AGE_SECONDS }) !== undefined)
    throw invalid('DPOP_TIME', 'The DPoP proof is too old or from the future.');
  if (typeof jti !== 'string' || jti.length < 8 || jti.length > 200)
    throw invalid('DPOP_JTI', 'The DPoP proof has no unique jti.');
  await database
    .write(async (transaction) => {
      await transaction('dpop_proofs').where('expires_at', '<', now.toISOString()).delete();
      await transaction('dpop_proofs').insert({
        proof_hash: secretHash(`${thumbprint} ${jti}`),
        expires_at: new Date(now.getTime() + REMEMBERED_MS).toISOString(),
      });
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? invalid('DPOP_REPLAYED', 'The DPoP proof was used before.') : error;
    });
  return thumbprint;
}

async function readProof(proof: string): Promise<{ claims: ReturnType<typeof readClaims>; thumbprint: string }> {
  try {
    const { header, payload } = await verifyCompactJws(proof, {
      typ: 'dpop+jwt',
      keyHeaders: ['jwk'],
      keyOf: ({ jwk }) => publicKeyOfJwk(jwk),
      maxLength: MAX_LENGTH,
    });
    return { claims: readClaims(payload), thumbprint: publicJwkThumbprint(header['jwk']) };
  } catch (error) {
    if (!(error instanceof YizhengError)) throw error;
    throw invalid(error.code, 'The DPoP proof is not a JWT signed with the key in its header.');
  }
}

/** Compares as RFC 9449 §4.3 says: without query and fragment, after normalisation. */
function isSameAddress(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || !URL.canParse(given)) return false;
  const url = new URL(given);
  url.search = '';
  url.hash = '';
  return url.href === new URL(expected).href;
}

function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function invalid(code: string, message: string): ProtocolError {
  return new ProtocolError('invalid_dpop_proof', code, message);
}
