import { YizhengError } from '../../../../../shared/errors.js';
import { sendForm, type Answer } from '../net/http.js';
import type { Platform } from '../platform.js';
import { errorSchema, offerProblem, PRE_AUTHORIZED, tokenSchema } from './messages.js';
import type { Offer } from './read-offer.js';

/** Leave to ask for what was offered. */
export interface Token {
  accessToken: string;
  /** Credential identifiers to ask by, by configuration, where the issuer gave any (OpenID4VCI 1.0 §6.2). */
  identifiers: Record<string, string>;
}

/**
 * Exchanges the code of an offer, with what was typed in, for a token (OpenID4VCI 1.0 §6).
 * @throws YizhengError `TX_CODE_REQUIRED`, `TX_CODE_WRONG`, `OFFER_LOCKED`, `OFFER_USED`, `OFFER_EXPIRED`, `OFFER_WITHDRAWN`,
 *   `OFFER_REFUSED` when a code is used, expired or wrong and the issuer does not say which, `TOO_MANY_TRIES`, `ISSUER_ANSWER`
 */
export async function requestToken(offer: Offer, txCode: string | undefined, platform: Platform): Promise<Token> {
  if (offer.txCode && (txCode ?? '').trim() === '')
    throw new YizhengError('TX_CODE_REQUIRED', 'Type in the code that came with the offer.');
  const answer = await sendForm(platform, offer.endpoints.token, {
    grant_type: PRE_AUTHORIZED,
    'pre-authorized_code': offer.preAuthorizedCode,
    ...(offer.txCode && { tx_code: (txCode ?? '').trim() }),
  });
  if (answer.status !== 200) throw tokenProblem(answer, offer);
  const token = tokenSchema.safeParse(answer.json);
  if (!token.success || token.data.token_type.toLowerCase() !== 'bearer')
    throw new YizhengError('ISSUER_ANSWER', 'The issuer answered something else than OpenID4VCI 1.0 says.', {
      at: offer.host,
    });
  const details = token.data.authorization_details ?? [];
  const identifiers = details.flatMap(({ credential_configuration_id: id, credential_identifiers: [first] = [] }) =>
    id !== undefined && first !== undefined ? [[id, first] as const] : [],
  );
  return { accessToken: token.data.access_token, identifiers: Object.fromEntries(identifiers) };
}

function tokenProblem({ status, json }: Answer, offer: Offer): YizhengError {
  const { error } = errorSchema.safeParse(json).data ?? {};
  const own = offerProblem(json);
  if (own !== undefined) return new YizhengError(own, 'The issuer did not accept the code.', { at: offer.host });
  if (status === 429 || error === 'slow_down')
    return new YizhengError('TOO_MANY_TRIES', 'Too many tries; wait a minute.', { at: offer.host });
  if (error === 'invalid_grant' && offer.txCode)
    return new YizhengError('TX_CODE_WRONG', 'The code is wrong, or the offer was used or has expired.', {
      at: offer.host,
    });
  return new YizhengError('OFFER_REFUSED', 'The offer was used before, has expired, or was withdrawn.', {
    at: offer.host,
  });
}
