import { YizhengError } from '../errors.js';

/**
 * The HTTPS address below which everything of a did:web lives (did:web method, "Read").
 *
 * `did:web:issuer.example` → `https://issuer.example`; `did:web:issuer.example:institutions:S1` →
 * `https://issuer.example/institutions/S1`. `http` is used for `localhost` only (DESIGN §4).
 * @param did a did:web without fragment
 * @throws YizhengError `DID_NOT_WEB`
 */
export function didWebUrl(did: string): string {
  const form = /^did:web:([a-z0-9.-]+)((?:%3A\d{1,5})?)((?::[A-Za-z0-9._-]+)*)$/.exec(did);
  const [, host, port, path] = form ?? [];
  if (host === undefined || port === undefined || path === undefined) throw notWeb();
  const origin = `${host === 'localhost' ? 'http' : 'https'}://${host}${port.replace('%3A', ':')}`;
  if (!isAddress(origin)) throw notWeb();
  return `${origin}${path.replaceAll(':', '/')}`;
}

/** Whether a text is a did:web that has an address: a port or host no URL may have is none. */
export function isDidWeb(did: string): boolean {
  try {
    didWebUrl(did);
    return true;
  } catch (error) {
    if (error instanceof YizhengError) return false;
    throw error;
  }
}

/** Address of the DID document of a did:web. @throws YizhengError `DID_NOT_WEB` */
export function didWebDocumentUrl(did: string): string {
  const base = didWebUrl(did);
  return `${base}${/^did:web:[^:]+$/.test(did) ? '/.well-known' : ''}/did.json`;
}

/** The did:web whose documents live below an address, e.g. `http://localhost:8701/institutions/x`. */
export function didWebOf(address: string): string {
  const url = new URL(address);
  const path = url.pathname.split('/').filter((part) => part !== '');
  return ['did:web', url.host.replace(':', '%3A'), ...path].join(':');
}

/** `URL.canParse` is younger than some phones. */
function isAddress(text: string): boolean {
  try {
    new URL(text);
    return true;
  } catch {
    return false;
  }
}

function notWeb(): YizhengError {
  return new YizhengError('DID_NOT_WEB', 'Not a did:web with a lower-case host, optional port and plain path.');
}
