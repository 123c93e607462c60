import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { checkDpopProof, DPOP_ALGORITHMS } from './dpop.js';
import type { AccessTokenRow, OfferRow } from './offer-row.js';
import { denied, ProtocolError } from './protocol-error.js';
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

/**
 * Asks once more, where something is about to be stored, whether a token still opens: its offer may have been withdrawn meanwhile.
 * @throws ProtocolError `credential_request_denied` (`OFFER_WITHDRAWN`)
 */
export async function requireToken(
  transaction: Knex.Transaction,
  { token_hash }: Pick<AccessTokenRow, 'token_hash'>,
): Promise<void> {
  const row: unknown = await transaction<AccessTokenRow>('access_tokens').where({ token_hash }).first('offer');
  if (row === undefined) throw denied('OFFER_WITHDRAWN', 'The institution withdrew the offer.');
}

/**
 * Ends the tokens of an offer that was taken, and what waits for them.
 * @returns how many of each, for the audit row, and how many credentials the wallet has already
 * @throws YizhengError `OFFER_USED` (409) when no token lives
 */
export async function endTokens(
  transaction: Knex.Transaction,
  { id }: Pick<OfferRow, 'id'>,
  now: Date,
): Promise<{ tokens: number; waiting: number; handedOver: number }> {
  const tokens = await transaction<AccessTokenRow>('access_tokens')
    .where({ offer: id })
    .where('expires_at', '>', now.toISOString())
    .select('token_hash', 'forms');
  if (tokens.length === 0)
    throw new YizhengError('OFFER_USED', 'This offer was taken, and there is nothing left to withdraw.', {
      status: 409,
    });
  const hashes = tokens.map(({ token_hash }) => token_hash);
  const waiting = await transaction('deferred_credentials').whereIn('token_hash', hashes).delete();
  await transaction<AccessTokenRow>('access_tokens').whereIn('token_hash', hashes).delete();
  return { tokens: tokens.length, waiting, handedOver: tokens.reduce((sum, { forms }) => sum + forms, 0) };
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
