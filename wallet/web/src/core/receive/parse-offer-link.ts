import { YizhengError } from '../../../../../shared/errors.js';

/** How an offer came: itself, or where to get it. */
export type OfferLink = { value: string } | { uri: string };

const SCHEME = /^(?:openid-credential-offer|haip|haip-vci):\/\/[^?#]*\?(.*)$/s;
const WEB = /^https?:\/\/[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s;
const MAX_LINK = 16_384;

/**
 * Reads the text of a QR code or link that offers a credential (OpenID4VCI 1.0 §4.1): `openid-credential-offer://?…`, or an https link
 * that carries the same parameters as its query or, better, behind `#`, where no server sees the code in them.
 * @returns undefined for what is no offer
 * @throws YizhengError `OFFER_FORMAT` when both or neither of the parameters stand there, or one twice
 */
export function parseOfferLink(text: string): OfferLink | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LINK) return undefined;
  const scheme = SCHEME.exec(trimmed);
  const web = scheme ? undefined : WEB.exec(trimmed);
  const candidates = scheme ? [scheme[1]] : [web?.[1], web?.[2]?.replace(/^[/?]*/, '')];
  for (const candidate of candidates) {
    const parameters = new URLSearchParams(candidate ?? '');
    const [values, uris] = [parameters.getAll('credential_offer'), parameters.getAll('credential_offer_uri')];
    if (values.length + uris.length === 0) continue;
    const [value, uri] = [values[0], uris[0]];
    if (values.length + uris.length === 1) return value === undefined ? { uri: uri ?? '' } : { value };
    throw badOffer();
  }
  if (scheme) throw badOffer();
  return undefined;
}

function badOffer(): YizhengError {
  return new YizhengError('OFFER_FORMAT', 'The offer is not written as OpenID4VCI 1.0 §4.1 says.', { status: 422 });
}
