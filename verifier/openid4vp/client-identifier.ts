import { X509Certificate } from 'node:crypto';
import { didWebOf } from '../../shared/did/did-web-url.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { publicKeyOfJwk } from '../../shared/did/multikey.js';
import { checkSignature } from '../../shared/proof/check-signature.js';
import { signCompactJws } from '../../shared/proof/jose/sign-compact-jws.js';
import type { Signer } from '../../shared/proof/types.js';

/** `typ` of a signed request object (OpenID4VP 1.0 §5, RFC 9101 §10.8). */
export const REQUEST_OBJECT_TYP = 'oauth-authz-req+jwt';

/** Who this verifier is to wallets (OpenID4VP 1.0 §5.9). */
export interface ClientIdentifier {
  prefix: 'redirect_uri' | 'decentralized_identifier' | 'x509_san_dns';
  /** The `client_id`, with its prefix, of a request answered at this address. */
  clientIdOf(responseUri: string): string;
  /**
   * Signs a request object; absent where requests must not be signed.
   * @throws YizhengError `REQUEST_CERTIFICATE` (503) when the certificate of `x509_san_dns` has run out
   */
  sign?: (payload: JsonObject) => Promise<string>;
}

/** `redirect_uri:<response_uri>`: proves nothing but where the answer goes, so its requests are never signed. */
export function redirectUriClient(): ClientIdentifier {
  return { prefix: 'redirect_uri', clientIdOf: (responseUri) => `redirect_uri:${responseUri}` };
}

/**
 * `decentralized_identifier:<did>`: requests are signed by a key of the verifier's own did:web, whose document wallets fetch.
 * @param options `baseUrl`: where that document lies; `signer`: the key, asked for at each request, so that it may be rotated
 */
export function decentralizedIdentifierClient(options: {
  baseUrl: string;
  signer: () => Promise<Signer>;
}): ClientIdentifier {
  const clientId = `decentralized_identifier:${didWebOf(options.baseUrl)}`;
  return {
    prefix: 'decentralized_identifier',
    clientIdOf: () => clientId,
    sign: async (payload) => {
      const signer = await options.signer();
      return signCompactJws({ header: { typ: REQUEST_OBJECT_TYP, kid: signer.id }, payload }, signer);
    },
  };
}

/**
 * `x509_san_dns:<host>`: requests are signed by the key of a certificate for the host where answers go.
 * @param options `chain`: PEM certificates, the verifier's own first; a root at the end is not sent; `signer`: its key
 * @throws YizhengError `REQUEST_CERTIFICATE` (500): unreadable, out of order, for another host, of another key, or not valid now
 */
export async function x509SanDnsClient(options: {
  baseUrl: string;
  chain: string;
  signer: Signer;
  clock: () => Date;
}): Promise<ClientIdentifier> {
  const { signer, clock } = options;
  const host = new URL(options.baseUrl).hostname;
  const chain = readChain(options.chain);
  const [leaf] = chain;
  if (!leaf || !dnsNamesOf(leaf).includes(host)) throw refused(`The certificate is not for the host ${host}.`);
  const isIssuedBy = (below: X509Certificate | undefined, above: X509Certificate): boolean =>
    below !== undefined && below.checkIssued(above) && below.verify(above.publicKey);
  if (!chain.slice(1).every((above, i) => isIssuedBy(chain[i], above)))
    throw refused('Each certificate of the chain must be issued by the one after it.');
  if (!(await isKeyOf(leaf, signer))) throw refused('The certificate is of another key.');
  const demandCurrent = (status: number): void => {
    const now = clock().getTime();
    if (chain.some(({ validFrom, validTo }) => now < Date.parse(validFrom) || now > Date.parse(validTo)))
      throw refused('The certificate is not valid now; renew it.', status);
  };
  demandCurrent(500);
  const isRoot = (certificate: X509Certificate): boolean => certificate.checkIssued(certificate);
  const sent = chain.filter((certificate, i) => i === 0 || !isRoot(certificate));
  const x5c = sent.map(({ raw }) => raw.toString('base64'));
  return {
    prefix: 'x509_san_dns',
    clientIdOf: () => `x509_san_dns:${host}`,
    sign: async (payload) => {
      demandCurrent(503);
      return signCompactJws({ header: { typ: REQUEST_OBJECT_TYP, x5c }, payload }, signer);
    },
  };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

function readChain(pem: string): X509Certificate[] {
  try {
    const chain = (pem.match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text));
    if (chain.length > 0 && chain.length <= 6) return chain;
  } catch (cause) {
    throw refused('The certificates cannot be read.', 500, cause);
  }
  throw refused('There must be one to six certificates.');
}

function dnsNamesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName.split(', ').flatMap((name) => (name.startsWith('DNS:') ? [name.slice('DNS:'.length)] : []));
}

async function isKeyOf(certificate: X509Certificate, signer: Signer): Promise<boolean> {
  const probe = new TextEncoder().encode('yizheng: is this the key of the certificate?');
  try {
    const key = publicKeyOfJwk(certificate.publicKey.export({ format: 'jwk' }));
    return key.algorithm === signer.algorithm && checkSignature(key, probe, await signer.sign({ data: probe }));
  } catch (error) {
    if (error instanceof YizhengError && error.code === 'KEY_FORMAT') return false;
    throw error;
  }
}

function refused(message: string, status = 500, cause?: unknown): YizhengError {
  return new YizhengError('REQUEST_CERTIFICATE', message, { status, cause });
}
