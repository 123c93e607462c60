import type { CertificateDraft } from '../exam-result.js';

/** A draft as `batch_rows` holds it: number and date of issue have columns of their own. */
export function storedDraft({ issuedOn: _, certificateNumber: __, ...draft }: CertificateDraft): string {
  return JSON.stringify(draft);
}
