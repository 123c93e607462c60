import type { IdentityDocumentType } from '../../shared/certificate/identity-document.js';
import type { ShownHolder } from '../../shared/certificate/shown-certificate.js';
import type { CodedAnswer } from './types.js';

/** The applicant as the application keeps them. */
export interface KnownApplicant {
  name: string;
  idType: IdentityDocumentType;
  idLastFour: string;
  /** HMAC of document type and number; empty where the institution came from another host, which made it with its own secret. */
  holderKey: string;
}

/**
 * Is a certificate the applicant's own? By the full document number (as HMAC) where both are known, else by name, document type and last
 * characters together, which the clerk then compares with the card. What cannot be compared is `unknown`, and spares nothing.
 * @param holder as the certificate shows it
 * @param holderKey HMAC of the certificate's document, where it is known
 */
export function sameApplicant(
  applicant: KnownApplicant,
  holder: ShownHolder | undefined,
  holderKey: string | undefined,
): CodedAnswer {
  if (!holder) return { answer: 'unknown', code: 'PERSON_NOT_COMPARED' };
  const isSameName = holder.name !== undefined && plain(holder.name) === plain(applicant.name);
  if (holderKey !== undefined && applicant.holderKey !== '' && holder.identityDocumentType === applicant.idType) {
    if (holderKey !== applicant.holderKey) return { answer: 'fail', code: 'PERSON_OTHER_DOCUMENT' };
    if (isSameName) return { answer: 'pass', code: 'PERSON_SAME_DOCUMENT' };
    return { answer: 'unknown', code: 'PERSON_NAME_DIFFERS' };
  }
  if (holder.name === undefined || holder.identityDocumentLastFour === undefined)
    return { answer: 'unknown', code: 'PERSON_NOT_SHOWN' };
  if (holder.identityDocumentType !== applicant.idType)
    return {
      answer: isSameName ? 'unknown' : 'fail',
      code: isSameName ? 'PERSON_OTHER_DOCUMENT_TYPE' : 'PERSON_OTHER',
    };
  const isSameNumber = holder.identityDocumentLastFour === applicant.idLastFour;
  if (isSameName && isSameNumber) return { answer: 'pass', code: 'PERSON_NAME_AND_LAST_FOUR' };
  return isSameNumber ? { answer: 'unknown', code: 'PERSON_NAME_DIFFERS' } : { answer: 'fail', code: 'PERSON_OTHER' };
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();
}
