import { YizhengError } from '../../../../../shared/errors.js';

/** The parameters of a request link, each given once. */
export type RequestParameters = Readonly<Record<string, string>>;

const SCHEME = /^(?:openid4vp|haip-vp|haip|eudi-openid4vp|openid):\/\/[^?#]*\?([^#]*)$/s;
const INSIDE = /^https?:\/\/[^#]*#\/?openid4vp:(.+)$/s;
const WEB = /^https?:\/\/[^?#]*\?([^#]*)/s;
const MAX_LINK = 16_384;

/**
 * Reads the text of a QR code or link that asks for credentials (OpenID4VP 1.0 §5): `openid4vp://?…`, an https link with the same
 * parameters, or our wallet's own address with such a link, percent-encoded, behind `#openid4vp:`.
 * @returns undefined for what is no request
 * @throws YizhengError `REQUEST_FORMAT` for a parameter given twice
 */
export function parseRequestLink(text: string): RequestParameters | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LINK) return undefined;
  const inside = INSIDE.exec(trimmed)?.[1];
  if (inside !== undefined) return parseRequestLink(decoded(inside));
  const query = SCHEME.exec(trimmed)?.[1] ?? WEB.exec(trimmed)?.[1];
  if (query === undefined) return undefined;
  const parameters = new URLSearchParams(query);
  if (!parameters.has('client_id')) return undefined;
  const names = [...parameters.keys()];
  if (new Set(names).size !== names.length)
    throw new YizhengError('REQUEST_FORMAT', 'The request gives one parameter twice.', { status: 422 });
  return Object.fromEntries(parameters);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
