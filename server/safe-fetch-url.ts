import { YizhengError } from '../shared/errors.js';

/** What an address must keep before anything is resolved. */
export interface FetchUrlRules {
  /** Also `http://localhost` and `https://localhost`, with any port. */
  allowLoopback: boolean;
  /** `host` or `host:port` in lower case; absent = any public host. */
  allowedHosts?: readonly string[];
}

const PLAIN_URL = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\\\s]*)(\/[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*)?$/;
const HOST_NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa)$/;

/**
 * Checks an address as text, before the lenient WHATWG parser can turn `0x7f.1` or `127。0。0。1` into an IP address, and
 * demands that the parser then sees the very same host.
 *
 * @returns the parsed URL; its host is a DNS name in lower case (internationalised names as `xn--`)
 * @throws YizhengError `FETCH_URL` (not a plain URL, fragment, too long), `FETCH_SCHEME`, `FETCH_USERINFO`, `FETCH_HOST`
 *   (IP literal, local or malformed name), `FETCH_PORT`, `FETCH_HOST_NOT_ALLOWED`
 */
export function checkFetchUrl(text: string, rules: FetchUrlRules): URL {
  const [, scheme, authority] = (text.length <= 2048 ? PLAIN_URL.exec(text) : undefined) ?? [];
  if (scheme === undefined || authority === undefined)
    throw new YizhengError('FETCH_URL', 'Expected a plain address like https://host/path.');
  if (authority.includes('@')) throw new YizhengError('FETCH_USERINFO', 'An address may not hold a user name.');
  const [, host, port] = /^(.*?)(:\d{0,5})?$/.exec(authority) ?? [];
  const isLoopback = rules.allowLoopback && host === 'localhost';
  if (scheme !== 'https' && !(isLoopback && scheme === 'http'))
    throw new YizhengError('FETCH_SCHEME', 'Only https addresses are fetched.');
  if (host === undefined || !HOST_NAME.test(host) || (!isLoopback && (!host.includes('.') || LOCAL_NAMES.test(host))))
    throw new YizhengError('FETCH_HOST', 'The host must be a public DNS name in lower case.');
  if (port !== undefined && !isLoopback && port !== ':443')
    throw new YizhengError('FETCH_PORT', 'Only port 443 is fetched.');
  if (!URL.canParse(text)) throw new YizhengError('FETCH_URL', 'The address cannot be parsed.');
  const url = new URL(text);
  if (url.hostname !== host || url.username !== '' || url.password !== '')
    throw new YizhengError('FETCH_HOST', 'The host must be a public DNS name in lower case.');
  if (rules.allowedHosts && !rules.allowedHosts.includes(url.host))
    throw new YizhengError('FETCH_HOST_NOT_ALLOWED', 'This host is not on the list of allowed hosts.', { status: 403 });
  return url;
}
