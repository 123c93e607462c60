import { YizhengError } from '../../../../../shared/errors.js';
import { sameHolderKey } from '../../../../../shared/proof/holder-check.js';
import { keepCertificate, listCertificates } from '../certificates/certificates.js';
import { MAX_FORM_CHARACTERS, type HeldCertificate, type HeldFormat } from '../certificates/held-certificate.js';
import { merged, statedIdentity } from '../certificates/merge.js';
import { formatOfText, holderOf } from '../certificates/read-form.js';
import { createHolderKey, forgetHolderKey, holderDids } from '../keys/holder-key.js';
import { sendJson } from '../net/http.js';
import type { Platform } from '../platform.js';
import type { Vault, VaultChange } from '../vault/vault.js';
import {
  askPending,
  forgetPending,
  keepPending,
  listPending,
  offerName,
  outstandingForms,
  postpone,
  type Pending,
} from './deferred.js';
import { previewForms, type Preview } from './preview.js';
import type { Offer } from './read-offer.js';
import { bearer } from './request-credential.js';
import { requestToken } from './token.js';

/** What came, for the person to accept or not. Until then it waits in the vault, where {@link resumeDeferred} finds it. */
export interface Received {
  previews: Preview[];
  /** How many forms are still waited for; they are asked for again whatever is done with the previews. */
  deferred: number;
  /** What went wrong with the forms that are not here. */
  problems: YizhengError[];
  came: readonly Pending[];
  /** Forgets what came, and the key it was bound to. */
  forget: () => Promise<void>;
}

/** After these, asking again for a form gives nothing else. */
const FINAL = new Set(['CREDENTIAL_REFUSED', 'PROOF_REFUSED', 'CREDENTIAL_FORM', 'CREDENTIAL_FOR_OTHER_KEY', 'CERTIFICATE_TOO_LARGE']); // prettier-ignore

/**
 * Takes up an offer: token, nonce, key proof, credential, and the five questions about what came (OpenID4VCI 1.0 §6–§8).
 * All forms are bound to one new key. It may be called again after a wrong code; the offer is used up only when a token came. From then on
 * all that is needed to go on is in the vault: called again, or by {@link resumeDeferred}, it asks only for what is outstanding.
 * @throws YizhengError the codes of `requestToken` and the vault, and when no form came the first of those of `requestCredential`,
 *   `CREDENTIAL_FORM`, `CREDENTIAL_FOR_OTHER_KEY`, `CERTIFICATE_TOO_LARGE`
 */
export async function obtain(
  offer: Offer,
  options: { txCode?: string },
  vault: Vault,
  platform: Platform,
): Promise<Received> {
  const name = offerName(offer);
  const left = (await listPending(vault)).filter((item) => item.offer === name && item.transactionId === undefined);
  const items = left.length > 0 ? left : await begin(offer, options.txCode, vault, platform);
  return gather(items, items.length, vault, platform);
}

/**
 * Asks for everything that was promised for later and is due, and for what a broken connection left outstanding. Only what can never come
 * is forgotten.
 * @returns what came; accept it as any other
 * @throws YizhengError the codes of the vault, and when nothing came the first of those of `askPending`
 */
export async function resumeDeferred(vault: Vault, platform: Platform): Promise<Received> {
  const pending = await listPending(vault);
  const due = pending.filter(({ notBefore }) => notBefore <= platform.now());
  return gather(due, pending.length, vault, platform);
}

/**
 * Keeps what came, all at once, and tells the issuer. A certificate held already gets the new forms. What is not as its issuer signed it is
 * left out, and does not keep out the rest.
 * @throws YizhengError `CREDENTIAL_NOT_GENUINE` when nothing else came, `CERTIFICATE_TOO_LARGE`, and the codes of the vault; then nothing
 *   is kept
 */
export async function acceptReceived(received: Received, vault: Vault, platform: Platform): Promise<HeldCertificate[]> {
  const { previews, came } = received;
  const done = came.map(({ id }) => forgetPending(id));
  const kept = await acceptPreviews(previews, done, vault).catch(async (error: unknown) => {
    if (!(error instanceof YizhengError && error.code === 'CREDENTIAL_NOT_GENUINE')) throw error;
    await notify(came, 'credential_failure', platform);
    await received.forget();
    throw error;
  });
  const refused = new Set(
    previews.flatMap(({ refusal, certificate }) => (refusal === undefined ? [] : certificate.forms.map((f) => f.text))),
  );
  const isRefused = (item: Pending): boolean => item.came?.texts.some((text) => refused.has(text)) === true;
  await notify(came.filter(isRefused), 'credential_failure', platform);
  await notify(
    came.filter((item) => !isRefused(item)),
    'credential_accepted',
    platform,
  );
  return kept;
}

/** Keeps nothing of what came, and tells the issuer. In a wallet that was locked meanwhile it comes up again. */
export async function declineReceived(received: Received, platform: Platform): Promise<void> {
  await received.forget().catch((error: unknown) => {
    if (!(error instanceof YizhengError)) throw error;
  });
  await notify(received.came, 'credential_deleted', platform);
}

/**
 * Keeps those of the previews that are genuine, together with further changes.
 * @throws YizhengError `CREDENTIAL_NOT_GENUINE` when none is, `CERTIFICATE_TOO_LARGE`; then nothing is kept
 */
export async function acceptPreviews(
  previews: readonly Preview[],
  changes: readonly VaultChange[],
  vault: Vault,
): Promise<HeldCertificate[]> {
  const good = previews.filter(({ refusal }) => refusal === undefined);
  if (good.length === 0)
    throw new YizhengError('CREDENTIAL_NOT_GENUINE', 'This is not as its issuer signed it; it is not kept.');
  const held = await listCertificates(vault);
  const ownKeys = new Set(await holderDids(vault));
  const kept = good.map(({ certificate }) => mergeInto(held, certificate, ownKeys));
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

/** Exchanges the code of an offer for a token, and writes down at once what to ask for with it: the code works only once. */
async function begin(
  offer: Offer,
  txCode: string | undefined,
  vault: Vault,
  platform: Platform,
): Promise<readonly Pending[]> {
  const { key, change } = await createHolderKey(platform);
  const token = await requestToken(offer, txCode, platform);
  const items = outstandingForms(offer, token, key.did, platform);
  await vault.write([change, ...items.map(keepPending)]);
  return items;
}

async function gather(
  items: readonly Pending[],
  waitedFor: number,
  vault: Vault,
  platform: Platform,
): Promise<Received> {
  const came: Pending[] = [];
  const gone: Pending[] = [];
  const problems: YizhengError[] = [];
  for (const item of items) {
    try {
      const found = item.came ? item : await ask(item, vault, platform);
      if (found) came.push(found);
    } catch (error) {
      if (!(error instanceof YizhengError) || error.code.startsWith('VAULT_')) throw error;
      problems.push(error);
      const isPromised = item.transactionId !== undefined;
      if (isPromised ? error.code === 'DEFERRED_GONE' : FINAL.has(error.code)) gone.push(item);
    }
  }
  await forget(gone, vault);
  if (came.length === 0 && problems[0]) throw problems[0];
  const previews: Preview[] = [];
  for (const host of new Set(came.map((item) => item.host))) {
    const forms = came.filter((item) => item.host === host).flatMap(arrivedForms);
    previews.push(...(await previewForms(forms, { source: 'offer', issuerHost: host }, platform)));
  }
  const deferred = waitedFor - came.length - gone.length;
  return { previews, deferred, problems, came, forget: () => forget(came, vault) };
}

/** @returns it with what came of it, which is in the vault by then; undefined when it comes later */
async function ask(item: Pending, vault: Vault, platform: Platform): Promise<Pending | undefined> {
  const answer = await askPending(item, vault, platform);
  if ('transactionId' in answer) {
    await vault.write(postpone(item, answer, platform));
    return undefined;
  }
  for (const text of answer.texts) assertAsked(text, item.format, item.holder);
  const found = { ...item, came: answer };
  await vault.write([keepPending(found)]);
  return found;
}

async function forget(items: readonly Pending[], vault: Vault): Promise<void> {
  if (items.length === 0) return;
  const ids = new Set(items.map(({ id }) => id));
  const others = (await listPending(vault)).filter(({ id }) => !ids.has(id));
  const held = (await listCertificates(vault)).flatMap(({ forms }) => forms);
  const used = new Set([...others, ...held].map(({ holder }) => holder));
  const keys = new Set(items.flatMap(({ holder }) => (holder === undefined || used.has(holder) ? [] : [holder])));
  await vault.write([...items.map(({ id }) => forgetPending(id)), ...[...keys].map(forgetHolderKey)]);
}

/** A form bound to another key than the one it was asked for is worth nothing here. */
function assertAsked(text: string, format: HeldFormat, holder: string | undefined): void {
  if (text.length > MAX_FORM_CHARACTERS)
    throw new YizhengError('CERTIFICATE_TOO_LARGE', 'The certificate is larger than the wallet keeps.');
  if (formatOfText(text) !== format)
    throw new YizhengError('CREDENTIAL_FORM', 'The issuer gave another form than was asked for.');
  statedIdentity({ format, text });
  if (holder === undefined) return;
  const bound = holderOf(format, text);
  if (bound === undefined || !sameHolderKey(bound, holder))
    throw new YizhengError('CREDENTIAL_FOR_OTHER_KEY', 'The issuer bound the certificate to another key than yours.');
}

function arrivedForms({ came, format, holder, configurationId, names: { zh, en } }: Pending) {
  const names = { ...(zh !== undefined && { zh }), ...(en !== undefined && { en }) };
  const bound = holder === undefined ? {} : { holder };
  return (came?.texts ?? []).map((text) => ({ format, text, ...bound, configurationId, names }));
}

/** The issuer's book-keeping must not cost anybody a certificate: what goes wrong here is left alone. */
async function notify(
  items: readonly Pending[],
  event: 'credential_accepted' | 'credential_failure' | 'credential_deleted',
  platform: Platform,
): Promise<void> {
  await Promise.allSettled(
    items.map(async ({ notification, accessToken, came }) => {
      if (notification === undefined || came?.notificationId === undefined) return;
      await sendJson(platform, notification, { notification_id: came.notificationId, event }, bearer(accessToken));
    }),
  );
}
