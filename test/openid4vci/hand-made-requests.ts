import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters } from 'jose';
import { PRE_AUTHORIZED_CODE } from '../../issuer/openid4vci/authorization-server-metadata.js';
import { ISSUER, type MadeOffer, type WalletWorld } from './wallet-world.js';

/** Body of a protocol answer with its status. */
export interface Answered {
  status: number;
  headers: Headers;
  error?: string;
  error_description?: string;
  code?: string;
  [member: string]: unknown;
}

/** A key whose proofs tests bend. */
export interface RawKey {
  alg: string;
  jwk: JWK;
  privateKey: CryptoKey;
}

/** Requests written by hand, so that each can be wrong in one place. */
export class HandMade {
  constructor(private readonly world: WalletWorld) {}

  async newKey(alg = 'ES256'): Promise<RawKey> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    return { alg, jwk: await exportJWK(publicKey), privateKey };
  }

  codeOf({ offer }: MadeOffer): string {
    return (offer.grants[PRE_AUTHORIZED_CODE] as Record<string, string>)['pre-authorized_code'] ?? '';
  }

  async token(
    form: Record<string, string> | [string, string][],
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    return this.send('token', new URLSearchParams(form), headers);
  }

  /** A token for an offer, taken as it should be. */
  async tokenOf(
    offer: MadeOffer,
    more: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<string> {
    const answer = await this.token(
      {
        grant_type: PRE_AUTHORIZED_CODE,
        'pre-authorized_code': this.codeOf(offer),
        ...(offer.txCode === undefined ? {} : { tx_code: offer.txCode }),
        ...more,
      },
      headers,
    );
    return String(answer['access_token']);
  }

  async nonce(): Promise<string> {
    return String((await this.send('nonce', undefined, {}))['c_nonce']);
  }

  async proof(
    key: RawKey,
    changes: { claims?: object; header?: object; nonce?: string; signWith?: CryptoKey | Uint8Array } = {},
  ): Promise<string> {
    const iat = Math.floor(this.world.time.now.getTime() / 1000);
    const header = {
      typ: 'openid4vci-proof+jwt',
      alg: key.alg,
      jwk: key.jwk,
      ...changes.header,
    } as JWTHeaderParameters;
    return new SignJWT({ aud: ISSUER, iat, nonce: changes.nonce ?? (await this.nonce()), ...changes.claims })
      .setProtectedHeader(header)
      .sign(changes.signWith ?? key.privateKey);
  }

  async dpop(key: RawKey, endpoint: string, changes: { claims?: object; token?: string } = {}): Promise<string> {
    const ath =
      changes.token === undefined ? {} : { ath: createHash('sha256').update(changes.token).digest('base64url') };
    const claims = {
      jti: randomUUID(),
      htm: 'POST',
      htu: `${ISSUER}/openid4vci/${endpoint}`,
      iat: Math.floor(this.world.time.now.getTime() / 1000),
      ...ath,
      ...changes.claims,
    };
    return new SignJWT(claims).setProtectedHeader({ typ: 'dpop+jwt', alg: key.alg, jwk: key.jwk }).sign(key.privateKey);
  }

  async credential(token: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    return this.send('credential', body, { authorization: `Bearer ${token}`, ...headers });
  }

  /** @param body a form, JSON, text as it is, or nothing */
  async send(endpoint: string, body: unknown, headers: Record<string, string>): Promise<Answered> {
    const isForm = body instanceof URLSearchParams;
    const response = await this.world.reach(`${ISSUER}/openid4vci/${endpoint}`, {
      method: 'POST',
      headers: {
        ...(body === undefined
          ? {}
          : { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      ...(text === '' ? {} : (JSON.parse(text) as object)),
      status: response.status,
      headers: response.headers,
    };
  }
}
