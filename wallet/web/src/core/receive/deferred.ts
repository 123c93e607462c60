import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { YizhengError } from '../../../../../shared/errors.js';
import { toBase64url, utf8 } from '../bytes.js';
import { HELD_FORMATS } from '../certificates/held-certificate.js';
import { loadHolderKey } from '../keys/holder-key.js';
import { sendJson } from '../net/http.js';
import type { Platform } from '../platform.js';
import type { Vault, VaultChange } from '../vault/vault.js';
import { errorSchema, laterSchema } from './messages.js';
import type { Offer } from './read-offer.js';
import {
  bearer,
  DEFAULT_INTERVAL_SECONDS,
  readCredentialAnswer,
  requestCredential,
  type CredentialAnswer,
} from './request-credential.js';
import type { Token } from './token.js';

const PREFIX = 'pending/';
const pendingSchema = z.strictObject({
  issuer: z.string(),
  host: z.string(),
  /** Where to ask for what was promised for later. */
  endpoint: z.string().optional(),
  notification: z.string().optional(),
  accessToken: z.string(),
  configurationId: z.string(),
  format: z.enum(HELD_FORMATS),
  names: z.strictObject({ zh: z.string().optional(), en: z.string().optional() }),
  holder: z.string().optional(),
  /** Milliseconds: not to be asked for before. */
  notBefore: z.number(),
  since: z.string(),
  /** Hash of the offer it belongs to. */
  offer: z.string().optional(),
  /** How to ask for it while nothing was promised yet. */
  ask: z
    .strictObject({
      credential: z.string(),
      nonce: z.string().optional(),
      identifier: z.string().optional(),
      bindAs: z.enum(['did:key', 'jwk']),
    })
    .optional(),
  /** Given by the issuer when it promised it for later. */
  transactionId: z.string().optional(),
  /** What the issuer gave, while its holder has not looked at it yet. */
  came: z.strictObject({ texts: z.array(z.string()), notificationId: z.string().optional() }).optional(),
});

/** A form of a certificate that was asked for and is not accepted yet: outstanding, promised for later, or come. */
export type Pending = z.infer<typeof pendingSchema> & { id: string };

/** What is still waited for, and what came and was neither accepted nor declined. */
export async function listPending(vault: Vault): Promise<Pending[]> {
  return (await vault.list(PREFIX)).flatMap(({ key, value }) => {
    const { data } = pendingSchema.safeParse(value);
    return data ? [{ ...data, id: key.slice(PREFIX.length) }] : [];
  });
}

/** The forms of an offer that a token was given for, to be written before any is asked for. */
export function outstandingForms(offer: Offer, token: Token, holder: string, { now }: Platform): Pending[] {
  const { credential, nonce, deferred, notification } = offer.endpoints;
  return offer.forms.map(({ configurationId, format, names, bound, bindAs }) => {
    const identifier = token.identifiers[configurationId];
    return {
      id: nameOf(offerName(offer), configurationId),
      issuer: offer.issuer,
      host: offer.host,
      ...(deferred !== undefined && { endpoint: deferred }),
      ...(notification !== undefined && { notification }),
      accessToken: token.accessToken,
      configurationId,
      format,
      names,
      ...(bound && { holder }),
      notBefore: now(),
      since: new Date(now()).toISOString(),
      offer: offerName(offer),
      ask: {
        credential,
        bindAs,
        ...(nonce !== undefined && { nonce }),
        ...(identifier !== undefined && { identifier }),
      },
    };
  });
}

/** Name of an offer among what is waited for; its code cannot be read from it. */
export function offerName({ issuer, preAuthorizedCode }: Pick<Offer, 'issuer' | 'preAuthorizedCode'>): string {
  return nameOf(issuer, preAuthorizedCode);
}

/** The change that keeps it. */
export function keepPending({ id, ...value }: Pending): VaultChange {
  return { key: PREFIX + id, value };
}

/** The change that stops waiting. */
export function forgetPending(id: string): VaultChange {
  return { key: PREFIX + id, value: undefined };
}

/**
 * Asks for one: for what was promised (OpenID4VCI 1.0 §9), or again for what was never answered (§8).
 * @throws YizhengError as `requestCredential`, `HOLDER_KEY_MISSING`, `DEFERRED_GONE` when what was promised will never come
 */
export async function askPending(pending: Pending, vault: Vault, platform: Platform): Promise<CredentialAnswer> {
  const { endpoint, transactionId, accessToken, host, issuer, ask, holder, configurationId } = pending;
  if (transactionId !== undefined && endpoint !== undefined) {
    const answer = await sendJson(platform, endpoint, { transaction_id: transactionId }, bearer(accessToken));
    const { error } = errorSchema.safeParse(answer.json).data ?? {};
    if (error === 'invalid_transaction_id' || error === 'credential_request_denied')
      throw new YizhengError('DEFERRED_GONE', 'The issuer does not hold this certificate ready any more.', {
        at: host,
      });
    if (error === 'issuance_pending') {
      const interval = laterSchema.shape.interval.safeParse(answer.json?.['interval']).data;
      return { transactionId, intervalSeconds: interval ?? answer.retryAfterSeconds ?? DEFAULT_INTERVAL_SECONDS };
    }
    return readCredentialAnswer(answer, host);
  }
  if (!ask)
    throw new YizhengError('ISSUER_ANSWER', 'The issuer promised it for later and said not where.', { at: host });
  const { credential, nonce, identifier, bindAs } = ask;
  const key = holder === undefined ? undefined : await loadHolderKey(vault, holder, platform);
  return requestCredential(
    { issuer, host, endpoints: { credential, ...(nonce !== undefined && { nonce }) } },
    { configurationId, bindAs },
    key,
    { accessToken, identifiers: identifier === undefined ? {} : { [configurationId]: identifier } },
    platform,
  );
}

/**
 * The changes that ask again later.
 * @throws YizhengError `ISSUER_ANSWER` when the issuer has nowhere to ask
 */
export function postpone(
  pending: Pending,
  { transactionId, intervalSeconds }: Extract<CredentialAnswer, { transactionId: string }>,
  { now }: Platform,
): VaultChange[] {
  if (pending.endpoint === undefined)
    throw new YizhengError('ISSUER_ANSWER', 'The issuer promises it for later and says not where.', {
      at: pending.host,
    });
  const { ask: _, ...rest } = pending;
  const next: Pending = {
    ...rest,
    id: nameOf(pending.issuer, transactionId),
    transactionId,
    notBefore: now() + intervalSeconds * 1000,
  };
  return [...(next.id === pending.id ? [] : [forgetPending(pending.id)]), keepPending(next)];
}

function nameOf(...parts: string[]): string {
  return toBase64url(sha256(utf8(parts.join('\n'))));
}
