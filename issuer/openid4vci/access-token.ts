import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { checkDpopProof, DPOP_ALGORITHMS } from './dpop.js';
import type { AccessTokenRow } from './offer-row.js';
import { ProtocolError } from './protocol-error.js';
import { secretHash } from './secrets.js';

/** A request to a protected endpoint. */
export interface ProtectedRequest {
  /** Headers. */
  authorization: string | undefined;
  dpop: string | undefined;
  /** Address of the endpoint as wallets know it. */
  address: string;
}

/** A token that opens an endpoint. */
export interface AccessToken {
  /** The token itself; what is sealed opens with it. */
  secret: string;
  row: AccessTokenRow;
}

/**
 * Reads the access token of a request (RFC 6750 §2.1). A token that was asked for with DPoP opens nothing without a proof of the same
 * key (RFC 9449 §7).
 * @throws ProtocolError `invalid_token` (401), `invalid_dpop_proof` (401)
 */
export async function readAccessToken(
  effects: Pick<IssuerEffects, 'database' | 'clock'>,
  institution: Institution,
  request: ProtectedRequest,
): Promise<AccessToken> {
  const { authorization, dpop, address } = request;
  const [, scheme = '', secret = ''] = /^(Bearer|DPoP) +([A-Za-z0-9_-]{43})$/i.exec(authorization ?? '') ?? [];
  const isDpop = scheme.toLowerCase() === 'dpop';
  if (secret === '')
    throw unauthorised(
      'ACCESS_TOKEN_MISSING',
      'Send the access token in the Authorization header.',
      authorization === undefined ? 'Bearer' : undefined,
    );
  const row = await effects.database
    .knex<AccessTokenRow>('access_tokens')
    .where({ token_hash: secretHash(secret), institution: institution.code })
    .first();
  if (!row || row.expires_at <= effects.clock().toISOString())
    throw unauthorised('ACCESS_TOKEN_INVALID', 'The access token is not known here or has expired.');
  if (row.dpop_thumbprint === null) {
    if (isDpop) throw unauthorised('ACCESS_TOKEN_UNBOUND', 'The access token is bound to no key; send it as Bearer.');
    return { secret, row };
  }
  if (!isDpop || dpop === undefined)
    throw dpopNeeded('invalid_token', 'DPOP_MISSING', 'The access token is bound to a key; send a DPoP proof.');
  const thumbprint = await checkDpopProof(effects, dpop, { method: 'POST', address, accessToken: secret }).catch(
    (error: unknown) => {
      throw error instanceof ProtocolError ? dpopNeeded('invalid_dpop_proof', error.code, error.message) : error;
    },
  );
  if (thumbprint !== row.dpop_thumbprint)
    throw dpopNeeded('invalid_token', 'DPOP_OTHER_KEY', 'The access token is bound to another key.');
  return { secret, row };
}

/** @param challenge the plain one for a request without any token (RFC 6750 §3.1) */
function unauthorised(code: string, message: string, challenge?: string): ProtocolError {
  return new ProtocolError('invalid_token', code, message, {
    status: 401,
    challenge: challenge ?? `Bearer error="invalid_token", error_description="${message}"`,
  });
}

function dpopNeeded(error: 'invalid_token' | 'invalid_dpop_proof', code: string, message: string): ProtocolError {
  return new ProtocolError(error, code, message, {
    status: 401,
    challenge: `DPoP error="${error}", error_description="${message}", algs="${DPOP_ALGORITHMS.join(' ')}"`,
  });
}
