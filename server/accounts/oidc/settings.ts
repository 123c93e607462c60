import type { Signer } from '../../../shared/proof/types.js';
import { YizhengError } from '../../../shared/errors.js';

/** Algorithms an ID token may be signed with: asymmetric ones only, so that nobody who knows the client's secret can make one. */
export const ID_TOKEN_ALGORITHMS = ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] as const;

/** An OpenID Connect provider whose word the service takes for who somebody is, as the operator configures it. */
export interface IdentityProviderSettings {
  /** Issuer identifier, exactly as the provider writes it; `https`, or `http://localhost` for a service of this machine. */
  issuer: string;
  clientId: string;
  /** How this service proves itself to the provider: a secret, or a key of its own (`private_key_jwt`, RFC 7523). */
  credential: { secret: string } | { signer: Signer; keyId?: string };
  /** What people call it, on the button. */
  name: { 'zh-CN': string; en: string };
  /** Some of {@link ID_TOKEN_ALGORITHMS}. */
  algorithms: readonly string[];
  /** Values of `acr` and `amr`, any one of which says that a second factor was used there; none: it is always asked for here. */
  secondFactor: { acr: readonly string[]; amr: readonly string[] };
}

/**
 * Refuses settings no sign-in could work with, before the service listens. Nothing is fetched: a provider that does not answer keeps nobody from
 * signing in with a password.
 * @param allowLoopback whether the provider may be on this machine
 * @throws YizhengError `OIDC_CONFIGURATION` naming the setting
 */
export function checkIdentityProvider(settings: IdentityProviderSettings, allowLoopback: boolean): void {
  const { issuer, clientId, credential, name, algorithms, secondFactor } = settings;
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const isLoopback = allowLoopback && url?.hostname === 'localhost';
  if (!url || issuer.length > 300 || (url.protocol !== 'https:' && !(isLoopback && url.protocol === 'http:')))
    throw wrong('issuer', 'must be an https address as the provider writes it');
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw wrong('issuer', 'has no query, fragment or user name');
  if (!/^[\x21-\x7e]{1,300}$/.test(clientId)) throw wrong('clientId', 'must be the id the provider gave');
  if ('secret' in credential && !/^[\x20-\x7e]{8,1000}$/.test(credential.secret))
    throw wrong('secret', 'must be 8 to 1000 printable ASCII characters');
  if ([name['zh-CN'], name.en].some((one) => one.trim() === '' || one.length > 40))
    throw wrong('name', 'must have 1 to 40 characters in each language');
  const known: readonly string[] = ID_TOKEN_ALGORITHMS;
  if (algorithms.length === 0 || algorithms.some((one) => !known.includes(one)))
    throw wrong('algorithms', `must be some of ${known.join(', ')}`);
  if ([...secondFactor.acr, ...secondFactor.amr].some((one) => !/^[\x21-\x7e]{1,200}$/.test(one)))
    throw wrong('secondFactor', 'must be values of acr or amr without spaces');
}

function wrong(at: string, what: string): YizhengError {
  return new YizhengError('OIDC_CONFIGURATION', `The identity provider’s ${at} ${what}.`, { at, status: 500 });
}
