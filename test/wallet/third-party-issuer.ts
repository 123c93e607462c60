import { createHash, randomBytes, randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  clientAuthenticationAnonymous,
  HashAlgorithm,
  Oauth2AuthorizationServer,
  Oauth2ResourceServer,
  preAuthorizedCodeGrantIdentifier,
  setGlobalConfig,
  type CallbackContext,
  type HttpMethod,
  type Jwk,
} from '@openid4vc/oauth2';
import { Openid4vciIssuer, Openid4vciVersion, type IssuerMetadataResult } from '@openid4vc/openid4vci';
import { digest, ES256, generateSalt } from '@sd-jwt/crypto-nodejs';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';

/** What a test may make the issuer do wrong. */
export interface Mischief {
  /** Binds the credential to a key of its own. */
  otherKey?: boolean;
  /** Calls itself something else in its metadata. */
  otherName?: boolean;
  /** Takes no nonce the first time. */
  staleNonce?: boolean;
  /** Promises the credential for later. */
  later?: boolean;
}

/** An offer as it is handed out on a slip of paper. */
export interface Slip {
  link: string;
  txCode: string;
}

/** An issuer made of `@openid4vc/openid4vci`, `@openid4vc/oauth2` and `@sd-jwt/sd-jwt-vc`; nothing of ours is in it. */
export interface ThirdPartyIssuer {
  url: string;
  mischief: Mischief;
  /** Notifications that came in. */
  notices: { notification_id: string; event: string }[];
  /** Proofs whose `typ`, `aud`, nonce and signature the library checked. */
  proofs: number;
  offer(byReference?: boolean): Promise<Slip>;
  /** Lets what was promised be fetched. */
  approve(): void;
  stop(): Promise<void>;
}

const CONFIGURATION = 'forklift_dc+sd-jwt';

/** Starts it on a port of this machine. */
export async function startThirdPartyIssuer(): Promise<ThirdPartyIssuer> {
  setGlobalConfig({ allowInsecureUrls: true });
  const keys = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = { ...(await exportJWK(keys.publicKey)), alg: 'ES256', kid: 'k1' } as JWK & Jwk;
  const callbacks = callbacksOf(keys.privateKey, publicJwk);
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = new Openid4vciIssuer({ callbacks });
  const oauth = new Oauth2AuthorizationServer({ callbacks });
  const resource = new Oauth2ResourceServer({ callbacks });
  const authorization = oauth.createAuthorizationServerMetadata({
    issuer: url,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/jwks`,
    'pre-authorized_grant_anonymous_access_supported': true,
  });
  const metadata: IssuerMetadataResult = {
    originalDraftVersion: Openid4vciVersion.V1,
    credentialIssuer: issuer.createCredentialIssuerMetadata({
      credential_issuer: url,
      credential_endpoint: `${url}/credential`,
      nonce_endpoint: `${url}/nonce`,
      notification_endpoint: `${url}/notification`,
      deferred_credential_endpoint: `${url}/deferred`,
      display: [{ name: 'Third Party Training Ltd', locale: 'en' }],
      credential_configurations_supported: {
        [CONFIGURATION]: {
          format: 'dc+sd-jwt',
          vct: `${url}/forklift`,
          scope: 'forklift',
          cryptographic_binding_methods_supported: ['jwk'],
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
          credential_metadata: {
            display: [
              { name: 'Forklift licence', locale: 'en' },
              { name: '叉车证', locale: 'zh-CN' },
            ],
          },
        },
      },
    }),
    authorizationServers: [authorization],
    knownCredentialConfigurations: {},
  };
  const offers = new Map<string, string>();
  const nonces = new Set<string>();
  const referred = new Map<string, unknown>();
  let waiting: { credential: string; approved: boolean } | undefined;
  const signer = await ES256.getSigner(await exportJWK(keys.privateKey));
  const sdJwt = new SDJwtVcInstance({
    signer,
    signAlg: ES256.alg,
    hasher: digest,
    hashAlg: 'sha-256',
    saltGenerator: generateSalt,
  });

  const state: ThirdPartyIssuer = {
    url,
    mischief: {},
    notices: [],
    proofs: 0,
    approve: () => {
      if (waiting) waiting.approved = true;
    },
    offer: async (byReference = false) => {
      const code = randomBytes(24).toString('base64url');
      const txCode = String(randomInt(100_000, 1_000_000));
      offers.set(code, txCode);
      const id = randomBytes(8).toString('hex');
      const { credentialOffer, credentialOfferObject } = await issuer.createCredentialOffer({
        issuerMetadata: metadata,
        credentialConfigurationIds: [CONFIGURATION],
        grants: {
          [preAuthorizedCodeGrantIdentifier]: {
            'pre-authorized_code': code,
            tx_code: { input_mode: 'numeric', length: 6, description: 'On your slip' },
          },
        },
        ...(byReference && { credentialOfferUri: `${url}/offers/${id}` }),
      });
      referred.set(`/offers/${id}`, credentialOfferObject);
      return { link: credentialOffer, txCode };
    },
    stop: () => stop(server),
  };

  const credentialFor = async (jwk: JWK): Promise<string> => {
    const bound = state.mischief.otherKey === true ? await exportJWK((await generateKeyPair('ES256')).publicKey) : jwk;
    return sdJwt.issue(
      { iss: url, vct: `${url}/forklift`, iat: Math.floor(Date.now() / 1000), cnf: { jwk: bound as Jwk }, given_name: 'Wei', family_name: 'Zhang', vehicle: 'forklift' }, // prettier-ignore
      { _sd: ['given_name', 'family_name'] },
    );
  };

  const answer = async (request: IncomingMessage, body: string): Promise<{ status: number; json?: unknown }> => {
    const path = request.url ?? '';
    const asked = {
      headers: new Headers(request.headers as Record<string, string>),
      method: request.method as HttpMethod,
      url: url + path,
    };
    if (path === '/.well-known/openid-credential-issuer')
      return { status: 200, json: { ...metadata.credentialIssuer, ...(state.mischief.otherName === true && { credential_issuer: 'https://other.example' }) } }; // prettier-ignore
    if (path === '/.well-known/oauth-authorization-server') return { status: 200, json: authorization };
    if (referred.has(path)) return { status: 200, json: referred.get(path) };
    if (path === '/jwks') return { status: 200, json: { keys: [publicJwk] } };
    if (path === '/nonce') {
      const nonce = randomBytes(16).toString('base64url');
      nonces.add(nonce);
      return { status: 200, json: issuer.createNonceResponse({ cNonce: nonce, cNonceExpiresIn: 60 }) };
    }
    if (path === '/token') {
      const { accessTokenRequest, grant } = oauth.parseAccessTokenRequest({
        request: asked,
        accessTokenRequest: Object.fromEntries(new URLSearchParams(body)),
      });
      if (grant.grantType !== preAuthorizedCodeGrantIdentifier)
        return { status: 400, json: { error: 'unsupported_grant_type' } };
      const expectedTxCode = offers.get(grant.preAuthorizedCode);
      if (expectedTxCode === undefined) return { status: 400, json: { error: 'invalid_grant' } };
      await oauth.verifyPreAuthorizedCodeAccessTokenRequest({
        authorizationServerMetadata: authorization,
        grant,
        accessTokenRequest,
        request: asked,
        expectedPreAuthorizedCode: grant.preAuthorizedCode,
        expectedTxCode,
      });
      offers.delete(grant.preAuthorizedCode);
      const token = await oauth.createAccessTokenResponse({
        audience: url,
        authorizationServer: url,
        expiresInSeconds: 300,
        signer: { method: 'jwk', alg: 'ES256', publicJwk },
        subject: grant.preAuthorizedCode,
      });
      return { status: 200, json: token };
    }
    await resource.verifyResourceRequest({
      request: asked,
      resourceServer: url,
      authorizationServers: [authorization],
    });
    const value = JSON.parse(body) as Record<string, unknown>;
    if (path === '/notification') {
      state.notices.push(value as (typeof state.notices)[number]);
      return { status: 204 };
    }
    if (path === '/deferred')
      return waiting?.approved === true
        ? { status: 200, json: { credentials: [{ credential: waiting.credential }], notification_id: 'n-later' } }
        : { status: 202, json: { transaction_id: 't-1', interval: 60 } };
    const credentialRequest = issuer.parseCredentialRequest({ issuerMetadata: metadata, credentialRequest: value });
    const [jwt] = credentialRequest.proofs?.jwt ?? [];
    if (jwt === undefined) return { status: 400, json: { error: 'invalid_proof' } };
    const nonce = (JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { nonce: string }).nonce;
    const isFresh = nonces.delete(nonce) && state.mischief.staleNonce !== true;
    state.mischief.staleNonce = false;
    if (!isFresh) return { status: 400, json: { error: 'invalid_nonce' } };
    const { signer: proven } = await issuer.verifyCredentialRequestJwtProof({
      issuerMetadata: metadata,
      jwt,
      expectedNonce: nonce,
    });
    state.proofs++;
    const credential = await credentialFor(proven.publicJwk as JWK);
    if (state.mischief.later === true) {
      waiting = { credential, approved: false };
      return { status: 202, json: { transaction_id: 't-1', interval: 60 } };
    }
    return {
      status: 200,
      json: issuer.createCredentialResponse({
        credentialRequest,
        credentials: [{ credential }],
        notificationId: 'n-1',
      }),
    };
  };

  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void answer(request, Buffer.concat(chunks).toString())
        .catch((error: unknown) => problemOf(error))
        .then(({ status, json }) => {
          response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
          response.end(json === undefined ? '' : JSON.stringify(json));
        });
    });
  });
  return state;
}

function callbacksOf(privateKey: CryptoKey, publicJwk: Jwk): CallbackContext {
  return {
    fetch,
    hash: (data, algorithm) =>
      createHash(algorithm === HashAlgorithm.Sha256 ? 'sha256' : 'sha512')
        .update(data)
        .digest(),
    generateRandom: (length) => new Uint8Array(randomBytes(length)),
    clientAuthentication: clientAuthenticationAnonymous(),
    signJwt: async (_, { header, payload }) => ({
      jwt: await new SignJWT(payload as JWTPayload)
        .setProtectedHeader({ ...header, alg: 'ES256' } as { alg: string })
        .sign(privateKey),
      signerJwk: publicJwk,
    }),
    verifyJwt: async (signer, { compact }) => {
      const jwk = signer.method === 'jwk' ? signer.publicJwk : publicJwk;
      const found = await jwtVerify(compact, await importJWK(jwk as JWK, 'ES256')).catch(() => undefined);
      return found ? { verified: true, signerJwk: jwk } : { verified: false };
    },
    encryptJwe: () => Promise.reject(new Error('not needed')),
    decryptJwe: () => Promise.reject(new Error('not needed')),
  };
}

function problemOf(error: unknown): { status: number; json: unknown } {
  const { errorResponse, status } = error as { errorResponse?: unknown; status?: number };
  return errorResponse === undefined
    ? { status: 401, json: { error: 'invalid_token' } }
    : { status: status ?? 400, json: errorResponse };
}

async function stop(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
