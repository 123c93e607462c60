import { sameHolderKey } from '../../../../../shared/proof/holder-check.js';
import type { HeldCertificate } from '../certificates/held-certificate.js';
import { formatOfText, holderOf } from '../certificates/read-form.js';
import { holderDids } from '../keys/holder-key.js';
import type { Platform } from '../platform.js';
import type { Vault } from '../vault/vault.js';
import { acceptPreviews } from './obtain.js';
import { previewForms, type Preview } from './preview.js';

/**
 * A certificate from a PDF, a code or a file, as it would be kept.
 * @param text JSON or token, as `openCarrier` took it out of its carrier
 * @throws YizhengError `CREDENTIAL_FORM`
 */
export async function previewImport(text: string, vault: Vault, platform: Platform): Promise<Preview> {
  const format = formatOfText(text);
  const bound = holderOf(format, text);
  const holder = (await holderDids(vault)).find((did) => bound !== undefined && sameHolderKey(did, bound));
  const form = { format, text, ...(holder !== undefined && { holder }) };
  const [preview] = await previewForms([form], { source: 'import' }, platform);
  if (!preview) throw new RangeError('one form gives one preview');
  return preview;
}

/** Keeps an imported certificate. @throws YizhengError `CREDENTIAL_NOT_GENUINE` */
export async function acceptImport(preview: Preview, vault: Vault): Promise<HeldCertificate> {
  const [kept] = await acceptPreviews([preview], [], vault);
  if (!kept) throw new RangeError('one preview gives one certificate');
  return kept;
}
