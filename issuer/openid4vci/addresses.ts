import { didWebUrl } from '../../shared/did/did-web-url.js';
import type { Institution } from '../institutions.js';

/** Path of an institution's protocol endpoints, below the address of the service. */
export const PROTOCOL_PATH = '/institutions/:institutionCode/openid4vci';

/** Addresses of one credential issuer: an institution is one (OpenID4VCI 1.0 §12.2.1). */
export interface CredentialIssuerAddresses {
  /** Credential Issuer Identifier, string-identical wherever it stands. */
  issuer: string;
  token: string;
  nonce: string;
  credential: string;
  deferredCredential: string;
  notification: string;
  /** Beginning of every `credential_offer_uri`. */
  credentialOffers: string;
}

/** Where an institution speaks the protocol. */
export function credentialIssuerAddresses({ did }: Pick<Institution, 'did'>): CredentialIssuerAddresses {
  const issuer = didWebUrl(did);
  const base = `${issuer}/openid4vci`;
  return {
    issuer,
    token: `${base}/token`,
    nonce: `${base}/nonce`,
    credential: `${base}/credential`,
    deferredCredential: `${base}/deferred-credential`,
    notification: `${base}/notification`,
    credentialOffers: `${base}/credential-offers`,
  };
}

/**
 * Path of a well-known document of an institution: the well-known part goes between host and path (RFC 8615, OpenID4VCI 1.0 §12.2.2),
 * so a service below a path of its host needs this path of the host's root forwarded to it as well.
 * @param name e.g. `openid-credential-issuer`
 * @param baseUrl address of the service
 */
export function wellKnownPath(name: string, baseUrl: string): string {
  return `/.well-known/${name}${new URL(baseUrl).pathname.replace(/\/$/, '')}/institutions/:institutionCode`;
}
