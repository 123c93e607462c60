import type { Configuration, IDToken } from 'openid-client';
import { YizhengError } from '../../../shared/errors.js';
import type { SafeFetch } from '../../safe-fetch.js';
import type { AccountEffects } from '../effects.js';
import { clientAuth } from './client-auth.js';
import { providerFetch } from './provider-fetch.js';
import { checkIdentityProvider, type IdentityProviderSettings } from './settings.js';

/** Page of the console the provider sends people back to, below the address of the service. */
export const RETURN_PATH = '/sign-in-return';
/** Loaded with the first sign-in through a provider. */
const openid = async () => import('openid-client');
/** The provider's metadata are asked for again after so long, milliseconds. */
const METADATA_MS = 10 * 60_000;
/** Clocks of provider and service may differ by so much, milliseconds. */
const CLOCK_DIFFERENCE_MS = 2 * 60_000;

/** What is kept while somebody is at the provider. */
export interface AskedProvider {
  state: string;
  nonce: string;
  /** PKCE code verifier (RFC 7636). */
  verifier: string;
  /** RFC 3339. */
  begunAt: string;
}

/** Who the provider says somebody is. */
export interface ProvenIdentity {
  issuer: string;
  /** `sub`: never changes and is never given to another, at this issuer. */
  subject: string;
  /** Whether the provider says, by `acr` or `amr` as configured, that a second factor was used. */
  hasSecondFactor: boolean;
}

/** The provider a service takes people's identity from. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly name: IdentityProviderSettings['name'];
  /**
   * Address at the provider to which the browser goes. A new sign-in is asked for there, so that at a shared desk nobody comes in as whoever sat
   * there before.
   * @throws YizhengError `OIDC_UNREACHABLE`, `OIDC_REFUSED`
   */
  address(asked: AskedProvider, language: 'zh-CN' | 'en'): Promise<string>;
  /**
   * Redeems what the browser came back with: state, `iss` (RFC 9207), code with PKCE, and the ID token with signature, issuer, audience, times and
   * nonce, all by the library. Tokens are forgotten at once.
   * @throws YizhengError `OIDC_DENIED` (403: the person said no there), `OIDC_REFUSED` (401), `OIDC_NOT_FRESH` (401), `OIDC_UNREACHABLE` (502)
   */
  redeem(parameters: Readonly<Record<string, string>>, asked: AskedProvider): Promise<ProvenIdentity>;
}

/**
 * Makes the client of a provider.
 * @throws YizhengError `OIDC_CONFIGURATION`
 */
export function openIdentityProvider(
  settings: IdentityProviderSettings,
  effects: Pick<AccountEffects, 'baseUrl' | 'clock' | 'randomBytes'> & { fetch: SafeFetch },
): IdentityProvider {
  const isLocal = ['localhost', '127.0.0.1'].includes(new URL(effects.baseUrl).hostname);
  checkIdentityProvider(settings, isLocal);
  const { secondFactor } = settings;
  const redirectUri = `${effects.baseUrl}${RETURN_PATH}`;
  let known: { until: number; configuration: Promise<Configuration> } | undefined;
  const configured = async (): Promise<Configuration> => {
    const now = effects.clock().getTime();
    if (!known || known.until <= now) known = { until: now + METADATA_MS, configuration: configure(settings, effects) };
    try {
      return await known.configuration;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
  return {
    issuer: settings.issuer,
    name: settings.name,
    async address({ state, nonce, verifier }, language) {
      const configuration = await explained(configured);
      const { acr } = secondFactor;
      const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await openid();
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        prompt: 'login',
        ui_locales: language,
        ...(acr.length > 0 && { acr_values: acr.join(' ') }),
      });
      if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal && url.hostname === 'localhost'))
        throw refused('OIDC_REFUSED', 'Its authorization endpoint is not https.');
      return url.href;
    },
    async redeem(parameters, asked) {
      const { authorizationCodeGrant } = await openid();
      const claims = await explained(async () => {
        const back = new URL(redirectUri);
        for (const [name, value] of Object.entries(parameters)) back.searchParams.set(name, value);
        const tokens = await authorizationCodeGrant(await configured(), back, {
          expectedState: asked.state,
          expectedNonce: asked.nonce,
          pkceCodeVerifier: asked.verifier,
          idTokenExpected: true,
        });
        return tokens.claims();
      });
      if (!claims || claims.sub === '' || claims.sub.length > 255) throw refused('OIDC_REFUSED', 'It named nobody.');
      if ((claims.auth_time ?? Infinity) * 1000 + CLOCK_DIFFERENCE_MS < Date.parse(asked.begunAt))
        throw refused('OIDC_NOT_FRESH', 'It let an older sign-in stand; sign out there first, then begin again.');
      return { issuer: claims.iss, subject: claims.sub, hasSecondFactor: provesSecondFactor(claims, secondFactor) };
    },
  };
}

async function configure(
  settings: IdentityProviderSettings,
  effects: Pick<AccountEffects, 'clock' | 'randomBytes'> & { fetch: SafeFetch },
): Promise<Configuration> {
  const library = await openid();
  const { issuer, clientId, algorithms } = settings;
  const fetch = providerFetch(effects.fetch);
  const plainHttp: ((configuration: Configuration) => void)[] = [];
  // `checkIdentityProvider` allows it a local service alone, for a provider on localhost.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out, as its documentation says
  if (issuer.startsWith('http:')) plainHttp.push(library.allowInsecureRequests);
  const found = await library.discovery(new URL(issuer), clientId, {}, undefined, {
    [library.customFetch]: fetch,
    execute: plainHttp,
  });
  const metadata = { ...found.serverMetadata() };
  if (metadata.issuer !== issuer)
    throw refused('OIDC_REFUSED', 'It calls itself by another issuer identifier than was configured.');
  const offered = metadata.id_token_signing_alg_values_supported ?? ['RS256'];
  metadata.id_token_signing_alg_values_supported = algorithms.filter((one) => offered.includes(one));
  if (metadata.id_token_signing_alg_values_supported.length === 0)
    throw refused('OIDC_REFUSED', 'It signs with none of the algorithms that are allowed.');
  const auth = await clientAuth(settings, metadata.token_endpoint_auth_methods_supported, effects);
  const configuration = new library.Configuration(metadata, clientId, {}, auth);
  configuration[library.customFetch] = fetch;
  for (const allow of plainHttp) allow(configuration);
  library.enableNonRepudiationChecks(configuration);
  return configuration;
}

function provesSecondFactor({ acr, amr }: IDToken, wanted: IdentityProviderSettings['secondFactor']): boolean {
  const methods: readonly unknown[] = Array.isArray(amr) ? amr : [];
  return (typeof acr === 'string' && wanted.acr.includes(acr)) || wanted.amr.some((one) => methods.includes(one));
}

/** Says what went wrong at the provider, without a word of what it sent. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof YizhengError && !error.code.startsWith('FETCH_')) throw error;
    const { AuthorizationResponseError } = await openid();
    if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
      throw new YizhengError('OIDC_DENIED', 'The identity provider was told not to let you in here.', { status: 403 });
    const unreachable = causes(error).some((one) => one instanceof YizhengError && one.code.startsWith('FETCH_'));
    if (unreachable)
      throw new YizhengError(
        'OIDC_UNREACHABLE',
        'The identity provider does not answer; sign in with passkey or password, or try later.',
        { status: 502, cause: error },
      );
    const at = reasonOf(error);
    throw refused('OIDC_REFUSED', `Its answer does not hold (${at}).`, { at, cause: error });
  }
}

function causes(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}

/** The library's or the provider's name for the reason, where it is one. */
function reasonOf(error: unknown): string {
  const { error: told, code } = error as { error?: unknown; code?: unknown };
  const plain = [told, code].find((one): one is string => typeof one === 'string' && /^[A-Za-z_]{1,60}$/.test(one));
  return plain ?? 'unknown';
}

function refused(code: string, what: string, why: { at?: string; cause?: unknown } = {}): YizhengError {
  return new YizhengError(code, `The identity provider is not relied on: ${what}`, { status: 401, ...why });
}
