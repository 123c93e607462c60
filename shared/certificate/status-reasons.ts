/**
 * Why a certificate may be revoked, suspended or reinstated: the one list that single changes, batches, sheets, templates and the
 * command line go by. A revocation cannot be taken back, so what only calls for a suspension (`investigation`) is no ground for it.
 */
export const STATUS_REASONS_OF = {
  revoke: ['error', 'fraud', 'superseded', 'batch-void', 'holder-request'],
  suspend: ['investigation', 'holder-request'],
  reinstate: ['cleared', 'holder-request'],
} as const;

/** What may be done to a certificate that was issued. */
export type StatusAction = keyof typeof STATUS_REASONS_OF;

/** Any reason of {@link STATUS_REASONS_OF}. */
export type StatusReason = (typeof STATUS_REASONS_OF)[StatusAction][number];

/** Every reason there is. */
export const STATUS_REASONS = [
  'error',
  'fraud',
  'superseded',
  'batch-void',
  'holder-request',
  'investigation',
  'cleared',
] as const satisfies readonly StatusReason[];

/** Is this a ground for that? */
export function isReasonFor(action: StatusAction, reason: string): boolean {
  return (STATUS_REASONS_OF[action] as readonly string[]).includes(reason);
}
