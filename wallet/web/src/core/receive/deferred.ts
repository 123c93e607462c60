import { z } from 'zod';
import { YizhengError } from '../../../../../shared/errors.js';
import { HELD_FORMATS } from '../certificates/held-certificate.js';
import { sendJson } from '../net/http.js';
import type { Platform } from '../platform.js';
import type { Vault, VaultChange } from '../vault/vault.js';
import type { Offer, OfferedForm } from './read-offer.js';
import { bearer, readCredentialAnswer, type CredentialAnswer } from './request-credential.js';

const PREFIX = 'pending/';
const pendingSchema = z.strictObject({
  issuer: z.string(),
  host: z.string(),
  endpoint: z.string(),
  notification: z.string().optional(),
  accessToken: z.string(),
  transactionId: z.string(),
  configurationId: z.string(),
  format: z.enum(HELD_FORMATS),
  names: z.strictObject({ zh: z.string().optional(), en: z.string().optional() }),
  holder: z.string().optional(),
  /** Milliseconds: not to be asked for before. */
  notBefore: z.number(),
  since: z.string(),
});

/** A certificate that its issuer has still to approve. */
export type Pending = z.infer<typeof pendingSchema> & { id: string };

/** What is still waited for. */
export async function listPending(vault: Vault): Promise<Pending[]> {
  return (await vault.list(PREFIX)).flatMap(({ key, value }) => {
    const { data } = pendingSchema.safeParse(value);
    return data ? [{ ...data, id: key.slice(PREFIX.length) }] : [];
  });
}

/** The change that remembers what is waited for. @throws YizhengError `ISSUER_ANSWER` when the issuer has nowhere to ask */
export function keepPending(
  { offer, form, accessToken, holder }: { offer: Offer; form: OfferedForm; accessToken: string; holder?: string },
  answer: Extract<CredentialAnswer, { transactionId: string }>,
  { now }: Platform,
): VaultChange {
  const { deferred, notification } = offer.endpoints;
  if (deferred === undefined)
    throw new YizhengError('ISSUER_ANSWER', 'The issuer promises it for later and says not where.', { at: offer.host });
  const value: z.infer<typeof pendingSchema> = {
    issuer: offer.issuer,
    host: offer.host,
    endpoint: deferred,
    ...(notification !== undefined && { notification }),
    accessToken,
    transactionId: answer.transactionId,
    configurationId: form.configurationId,
    format: form.format,
    names: form.names,
    ...(holder !== undefined && { holder }),
    notBefore: now() + answer.intervalSeconds * 1000,
    since: new Date(now()).toISOString(),
  };
  return { key: `${PREFIX}${encodeURIComponent(answer.transactionId).slice(0, 200)}`, value };
}

/** The change that stops waiting. */
export function forgetPending(id: string): VaultChange {
  return { key: PREFIX + id, value: undefined };
}

/** Asks for one (OpenID4VCI 1.0 §9). @throws YizhengError as `requestCredential`, `DEFERRED_GONE` when it will never come */
export async function askPending(pending: Pending, platform: Platform): Promise<CredentialAnswer> {
  const { endpoint, transactionId, accessToken, host } = pending;
  const answer = await sendJson(platform, endpoint, { transaction_id: transactionId }, bearer(accessToken));
  if (answer.status === 400 || answer.status === 401)
    throw new YizhengError('DEFERRED_GONE', 'The issuer does not hold this certificate ready any more.', { at: host });
  return readCredentialAnswer(answer, host);
}

/** The change that asks again later. */
export function postpone(pending: Pending, intervalSeconds: number, { now }: Platform): VaultChange {
  const { id, ...value } = pending;
  return { key: PREFIX + id, value: { ...value, notBefore: now() + intervalSeconds * 1000 } };
}
