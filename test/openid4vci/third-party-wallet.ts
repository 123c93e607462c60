import { createHash, randomBytes } from 'node:crypto';
import {
  clientAuthenticationAnonymous,
  setGlobalConfig,
  type CallbackContext,
  type Jwk,
  type JwtSigner,
} from '@openid4vc/oauth2';
import {
  Openid4vciClient,
  type CredentialOfferObject,
  type CredentialResponse,
  type DeferredCredentialResponse,
  type IssuerMetadataResult,
} from '@openid4vc/openid4vci';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

/** A key of a wallet. */
export interface WalletKey {
  alg: string;
  jwk: Jwk;
  didUrl: string;
  privateKey: CryptoKey;
}

/** What a wallet holds after it took an offer. */
export interface Taken {
  offer: CredentialOfferObject;
  metadata: IssuerMetadataResult;
  accessToken: string;
  tokenType: string;
  expiresIn: number | undefined;
}

/**
 * A wallet without a face, made of `@openid4vc/openid4vci`, `@openid4vc/oauth2` and `jose`; nothing of ours is in it.
 * @param reach sends requests for the issuer's public address to where it listens
 * @param now the clock, as tests stand still in time
 */
export class ThirdPartyWallet {
  private readonly client: Openid4vciClient;
  private readonly keys = new Map<string, WalletKey>();

  constructor(reach: typeof fetch, now: () => Date) {
    // The issuer of the tests is https; the demo is not, and this is said once for all clients of a process.
    setGlobalConfig({ allowInsecureUrls: true });
    const callbacks = {
      fetch: reach,
      hash: (data, alg) => new Uint8Array(createHash(alg.replace('-', '')).update(data).digest()),
      generateRandom: (length) => new Uint8Array(randomBytes(length)),
      clientAuthentication: clientAuthenticationAnonymous(),
      signJwt: async (signer, { header, payload }) => {
        const key = this.keyOf(signer);
        const iat = Math.floor(now().getTime() / 1000);
        const jwt = await new SignJWT({ ...payload, iat } as JWTPayload)
          .setProtectedHeader({ ...header, alg: key.alg } as { alg: string })
          .sign(key.privateKey);
        return { jwt, signerJwk: key.jwk };
      },
      verifyJwt: () => ({ verified: false }),
      encryptJwe: () => Promise.reject(new Error('not needed')),
      decryptJwe: () => Promise.reject(new Error('not needed')),
    } satisfies CallbackContext;
    this.client = new Openid4vciClient({ callbacks });
  }

  async newKey(alg: 'ES256' | 'ES384' | 'EdDSA' = 'ES256'): Promise<WalletKey> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk: JWK = await exportJWK(publicKey);
    const didUrl = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}#0`;
    const key = { alg, jwk: jwk as Jwk, didUrl, privateKey };
    this.keys.set(didUrl, key);
    return key;
  }

  async read(link: string): Promise<{ offer: CredentialOfferObject; metadata: IssuerMetadataResult }> {
    const offer = await this.client.resolveCredentialOffer(link);
    return { offer, metadata: await this.client.resolveIssuerMetadata(offer.credential_issuer) };
  }

  async take(link: string, txCode: string | undefined, options: { dpop?: WalletKey } = {}): Promise<Taken> {
    const { offer, metadata } = await this.read(link);
    const { accessTokenResponse } = await this.client.retrievePreAuthorizedCodeAccessTokenFromOffer({
      credentialOffer: offer,
      issuerMetadata: metadata,
      ...(txCode === undefined ? {} : { txCode }),
      ...(options.dpop ? { dpop: dpopOf(options.dpop) } : {}),
    });
    const { access_token: accessToken, token_type: tokenType, expires_in: expiresIn } = accessTokenResponse;
    return { offer, metadata, accessToken, tokenType, expiresIn };
  }

  async prove(
    { metadata }: Pick<Taken, 'metadata'>,
    credentialConfigurationId: string,
    keys: readonly WalletKey[],
    by: 'kid' | 'jwk' = 'kid',
  ): Promise<[string, ...string[]]> {
    const { c_nonce: nonce } = await this.client.requestNonce({ issuerMetadata: metadata });
    const proofs: string[] = [];
    for (const { alg, jwk, didUrl } of keys) {
      const { jwt } = await this.client.createCredentialRequestJwtProof({
        issuerMetadata: metadata,
        credentialConfigurationId,
        nonce,
        signer: by === 'kid' ? { method: 'did', didUrl, alg } : { method: 'jwk', publicJwk: jwk, alg },
      });
      proofs.push(jwt);
    }
    return proofs as [string, ...string[]];
  }

  async receive(
    taken: Taken,
    credentialConfigurationId: string,
    keys: readonly WalletKey[],
    options: { by?: 'kid' | 'jwk'; dpop?: WalletKey } = {},
  ): Promise<CredentialResponse> {
    const { metadata, accessToken } = taken;
    const { credentialResponse } = await this.client.retrieveCredentials({
      issuerMetadata: metadata,
      accessToken,
      credentialConfigurationId,
      proofs: { jwt: await this.prove(taken, credentialConfigurationId, keys, options.by) },
      ...(options.dpop ? { dpop: dpopOf(options.dpop) } : {}),
    });
    return credentialResponse;
  }

  async comeBack(
    taken: Taken,
    transactionId: string,
    options: { dpop?: WalletKey } = {},
  ): Promise<DeferredCredentialResponse> {
    const { metadata, accessToken } = taken;
    const { deferredCredentialResponse } = await this.client.retrieveDeferredCredentials({
      issuerMetadata: metadata,
      accessToken,
      transactionId,
      ...(options.dpop ? { dpop: dpopOf(options.dpop) } : {}),
    });
    return deferredCredentialResponse;
  }

  async notify({ metadata, accessToken }: Taken, notificationId: string): Promise<number> {
    const { response } = await this.client.sendNotification({
      issuerMetadata: metadata,
      accessToken,
      notification: { notificationId, event: 'credential_accepted' },
    });
    return response.status;
  }

  private keyOf(signer: JwtSigner): WalletKey {
    const found =
      signer.method === 'did'
        ? this.keys.get(signer.didUrl)
        : [...this.keys.values()].find(({ jwk }) => signer.method === 'jwk' && jwk.x === signer.publicJwk.x);
    if (!found) throw new Error('no such key');
    return found;
  }
}

function dpopOf({ alg, jwk }: WalletKey): { signer: { method: 'jwk'; publicJwk: Jwk; alg: string } } {
  return { signer: { method: 'jwk', publicJwk: jwk, alg } };
}
