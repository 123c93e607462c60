import { z } from 'zod';
import { YizhengError } from '../shared/errors.js';
import type { StatusPurpose } from '../shared/status/status-list-credential.js';
import { appendAudit } from '../server/index.js';
import {
  findCertificate,
  issuedCertificate,
  type CertificateRow,
  type CertificateStatus,
  type IssuedCertificate,
  type StoredCertificate,
} from './certificate-row.js';
import type { IssuerEffects } from './effects.js';
import type { Institution } from './institutions.js';
import { markChanged } from './status-lists.js';
import {
  isReasonFor,
  STATUS_REASONS,
  STATUS_REASONS_OF,
  type StatusAction,
} from '../shared/certificate/status-reasons.js';

export { STATUS_REASONS } from '../shared/certificate/status-reasons.js';

/** What is asked for. */
export const statusChangeSchema = z
  .strictObject({
    action: z.enum(['revoke', 'suspend', 'reinstate']),
    reason: z.enum(STATUS_REASONS),
  })
  .meta({ id: 'StatusChange' });

/** See {@link statusChangeSchema}. */
export type StatusChange = z.infer<typeof statusChangeSchema>;

const TARGET: Record<StatusChange['action'], CertificateStatus> = {
  revoke: 'revoked',
  suspend: 'suspended',
  reinstate: 'active',
};

/**
 * Revokes, suspends or reinstates a certificate, with its audit entry in one transaction. Asking for the status it already has
 * changes nothing.
 * @param change what and why
 * @returns the certificate, and whether anything changed
 * @throws YizhengError `STATUS_REASON_UNFIT` (422), `APPROVAL_REQUIRED` (409), `CERTIFICATE_NOT_FOUND` (404), `REVOCATION_IS_FINAL` (409)
 */
export async function changeStatus(
  effects: IssuerEffects,
  request: { institution: Institution; id: string; actor: string; change: StatusChange },
): Promise<{ certificate: IssuedCertificate; changed: boolean }> {
  const { institution, change } = request;
  requireReasonFor(change.action, change.reason);
  // A suspension protects and can be taken back, so one person may do it at once.
  if (institution.requiresApproval && change.action !== 'suspend')
    throw new YizhengError(
      'APPROVAL_REQUIRED',
      'Here a second person approves this: hand it in as a batch, also for a single certificate. Suspending needs nobody else.',
      { status: 409 },
    );
  return effects.database.write(async (transaction) => {
    const found = await findCertificate(transaction, institution.code, request.id);
    const before = found && issuedCertificate(found);
    if (!found || !before)
      throw new YizhengError('CERTIFICATE_NOT_FOUND', 'No such certificate was issued here.', { status: 404 });
    const planned = planStatusChange(found, change.action);
    if (!planned) return { certificate: before, changed: false };
    const now = effects.clock();
    const status = { status: planned.status, status_reason: change.reason, status_at: now.toISOString() };
    await transaction('certificates').where({ id: found.id }).update(status);
    await markChanged(transaction, found, planned.lists);
    await appendAudit(
      transaction,
      {
        tenant: institution.code,
        actor: request.actor,
        action: `certificate.${change.action}`,
        subject: found.id,
        detail: { from: found.status, reason: change.reason },
      },
      now,
    );
    const after: StoredCertificate = { ...found, ...status };
    return { certificate: issuedCertificate(after) ?? before, changed: true };
  });
}

/**
 * Refuses a reason that is no ground for what is asked, e.g. an investigation for a revocation.
 * @throws YizhengError `STATUS_REASON_UNFIT` (422), naming those that are
 */
export function requireReasonFor(action: StatusAction, reason: string): void {
  if (isReasonFor(action, reason)) return;
  throw new YizhengError(
    'STATUS_REASON_UNFIT',
    `This is no reason to ${action} a certificate; reasons are ${STATUS_REASONS_OF[action].join(', ')}.`,
    { status: 422, at: '/reason' },
  );
}

/**
 * What an action does to a certificate, the same one at a time and in batches.
 * @returns the new status and the lists that show it; undefined when it has that status already
 * @throws YizhengError `REVOCATION_IS_FINAL` (409)
 */
export function planStatusChange(
  { status }: Pick<CertificateRow, 'status'>,
  action: StatusChange['action'],
): { status: CertificateStatus; lists: StatusPurpose[] } | undefined {
  const target = TARGET[action];
  if (status === target) return undefined;
  if (status === 'revoked')
    throw new YizhengError('REVOCATION_IS_FINAL', 'A revoked certificate stays revoked; issue a new one.', {
      status: 409,
    });
  return { status: target, lists: touched(status, target) };
}

function touched(from: CertificateStatus, to: CertificateStatus): StatusPurpose[] {
  return [
    ...(to === 'revoked' ? (['revocation'] as const) : []),
    ...(from === 'suspended' || to === 'suspended' ? (['suspension'] as const) : []),
  ];
}
