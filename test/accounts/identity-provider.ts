import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { Provider } from 'oidc-provider';
import type { IdentityProviderSettings } from '../../server/accounts/index.js';

/** Who stands before the provider next, and what it says of them. */
export interface AtProvider {
  subject: string;
  amr?: string[];
  acr?: string;
  /** They click “no” there. */
  denies?: boolean;
}

/** An OpenID Connect provider (`oidc-provider`) on this machine, over real HTTP and with real keys. */
export interface RunningProvider {
  issuer: string;
  /** For a client that may send people back to these addresses; made before the first request. */
  settings(redirectUris: readonly string[], changes?: Partial<IdentityProviderSettings>): IdentityProviderSettings;
  /** Everybody who comes now is this person. */
  next: AtProvider;
  /** Changes what the token endpoint answers: a provider, or somebody before it, that is not honest. */
  tamper?: ((answer: { id_token: string }) => Promise<object>) | undefined;
  /** Signs with the key the provider publishes. */
  sign(claims: Record<string, unknown>): Promise<string>;
  /** Signs with a key of somebody else under the same name. */
  forge(claims: Record<string, unknown>): Promise<string>;
  /** Parameters of the last authorization request. */
  asked(): URLSearchParams;
  /** Who proved themselves at the token endpoint, and how: `authorization` header or assertion. */
  clientProof(): string;
  /** Goes with the browser to the provider, until it sends the browser back. @returns the parameters of that address */
  visit(address: string): Promise<Record<string, string>>;
  /** Answers nothing any more. */
  close(): Promise<void>;
}

const CLIENT = 'yizheng-console';

/**
 * Starts a {@link RunningProvider}.
 * @param options `clientKey`: public JWK of a client that proves itself by `private_key_jwt` instead of a secret; `clock`: when people sign in there
 */
export async function startProvider({
  clientKey,
  clock = () => new Date(),
}: { clientKey?: JWK; clock?: () => Date } = {}): Promise<RunningProvider> {
  const key = await generateKeyPair('ES256', { extractable: true });
  const other = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(key.privateKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const secret = randomBytes(24).toString('base64url');
  let provider: Provider | undefined;
  let asked = new URLSearchParams();
  let proof = '';
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    assert.ok(provider, 'settings() first');
    const url = new URL(request.url ?? '/', issuer);
    if (url.pathname === '/auth') asked = url.searchParams;
    if (url.pathname === '/token') {
      proof = request.headers.authorization?.split(' ')[0] ?? 'assertion';
      if (running.tamper) answerThrough(response, running.tamper);
    }
    if (!url.pathname.startsWith('/interaction/')) return provider.callback()(request, response);
    const { subject, amr, acr, denies } = running.next;
    const ts = Math.floor(clock().getTime() / 1000);
    const login = { accountId: subject, ts, ...(amr && { amr }), ...(acr !== undefined && { acr }) };
    return provider.interactionFinished(
      request,
      response,
      denies ? { error: 'access_denied', error_description: '<script>no</script>' } : { login },
    );
  }

  const signed = (privateKey: CryptoKey) => (claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);

  const running: RunningProvider = {
    issuer,
    next: { subject: 'nobody' },
    sign: signed(key.privateKey),
    forge: signed(other.privateKey),
    asked: () => asked,
    clientProof: () => proof,
    settings(redirectUris, changes = {}) {
      provider ??= new Provider(issuer, {
        clients: [
          {
            client_id: CLIENT,
            redirect_uris: [...redirectUris],
            id_token_signed_response_alg: 'ES256',
            ...(clientKey
              ? { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ ...clientKey }] } }
              : { token_endpoint_auth_method: 'client_secret_basic', client_secret: secret }),
          },
        ],
        jwks: { keys: [jwk] },
        cookies: { keys: [secret] },
        ttl: { Grant: 600, Session: 600, AccessToken: 600, IdToken: 600, Interaction: 600, AuthorizationCode: 600 },
        clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
        enabledJWA: { clientAuthSigningAlgValues: ['ES256', 'EdDSA'] },
        claims: { openid: ['sub', 'amr', 'acr'] },
        acrValues: ['urn:example:two'],
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_, { uid }) => `/interaction/${uid}` },
        findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
        loadExistingGrant: async ({ oidc }) => {
          const grant = new oidc.provider.Grant({
            clientId: oidc.client?.clientId ?? '',
            accountId: oidc.session?.accountId ?? '',
          });
          grant.addOIDCScope('openid');
          await grant.save();
          return grant;
        },
      });
      return {
        issuer,
        clientId: CLIENT,
        credential: { secret },
        name: { 'zh-CN': '省统一身份认证', en: 'Province ID' },
        algorithms: ['ES256'],
        secondFactor: { acr: ['urn:example:two'], amr: ['mfa', 'otp'] },
        ...changes,
      };
    },
    async visit(address) {
      const jar = new Map<string, string>();
      let at = new URL(address);
      for (let step = 0; step < 10; step++) {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(at, { redirect: 'manual', headers: { cookie } });
        for (const set of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
          jar.set(name, value);
        }
        const location = response.headers.get('location');
        assert.ok(location !== null, `the provider shows a page: ${response.status} ${await response.text()}`);
        at = new URL(location, at);
        if (at.origin !== issuer) return Object.fromEntries(at.searchParams);
      }
      throw new Error('the provider sends the browser round and round');
    },
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return running;
}

/** Lets `change` have the JSON a response is about to end with. */
function answerThrough(response: ServerResponse, change: NonNullable<RunningProvider['tamper']>): void {
  const end = response.end.bind(response) as (body: string) => void;
  response.end = ((body: string | Uint8Array) => {
    const answer = JSON.parse(Buffer.from(body).toString()) as { id_token: string };
    void change(answer).then((changed) => {
      const text = JSON.stringify(changed);
      response.setHeader('content-length', Buffer.byteLength(text));
      end(text);
    });
    return response;
  }) as ServerResponse['end'];
}
