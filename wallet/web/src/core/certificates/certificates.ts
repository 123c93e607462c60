import { YizhengError } from '../../../../../shared/errors.js';
import type { Verdict } from '../../../../../shared/verdict/types.js';
import { forgetHolderKey, holderDids } from '../keys/holder-key.js';
import { nowText, type Platform } from '../platform.js';
import type { Vault, VaultChange } from '../vault/vault.js';
import { merged } from './merge.js';
import { HELD_FORMATS, parseHeld, type HeldCertificate } from './held-certificate.js';
import { worstVerdict } from './worst-verdict.js';

const PREFIX = 'certificate/';

/** Everything held, newest first. */
export async function listCertificates(vault: Vault): Promise<HeldCertificate[]> {
  const found = (await vault.list(PREFIX)).map(({ value }) => parseHeld(value)).filter((item) => item !== undefined);
  return found.toSorted((a, b) => (a.receivedAt < b.receivedAt ? 1 : a.receivedAt > b.receivedAt ? -1 : 0));
}

/** @throws YizhengError `CERTIFICATE_NOT_HELD` */
export async function findCertificate(vault: Vault, id: string): Promise<HeldCertificate> {
  const found = parseHeld(await vault.read(PREFIX + id));
  if (!found) throw new YizhengError('CERTIFICATE_NOT_HELD', 'This certificate is not in the wallet any more.');
  return found;
}

/** The change that keeps a certificate. @throws YizhengError `CERTIFICATE_TOO_LARGE` for what could not be read again */
export function keepCertificate(certificate: HeldCertificate): VaultChange {
  if (!parseHeld(certificate))
    throw new YizhengError('CERTIFICATE_TOO_LARGE', 'The certificate has more or longer forms than the wallet keeps.');
  return { key: PREFIX + certificate.id, value: certificate };
}

/** Forgets a certificate and the keys it was bound to. */
export async function removeCertificate(vault: Vault, id: string): Promise<void> {
  const others = (await listCertificates(vault)).filter((item) => item.id !== id);
  const shared = new Set(others.flatMap(holdersOf));
  const keys = holdersOf(await findCertificate(vault, id)).filter((did) => !shared.has(did));
  await vault.write([{ key: PREFIX + id, value: undefined }, ...keys.map(forgetHolderKey)]);
}

/**
 * Asks the five questions about every form again, by the trust data held now, and keeps the worst answer. Forms that were kept as two certificates because no
 * authority was chosen then become one.
 */
export async function refreshCertificate(vault: Vault, id: string, platform: Platform): Promise<HeldCertificate> {
  const certificate = await findCertificate(vault, id);
  const verdict = await judged(certificate, platform);
  if (!verdict) return certificate;
  const next: HeldCertificate = { ...certificate, verdict, checkedAt: nowText(platform) };
  const others = (await listCertificates(vault)).filter((item) => item.id !== id);
  const ownKeys = new Set(await holderDids(vault));
  for (const other of others) {
    const whole = merged(other, next, ownKeys);
    if (!whole) continue;
    const kept = { ...whole, id };
    await vault.write([keepCertificate(kept), { key: PREFIX + other.id, value: undefined }]);
    return kept;
  }
  await vault.write([keepCertificate(next)]);
  return next;
}

async function judged({ forms }: HeldCertificate, platform: Platform): Promise<Verdict | undefined> {
  const sorted = forms.toSorted((a, b) => HELD_FORMATS.indexOf(a.format) - HELD_FORMATS.indexOf(b.format));
  const verdicts: (Verdict | undefined)[] = [];
  for (const { text } of sorted) verdicts.push(await platform.judge(text));
  return worstVerdict(verdicts);
}

function holdersOf({ forms }: HeldCertificate): string[] {
  return [...new Set(forms.flatMap(({ holder }) => holder ?? []))];
}
