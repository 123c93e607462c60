import type { ClientAuth } from 'openid-client';
import type { KeyAlgorithm } from '../../../shared/did/multikey.js';
import type { AccountEffects } from '../effects.js';
import type { IdentityProviderSettings } from './settings.js';

/** JOSE names of the algorithms a signer has (RFC 7518, RFC 8037). */
const JOSE: Record<KeyAlgorithm, string> = { Ed25519: 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384' };
/** An assertion is good for one request, seconds. */
const LIFETIME = 60;

/**
 * How the service proves itself at the token endpoint (OpenID Connect Core §9): `client_secret_basic`, or `client_secret_post` where the provider
 * takes only that; with a key `private_key_jwt`, signed in keys/, so that the key itself never comes here.
 */
export async function clientAuth(
  { credential, clientId }: IdentityProviderSettings,
  methods: readonly string[] | undefined,
  { clock, randomBytes }: Pick<AccountEffects, 'clock' | 'randomBytes'>,
): Promise<ClientAuth> {
  if ('secret' in credential) {
    const { ClientSecretBasic, ClientSecretPost } = await import('openid-client');
    const takesOnlyPost = methods?.includes('client_secret_basic') === false && methods.includes('client_secret_post');
    return takesOnlyPost ? ClientSecretPost(credential.secret) : ClientSecretBasic(credential.secret);
  }
  const { signer, keyId } = credential;
  const sign = async (issuer: string): Promise<string> => {
    const now = Math.floor(clock().getTime() / 1000);
    const head = { alg: JOSE[signer.algorithm], typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) };
    const jti = Buffer.from(randomBytes(16)).toString('base64url');
    const said = { iss: clientId, sub: clientId, aud: issuer, jti, iat: now, exp: now + LIFETIME };
    const text = [head, said].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = await signer.sign({ data: new TextEncoder().encode(text) });
    return `${text}.${Buffer.from(signature).toString('base64url')}`;
  };
  // `ClientAuth` says `void`; the library waits for what it gets.
  const prove: (...given: Parameters<ClientAuth>) => unknown = async (server, _client, body) => {
    body.set('client_id', clientId);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', await sign(server.issuer));
  };
  return prove;
}
