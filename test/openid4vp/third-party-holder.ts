import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { setGlobalConfig, type CallbackContext } from '@openid4vc/oauth2';
import { Openid4vpClient } from '@openid4vc/openid4vp';
import { digest, generateSalt } from '@sd-jwt/crypto-nodejs';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { DcqlQuery } from 'dcql';
import * as jose from 'jose';
import { CERTIFICATE_CONTEXT, CERTIFICATE_CONTEXT_URL } from '../../shared/certificate/context.js';

/*
 * A wallet made of others' libraries: @openid4vc/openid4vp speaks the protocol, dcql understands the query, @sd-jwt, jose and
 * @digitalbazaar/vc make the presentations. Of ours it has the text of our JSON-LD context, as a published file would give it.
 */

setGlobalConfig({ allowInsecureUrls: true });

/** A certificate in the wallet: compact text, or a credential object. */
export type Held = string | object;

/** A key of a holder. */
export interface ThirdPartyKey {
  did: string;
  /** DID URL. */
  kid: string;
  alg: 'ES256' | 'EdDSA';
  privateKey: CryptoKey;
  jwk: jose.JWK;
}

/** Makes a key: P-256 or Ed25519, named by did:key or did:jwk. */
export async function thirdPartyKey(alg: ThirdPartyKey['alg'], method: 'key' | 'jwk'): Promise<ThirdPartyKey> {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true, ...(alg === 'EdDSA' && { crv: 'Ed25519' }) }); // prettier-ignore
  const jwk = await jose.exportJWK(publicKey);
  if (method === 'jwk') {
    const did = `did:jwk:${jose.base64url.encode(JSON.stringify(jwk))}`;
    return { did, kid: `${did}#0`, alg, privateKey, jwk };
  }
  const multikey =
    alg === 'ES256'
      ? (await EcdsaMultikey.fromJwk({ jwk: { ...jwk, alg: 'ES256' } })).publicKeyMultibase
      : (await Ed25519Multikey.from({ type: 'JsonWebKey2020', id: 'urn:1', controller: 'urn:1', publicKeyJwk: jwk })).publicKeyMultibase; // prettier-ignore
  const did = `did:key:${multikey}`;
  return { did, kid: `${did}#${multikey}`, alg, privateKey, jwk };
}

/** The request as the wallet understood it. */
export type Resolved = Awaited<ReturnType<Openid4vpClient['resolveOpenId4vpAuthorizationRequest']>>;

/** Things a wallet may do wrong, or be made to do wrong, in a presentation. */
export interface Wrong {
  nonce?: string;
  audience?: string;
  /** Seconds. */
  iat?: number;
  signWith?: ThirdPartyKey;
}

/** A wallet that follows the clock it is given. */
export class ThirdPartyHolder {
  private readonly client: Openid4vpClient;

  constructor(
    readonly key: ThirdPartyKey,
    private readonly now: () => Date,
  ) {
    const callbacks: Omit<CallbackContext, 'signJwt' | 'clientAuthentication'> = {
      hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
      generateRandom: (length) => randomBytes(length),
      verifyJwt: async (signer, { compact }) => {
        const key = await requestKey(signer);
        try {
          await jose.jwtVerify(compact, key, { currentDate: this.now(), audience: 'https://self-issued.me/v2' });
          return { verified: true, signerJwk: (await jose.exportJWK(key)) as never };
        } catch {
          return { verified: false };
        }
      },
      encryptJwe: async (encryptor, text) => {
        const { publicJwk, alg, enc, apu, apv } = encryptor as typeof encryptor & {
          publicJwk: jose.JWK & { kid?: string };
        };
        const jwe = await new jose.CompactEncrypt(new TextEncoder().encode(text))
          .setProtectedHeader({ alg, enc, ...(publicJwk.kid !== undefined && { kid: publicJwk.kid }) })
          .setKeyManagementParameters({
            ...(apu !== undefined && { apu: jose.base64url.decode(apu) }),
            ...(apv !== undefined && { apv: jose.base64url.decode(apv) }),
          })
          .encrypt(await jose.importJWK(publicJwk, alg));
        return { jwe, encryptionJwk: publicJwk };
      },
      decryptJwe: () => Promise.resolve({ decrypted: false }),
      getX509CertificateMetadata: (certificate) => ({
        sanDnsNames: (new X509Certificate(Buffer.from(certificate, 'base64')).subjectAltName ?? '')
          .split(', ')
          .map((name) => name.replace(/^DNS:/, '')),
        sanUriNames: [],
      }),
    };
    this.client = new Openid4vpClient({ callbacks: callbacks as CallbackContext });
  }

  /** Opens a link: fetches and checks the request. */
  async open(link: string, wallet: { nonce?: string } = {}): Promise<Resolved> {
    const parsed = this.client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link });
    return this.client.resolveOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: parsed.params,
      ...(wallet.nonce !== undefined && {
        wallet: { nonce: wallet.nonce, metadata: { wallet_nonce: wallet.nonce } },
      }),
    } as never);
  }

  /** The query, by the dcql library: its form is checked, and which of the held certificates answer it. */
  matches(request: Resolved, held: Record<string, Held>): DcqlQuery.Output & { found: Set<string> } {
    const query = DcqlQuery.parse(request.dcql?.query as DcqlQuery.Input);
    DcqlQuery.validate(query);
    const credentials = Object.entries(held).map(([format, credential]) => asDcql(format, credential));
    const result = DcqlQuery.query(query, credentials as never);
    if (!result.can_be_satisfied)
      throw new Error(`the query is not satisfied: ${JSON.stringify(result.credential_matches)}`);
    const found = Object.entries(result.credential_matches).filter(([, match]) => match.success);
    return { ...query, found: new Set(found.map(([id]) => id)) };
  }

  /** Makes the presentation of a held certificate for a request; of an SD-JWT it shows `disclose`. */
  async present(
    format: string,
    held: Held,
    request: Resolved,
    { disclose = {}, wrong = {} }: { disclose?: object; wrong?: Wrong } = {},
  ): Promise<unknown> {
    const { nonce, client_id } = request.authorizationRequestPayload;
    const said = {
      nonce: wrong.nonce ?? nonce,
      aud: wrong.audience ?? client_id ?? '',
      iat: wrong.iat ?? Math.floor(this.now().getTime() / 1000),
    };
    const key = wrong.signWith ?? this.key;
    switch (format) {
      case 'dc+sd-jwt':
        return sdJwtOf(key).present(held as string, disclose, { kb: { payload: said } });
      case 'jwt_vc_json':
        return jwtOf(key, 'JWT', {
          ...said,
          iss: key.did,
          nbf: said.iat,
          vp: {
            '@context': ['https://www.w3.org/2018/credentials/v1'],
            type: ['VerifiablePresentation'],
            verifiableCredential: [held],
          },
        });
      case 'vc+jwt':
        return jwtOf(key, 'vp+jwt', {
          ...said,
          iss: key.did,
          '@context': ['https://www.w3.org/ns/credentials/v2'],
          type: ['VerifiablePresentation'],
          holder: key.did,
          verifiableCredential: [
            {
              '@context': 'https://www.w3.org/ns/credentials/v2',
              type: 'EnvelopedVerifiableCredential',
              id: `data:application/vc+jwt,${held as string}`,
            },
          ],
        });
      default:
        return vc.signPresentation({
          presentation: {
            '@context': ['https://www.w3.org/ns/credentials/v2'],
            type: ['VerifiablePresentation'],
            holder: key.did,
            verifiableCredential: [held],
          },
          suite: new DataIntegrityProof({
            signer: dataIntegritySigner(key),
            date: new Date(said.iat * 1000).toISOString(),
            cryptosuite: key.alg === 'ES256' ? ecdsaRdfc2019 : eddsaRdfc2022,
          }),
          challenge: said.nonce,
          domain: said.aud,
          documentLoader,
        });
    }
  }

  /** Sends the answer as the request asks for it. */
  async answer(
    request: Resolved,
    vpToken: Record<string, unknown[]>,
    changes: { state?: string; encryptTo?: jose.JWK } = {},
  ): Promise<{ status: number; body: { redirect_uri?: string; error?: string; code?: string; at?: string } }> {
    const payload = {
      ...request.authorizationRequestPayload,
      ...(changes.state !== undefined && { state: changes.state }),
    };
    const isEncrypted = payload.response_mode === 'direct_post.jwt';
    const made = await this.client.createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: payload,
      authorizationResponsePayload: { vp_token: vpToken },
      ...(isEncrypted && {
        jarm: {
          encryption: { ...(changes.encryptTo && { jwk: changes.encryptTo as never }), nonce: 'wallet-nonce' },
          serverMetadata: {
            authorization_signing_alg_values_supported: [],
            authorization_encryption_alg_values_supported: ['ECDH-ES'],
            authorization_encryption_enc_values_supported: ['A128GCM', 'A256GCM'],
          },
        },
      }),
    });
    const { response } = await this.client.submitOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: payload as never,
      authorizationResponsePayload: made.authorizationResponsePayload,
      ...(made.jarm && { jarm: { responseJwt: made.jarm.responseJwt } }),
    });
    return { status: response.status, body: (await response.json()) as never };
  }
}

async function requestKey(signer: { method: string; didUrl?: string; x5c?: string[] }): Promise<CryptoKey> {
  if (signer.method === 'x5c') {
    const { publicKey } = new X509Certificate(Buffer.from(signer.x5c?.[0] ?? '', 'base64'));
    return (await jose.importJWK(publicKey.export({ format: 'jwk' }), 'ES256')) as CryptoKey;
  }
  const didUrl = signer.didUrl ?? '';
  const host = decodeURIComponent(/^did:web:([^:#]+)#/.exec(didUrl)?.[1] ?? '');
  const document = (await (await fetch(`http://${host}/.well-known/did.json`)).json()) as {
    authentication?: string[];
    verificationMethod: { id: string; publicKeyMultibase: string }[];
  };
  const method = document.verificationMethod.find(({ id }) => id === didUrl);
  if (!method || !document.authentication?.includes(didUrl)) throw new Error('no such key');
  const keyPair = await EcdsaMultikey.from({ type: 'Multikey', controller: 'urn:1', ...method });
  return (await jose.importJWK(await EcdsaMultikey.toJwk({ keyPair }), 'ES256')) as CryptoKey;
}

function sdJwtOf(key: ThirdPartyKey): SDJwtVcInstance {
  return new SDJwtVcInstance({
    hasher: digest,
    saltGenerator: generateSalt,
    kbSignAlg: key.alg,
    kbSigner: async (input) => jose.base64url.encode(await signBytes(key, new TextEncoder().encode(input))),
  });
}

function jwtOf(key: ThirdPartyKey, typ: string, payload: jose.JWTPayload): Promise<string> {
  return new jose.SignJWT(payload).setProtectedHeader({ alg: key.alg, kid: key.kid, typ }).sign(key.privateKey);
}

function dataIntegritySigner(key: ThirdPartyKey) {
  const algorithm = key.alg === 'ES256' ? ('P-256' as const) : ('Ed25519' as const);
  return { id: key.kid, algorithm, sign: ({ data }: { data: Uint8Array }) => signBytes(key, new Uint8Array(data)) };
}

async function signBytes(key: ThirdPartyKey, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const algorithm = key.alg === 'ES256' ? { name: 'ECDSA', hash: 'SHA-256' } : 'Ed25519';
  return new Uint8Array(await crypto.subtle.sign(algorithm, key.privateKey, data));
}

type Loader = NonNullable<Parameters<typeof vc.signPresentation>[0]['documentLoader']>;

const documentLoader: Loader = (url) =>
  url === CERTIFICATE_CONTEXT_URL
    ? Promise.resolve({ contextUrl: null, documentUrl: url, document: CERTIFICATE_CONTEXT })
    : (vc as unknown as { defaultDocumentLoader: Loader }).defaultDocumentLoader(url);

function asDcql(format: string, credential: Held): object {
  const common = { credential_format: format, cryptographic_holder_binding: true };
  if (format === 'dc+sd-jwt') {
    const [jwt = '', ...rest] = (credential as string).split('~');
    const payload = jose.decodeJwt(jwt);
    return { ...common, vct: payload['vct'], claims: disclosedClaims(payload, rest) };
  }
  const claims =
    format === 'ldp_vc'
      ? (credential as { type: string[] })
      : (jose.decodeJwt(credential as string)['vc'] as { type: string[] });
  return { ...common, type: claims.type, claims };
}

/** Puts what the disclosures say where their digests stand; enough for objects, which ours are. */
function disclosedClaims(payload: object, disclosures: readonly string[]): object {
  const said = new Map(
    disclosures
      .filter((one) => one !== '' && !one.includes('.'))
      .map((one) => [
        createHash('sha256').update(one).digest('base64url'),
        JSON.parse(Buffer.from(one, 'base64url').toString()) as [string, string, unknown],
      ]),
  );
  const fill = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(fill);
    const { _sd: digests, ...members } = value as { _sd?: string[] };
    const shown = (digests ?? []).flatMap((one) => {
      const found = said.get(one);
      return found ? [[found[1], found[2]] as const] : [];
    });
    return Object.fromEntries([
      ...Object.entries(members).map(([name, member]) => [name, fill(member)] as const),
      ...shown,
    ]);
  };
  return fill(payload) as object;
}
