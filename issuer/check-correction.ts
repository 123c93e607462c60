import { YizhengError } from '../shared/errors.js';
import type { Role } from '../server/index.js';
import { recordOfRow, type StoredCertificate } from './certificate-row.js';
import type { CertificateDraft } from './exam-result.js';

/** Who may say that a certificate stood in the wrong person's name. */
const CORRECTS_HOLDER: readonly Role[] = ['approver', 'officer'];

/**
 * Holds a correction to what it corrects: same kind, same occupation, same person. Where the full document number of both is
 * known (as an HMAC), that decides; else name, document type and last characters. Another key of the holder (`holder.did`), a first one or
 * none any more, is another person too: whoever has the key has the certificate.
 * @param old the certificate to be corrected
 * @param draft what would stand on the correction
 * @param by `holderKey`: HMAC of the holder's document, null when not known; `roles` of the caller
 * @returns whether the correction is for another document, person or key, which only an approver or officer may say
 * @throws YizhengError `CORRECTION_OTHER_KIND`, `CORRECTION_OTHER_OCCUPATION` (422), `CORRECTION_OTHER_HOLDER` (403)
 */
export function checkCorrection(
  old: StoredCertificate,
  draft: CertificateDraft,
  by: { holderKey: string | null; roles: readonly Role[] },
): boolean {
  const before = recordOfRow(old);
  if (before.kind !== draft.kind) throw otherThing('CORRECTION_OTHER_KIND', '/kind');
  if (occupationOf(before) !== occupationOf(draft)) throw otherThing('CORRECTION_OTHER_OCCUPATION', '/occupation/code');
  const isSame =
    old.holder_key !== null && by.holderKey !== null
      ? old.holder_key === by.holderKey
      : holderOf(before) === holderOf(draft);
  if (isSame && before.holder.id === draft.holder.id) return false;
  if (!CORRECTS_HOLDER.some((role) => by.roles.includes(role)))
    throw new YizhengError(
      'CORRECTION_OTHER_HOLDER',
      'The correction is for another document or key than the certificate; an approver or officer must ask for it.',
      { at: '/holder', status: 403 },
    );
  return true;
}

function occupationOf({ occupation }: Pick<CertificateDraft, 'occupation'>): string {
  return occupation ? `${occupation.catalogueEdition} ${occupation.code}` : '';
}

function holderOf({ holder }: Pick<CertificateDraft, 'holder'>): string {
  return JSON.stringify([holder.name, holder.identityDocumentType, holder.identityDocumentLastFour]);
}

function otherThing(code: string, at: string): YizhengError {
  return new YizhengError(code, 'A correction keeps kind and occupation; revoke and issue anew instead.', {
    at,
    status: 422,
  });
}
