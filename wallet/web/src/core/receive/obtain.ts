import { YizhengError } from '../../../../../shared/errors.js';
import { sameHolderKey } from '../../../../../shared/proof/holder-check.js';
import { keepCertificate, listCertificates } from '../certificates/certificates.js';
import type { HeldCertificate, HeldFormat } from '../certificates/held-certificate.js';
import { merged } from '../certificates/merge.js';
import { formatOfText, holderOf } from '../certificates/read-form.js';
import { createHolderKey, holderDids } from '../keys/holder-key.js';
import { sendJson } from '../net/http.js';
import type { Platform } from '../platform.js';
import type { Vault, VaultChange } from '../vault/vault.js';
import { askPending, forgetPending, keepPending, listPending, postpone } from './deferred.js';
import { previewForms, type ArrivedForm, type Preview } from './preview.js';
import type { Offer } from './read-offer.js';
import { bearer, requestCredential } from './request-credential.js';
import { requestToken } from './token.js';

/** Who is to be told what became of a credential (OpenID4VCI 1.0 §11). */
interface Notice {
  endpoint: string;
  notificationId: string;
  accessToken: string;
}

/** What came, for the person to accept or not. The key is kept with it, or not at all. */
export interface Received {
  previews: Preview[];
  /** How many forms are promised for later; they are waited for whatever is done with the previews. */
  deferred: number;
  /** Written when it is accepted. */
  changes: VaultChange[];
  notices: Notice[];
}

/**
 * Takes up an offer: token, nonce, key proof, credential, and the five questions about what came (OpenID4VCI 1.0 §6–§8).
 * All forms are bound to one new key. It may be called again after a wrong code; the offer is used up only when a token came.
 * @throws YizhengError the codes of `requestToken` and `requestCredential`, `CREDENTIAL_FORM`, `CREDENTIAL_FOR_OTHER_KEY`
 */
export async function obtain(
  offer: Offer,
  options: { txCode?: string },
  vault: Vault,
  platform: Platform,
): Promise<Received> {
  const token = await requestToken(offer, options.txCode, platform);
  const { key, change } = await createHolderKey(platform);
  const arrived: ArrivedForm[] = [];
  const waiting: VaultChange[] = [];
  const notices: Notice[] = [];
  for (const form of offer.forms) {
    const answer = await requestCredential(offer, form, key, token, platform);
    const holder = form.bound ? key.did : undefined;
    if ('transactionId' in answer) {
      const asked = { offer, form, accessToken: token.accessToken, ...(holder !== undefined && { holder }) };
      waiting.push(keepPending(asked, answer, platform));
      continue;
    }
    const { notification } = offer.endpoints;
    if (answer.notificationId !== undefined && notification !== undefined)
      notices.push({ endpoint: notification, notificationId: answer.notificationId, accessToken: token.accessToken });
    for (const text of answer.texts)
      arrived.push({
        ...arrivedForm(text, form.format, holder),
        configurationId: form.configurationId,
        names: form.names,
      });
  }
  if (waiting.length > 0) await vault.write([change, ...waiting]);
  const previews = await previewForms(arrived, { source: 'offer', issuerHost: offer.host }, platform);
  return { previews, deferred: waiting.length, changes: [change], notices };
}

/**
 * Asks for everything that was promised for later and is due. What can never come is forgotten.
 * @returns what came; accept it as any other
 */
export async function resumeDeferred(vault: Vault, platform: Platform): Promise<Received> {
  const pending = await listPending(vault);
  const arrived: { form: ArrivedForm; host: string }[] = [];
  const changes: VaultChange[] = [];
  const notices: Notice[] = [];
  for (const item of pending.filter(({ notBefore }) => notBefore <= platform.now())) {
    try {
      const answer = await askPending(item, platform);
      if ('transactionId' in answer) {
        await vault.write([postpone(item, answer.intervalSeconds, platform)]);
        continue;
      }
      const { format, holder, configurationId, names, host } = item;
      for (const text of answer.texts)
        arrived.push({ form: { ...arrivedForm(text, format, holder), configurationId, names: plain(names) }, host });
      changes.push(forgetPending(item.id));
      if (answer.notificationId !== undefined && item.notification !== undefined)
        notices.push({
          endpoint: item.notification,
          notificationId: answer.notificationId,
          accessToken: item.accessToken,
        });
    } catch (error) {
      if (!(error instanceof YizhengError && error.code === 'DEFERRED_GONE')) throw error;
      await vault.write([forgetPending(item.id)]);
    }
  }
  const previews: Preview[] = [];
  for (const host of new Set(arrived.map((item) => item.host))) {
    const forms = arrived.filter((item) => item.host === host).map(({ form }) => form);
    previews.push(...(await previewForms(forms, { source: 'offer', issuerHost: host }, platform)));
  }
  return { previews, deferred: pending.length - changes.length, changes, notices };
}

/**
 * Keeps what came, with its key, all at once, and tells the issuer. A certificate held already gets the new forms.
 * @throws YizhengError `CREDENTIAL_NOT_GENUINE`; then nothing is kept
 */
export async function acceptReceived(received: Received, vault: Vault, platform: Platform): Promise<HeldCertificate[]> {
  const kept = await acceptPreviews(received.previews, received.changes, vault).catch(async (error: unknown) => {
    await notify(received.notices, 'credential_failure', platform);
    throw error;
  });
  await notify(received.notices, 'credential_accepted', platform);
  return kept;
}

/** Keeps nothing of what came, and tells the issuer. */
export async function declineReceived(received: Received, platform: Platform): Promise<void> {
  await notify(received.notices, 'credential_deleted', platform);
}

/** Keeps previews together with further changes. @throws YizhengError `CREDENTIAL_NOT_GENUINE` */
export async function acceptPreviews(
  previews: readonly Preview[],
  changes: readonly VaultChange[],
  vault: Vault,
): Promise<HeldCertificate[]> {
  if (previews.some(({ refusal }) => refusal !== undefined))
    throw new YizhengError('CREDENTIAL_NOT_GENUINE', 'This is not as its issuer signed it; it is not kept.');
  const held = await listCertificates(vault);
  const ownKeys = new Set(await holderDids(vault));
  for (const { key, value } of changes)
    if (key.startsWith('key/') && value !== undefined) ownKeys.add(key.slice('key/'.length));
  const kept = previews.map(({ certificate }) => mergeInto(held, certificate, ownKeys));
  await vault.write([...changes, ...kept.map(keepCertificate)]);
  return kept;
}

function mergeInto(
  held: readonly HeldCertificate[],
  next: HeldCertificate,
  ownKeys: ReadonlySet<string>,
): HeldCertificate {
  return held.map((before) => merged(before, next, ownKeys)).find((found) => found !== undefined) ?? next;
}

/** A form bound to another key than the one it was asked for is worth nothing here. */
function arrivedForm(text: string, format: HeldFormat, holder: string | undefined): ArrivedForm {
  if (formatOfText(text) !== format)
    throw new YizhengError('CREDENTIAL_FORM', 'The issuer gave another form than was asked for.');
  if (holder === undefined) return { format, text };
  const bound = holderOf(format, text);
  if (bound === undefined || !sameHolderKey(bound, holder))
    throw new YizhengError('CREDENTIAL_FOR_OTHER_KEY', 'The issuer bound the certificate to another key than yours.');
  return { format, text, holder };
}

/** The issuer's book-keeping must not cost anybody a certificate: what goes wrong here is left alone. */
async function notify(
  notices: readonly Notice[],
  event: 'credential_accepted' | 'credential_failure' | 'credential_deleted',
  platform: Platform,
): Promise<void> {
  await Promise.allSettled(
    notices.map(({ endpoint, notificationId, accessToken }) =>
      sendJson(platform, endpoint, { notification_id: notificationId, event }, bearer(accessToken)),
    ),
  );
}

function plain({ zh, en }: { zh?: string | undefined; en?: string | undefined }): { zh?: string; en?: string } {
  return { ...(zh !== undefined && { zh }), ...(en !== undefined && { en }) };
}
