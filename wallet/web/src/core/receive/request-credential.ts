import { YizhengError } from '../../../../../shared/errors.js';
import type { JsonObject } from '../../../../../shared/json/parse-json.js';
import { signCompactJws } from '../../../../../shared/proof/jose/sign-compact-jws.js';
import type { HolderKey } from '../keys/holder-key.js';
import { sendJson, send, type Answer } from '../net/http.js';
import type { Platform } from '../platform.js';
import { credentialsSchema, errorSchema, laterSchema, nonceSchema } from './messages.js';
import type { OfferedForm } from './read-offer.js';
import type { Token } from './token.js';

/** What a credential endpoint gave: the credential as text, or when to ask again. */
export type CredentialAnswer =
  { texts: string[]; notificationId?: string } | { transactionId: string; intervalSeconds: number };

/** After how long to ask again where an issuer does not say. */
export const DEFAULT_INTERVAL_SECONDS = 3600;

/** Whom to ask for a credential. */
export interface AskedIssuer {
  issuer: string;
  host: string;
  endpoints: { credential: string; nonce?: string };
}

/**
 * Asks for one form of a certificate, bound to this key where one is given (OpenID4VCI 1.0 §7, §8, App. F.1). A nonce that has grown old is replaced once.
 * @throws YizhengError `NONCE_REFUSED`, `PROOF_REFUSED`, `CREDENTIAL_REFUSED`, `TOKEN_EXPIRED`, `ISSUER_ANSWER`, `TOO_MANY_TRIES`
 */
export async function requestCredential(
  offer: AskedIssuer,
  form: Pick<OfferedForm, 'configurationId' | 'bindAs'>,
  key: HolderKey | undefined,
  token: Token,
  platform: Platform,
): Promise<CredentialAnswer> {
  const ask = async (): Promise<Answer> => {
    const identifier = token.identifiers[form.configurationId];
    return sendJson(
      platform,
      offer.endpoints.credential,
      {
        ...(identifier === undefined
          ? { credential_configuration_id: form.configurationId }
          : { credential_identifier: identifier }),
        ...(key && { proofs: { jwt: [await keyProof(offer, form.bindAs, key, platform)] } }),
      },
      bearer(token.accessToken),
    );
  };
  let answer = await ask();
  if (errorOf(answer) === 'invalid_nonce') answer = await ask();
  return readCredentialAnswer(answer, offer.host);
}

/** Reads what a credential or deferred credential endpoint answered. @throws as {@link requestCredential} */
export function readCredentialAnswer(answer: Answer, host: string): CredentialAnswer {
  if (answer.status === 202) {
    const later = laterSchema.safeParse(answer.json);
    if (!later.success) throw strange(host);
    const { transaction_id: transactionId, interval } = later.data;
    return { transactionId, intervalSeconds: interval ?? answer.retryAfterSeconds ?? DEFAULT_INTERVAL_SECONDS };
  }
  if (answer.status !== 200) throw refusal(answer, host);
  const given = credentialsSchema.safeParse(answer.json);
  if (!given.success) throw strange(host);
  const { credentials, notification_id: notificationId } = given.data;
  return {
    texts: credentials.map(({ credential }) => textOf(credential)),
    ...(notificationId !== undefined && { notificationId }),
  };
}

/** Authorization of a request with the token. */
export function bearer(accessToken: string): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}

/** Proves possession of the key to this issuer, for this nonce (App. F.1). */
async function keyProof(
  offer: AskedIssuer,
  bindAs: OfferedForm['bindAs'],
  key: HolderKey,
  platform: Platform,
): Promise<string> {
  const nonce = await fetchNonce(offer, platform);
  const named = bindAs === 'did:key' ? { kid: key.signer.id } : { jwk: { ...key.jwk } };
  return signCompactJws(
    {
      header: { typ: 'openid4vci-proof+jwt', ...named },
      payload: { aud: offer.issuer, iat: Math.floor(platform.now() / 1000), ...(nonce !== undefined && { nonce }) },
    },
    key.signer,
  );
}

async function fetchNonce({ endpoints, host }: AskedIssuer, platform: Platform): Promise<string | undefined> {
  if (endpoints.nonce === undefined) return undefined;
  const { status, json } = await send(platform, endpoints.nonce, { method: 'POST' });
  const parsed = nonceSchema.safeParse(json);
  if (status < 200 || status > 299 || !parsed.success) throw strange(host);
  return parsed.data.c_nonce;
}

const CODES: Record<string, string> = {
  invalid_nonce: 'NONCE_REFUSED',
  invalid_proof: 'PROOF_REFUSED',
  invalid_token: 'TOKEN_EXPIRED',
  credential_request_denied: 'CREDENTIAL_REFUSED',
  unknown_credential_configuration: 'CREDENTIAL_REFUSED',
  unknown_credential_identifier: 'CREDENTIAL_REFUSED',
  invalid_credential_request: 'CREDENTIAL_REFUSED',
};

function refusal(answer: Answer, host: string): YizhengError {
  if (answer.status === 429) return new YizhengError('TOO_MANY_TRIES', 'Too many tries; wait a minute.', { at: host });
  const code = answer.status === 401 ? 'TOKEN_EXPIRED' : CODES[errorOf(answer) ?? ''];
  return code === undefined
    ? strange(host)
    : new YizhengError(code, 'The issuer did not give the certificate.', { at: host });
}

function errorOf({ json }: Answer): string | undefined {
  return errorSchema.safeParse(json).data?.error;
}

function textOf(credential: string | JsonObject): string {
  return typeof credential === 'string' ? credential : JSON.stringify(credential);
}

function strange(at: string): YizhengError {
  return new YizhengError('ISSUER_ANSWER', 'The issuer answered something else than OpenID4VCI 1.0 says.', { at });
}
