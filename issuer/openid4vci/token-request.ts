import type { Knex } from 'knex';
import type { JsonObject } from '../../shared/json/parse-json.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { formatsAskedFor, grantedDetails, readAuthorizationDetails } from './authorization-details.js';
import { PRE_AUTHORIZED_CODE } from './authorization-server-metadata.js';
import { closeOffer, txCodeHash } from './credential-offers.js';
import { readFormats, writeFormats, type AccessTokenRow, type OfferRow } from './offer-row.js';
import { whyOver } from './offer-over.js';
import { offeredCertificate } from './offered-certificate.js';
import { ProtocolError } from './protocol-error.js';
import { openFacts, sealFacts } from './sealed-facts.js';
import { newSecret, sameHash, secretHash } from './secrets.js';

/** How long a token opens the credential endpoint, in seconds. */
export const TOKEN_SECONDS = 900;
/** The same where the certificate waits for approval: the token is what the wallet comes back with. */
export const DEFERRED_TOKEN_SECONDS = 30 * 86_400;
/** Wrong transaction codes after which an offer is locked. */
export const MAX_WRONG_CODES = 5;

/** A Token Response (OpenID4VCI 1.0 §6.2). */
export interface TokenResponse extends JsonObject {
  access_token: string;
  token_type: 'Bearer' | 'DPoP';
  expires_in: number;
}

interface TokenRequest {
  code: string;
  codeHash: string;
  txCode: string | undefined;
  details: string[] | undefined;
  dpopThumbprint: string | undefined;
}

/**
 * Exchanges a pre-authorized code for an access token (OpenID4VCI 1.0 §6): once, with the right transaction code, of which five wrong
 * ones lock the offer.
 * @param form parameters of the request
 * @param dpopThumbprint key the wallet proved, which the token is then bound to (RFC 9449 §5)
 * @throws ProtocolError `invalid_request`, `unsupported_grant_type`, `invalid_authorization_details`, `invalid_grant` with one of the
 *   codes `OFFER_UNKNOWN`, `OFFER_EXPIRED`, `OFFER_USED`, `OFFER_LOCKED`, `OFFER_WITHDRAWN`, `TX_CODE_WRONG`,
 *   `TX_CODE_NOT_TOLD`
 */
export async function exchangeCode(
  effects: IssuerEffects,
  institution: Institution,
  form: ReadonlyMap<string, string>,
  dpopThumbprint: string | undefined,
): Promise<TokenResponse> {
  const { database, keystore, clock } = effects;
  const request = readTokenRequest(form, dpopThumbprint);
  const known = await database
    .knex<OfferRow>('credential_offers')
    .where({ institution: institution.code, code_hash: request.codeHash })
    .first('id');
  const guess =
    known && request.txCode !== undefined ? await txCodeHash(keystore, known.id, request.txCode) : undefined;
  // A refusal may have to be counted, so it is no reason to undo the transaction.
  const outcome = await database.write(async (transaction) => {
    const now = clock();
    const offer = await transaction<OfferRow>('credential_offers')
      .where({ institution: institution.code, code_hash: request.codeHash })
      .first();
    if (!offer) return refusal('OFFER_UNKNOWN', 'The code is not known here.');
    const refused =
      refusedOffer(offer, now) ?? refusedPresence(offer, guess) ?? (await refusedGuess(transaction, offer, guess, now));
    return refused ?? grant(transaction, effects, { offer, request, now });
  });
  if (outcome instanceof ProtocolError) throw outcome;
  return outcome;
}

function readTokenRequest(form: ReadonlyMap<string, string>, dpopThumbprint: string | undefined): TokenRequest {
  const grantType = form.get('grant_type');
  if (grantType === undefined) throw new ProtocolError('invalid_request', 'GRANT_TYPE', 'The grant_type is missing.');
  if (grantType !== PRE_AUTHORIZED_CODE)
    throw new ProtocolError('unsupported_grant_type', 'GRANT_TYPE', 'Only pre-authorized codes are taken here.');
  const code = form.get('pre-authorized_code');
  if (code === undefined)
    throw new ProtocolError('invalid_request', 'CODE_MISSING', 'The pre-authorized_code is missing.');
  const details = form.get('authorization_details');
  return {
    code,
    codeHash: secretHash(code),
    txCode: form.get('tx_code'),
    details: details === undefined ? undefined : readAuthorizationDetails(details),
    dpopThumbprint,
  };
}

function refusedOffer(offer: OfferRow, now: Date): ProtocolError | undefined {
  const over = whyOver(offer, now);
  return over && refusal(over.code, over.message);
}

function refusedPresence(offer: OfferRow, guess: string | undefined): ProtocolError | undefined {
  if (offer.tx_code_length !== null && guess === undefined)
    return new ProtocolError('invalid_request', 'TX_CODE_MISSING', 'The offer demands a tx_code.');
  if (offer.tx_code_length === null && guess !== undefined)
    return new ProtocolError('invalid_request', 'TX_CODE_UNEXPECTED', 'The offer knows no tx_code.');
  return undefined;
}

async function refusedGuess(
  transaction: Knex.Transaction,
  offer: OfferRow,
  guess: string | undefined,
  now: Date,
): Promise<ProtocolError | undefined> {
  if (offer.code_withheld !== 0 && offer.code_told_at === null)
    return refusal('TX_CODE_NOT_TOLD', 'The tx_code of this offer was told to nobody yet.');
  if (offer.tx_code_hash === null || sameHash(offer.tx_code_hash, guess ?? '')) return undefined;
  const wrong = offer.wrong_codes + 1;
  await transaction('credential_offers').where({ id: offer.id }).update({ wrong_codes: wrong });
  if (wrong < MAX_WRONG_CODES)
    return refusal('TX_CODE_WRONG', 'The tx_code is wrong.', { attempts_left: MAX_WRONG_CODES - wrong });
  await closeOffer(transaction, offer, 'locked', { actor: 'system', action: 'offer.lock', now });
  return refusal('OFFER_LOCKED', 'The tx_code is wrong for the fifth time; the offer is locked.');
}

async function grant(
  transaction: Knex.Transaction,
  { randomBytes }: Pick<IssuerEffects, 'randomBytes'>,
  { offer, request, now }: { offer: OfferRow; request: TokenRequest; now: Date },
): Promise<TokenResponse> {
  const { code, details, dpopThumbprint } = request;
  const offered = readFormats(offer.formats);
  const formats = details ? formatsAskedFor(details, offer, offered) : offered;
  const { state } = await offeredCertificate(transaction, offer);
  const seconds = state === 'pending' ? DEFERRED_TOKEN_SECONDS : TOKEN_SECONDS;
  const token = newSecret(randomBytes);
  await closeOffer(transaction, offer, 'used', { actor: 'holder', action: 'offer.take', now });
  const row: AccessTokenRow = {
    token_hash: secretHash(token),
    institution: offer.institution,
    offer: offer.id,
    formats: writeFormats(formats),
    by_identifier: details ? 1 : 0,
    dpop_thumbprint: dpopThumbprint ?? null,
    sealed: offer.sealed === null ? null : sealFacts(openFacts(offer.sealed, code), token, randomBytes),
    forms: 0,
    expires_at: new Date(now.getTime() + seconds * 1000).toISOString(),
  };
  await transaction('access_tokens').insert(row);
  return {
    access_token: token,
    token_type: dpopThumbprint === undefined ? 'Bearer' : 'DPoP',
    expires_in: seconds,
    ...(details ? { authorization_details: grantedDetails(offer, formats) } : {}),
  };
}

function refusal(code: string, message: string, more: Record<string, number> = {}): ProtocolError {
  return new ProtocolError('invalid_grant', code, message, { more });
}
