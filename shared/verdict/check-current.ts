import type { CertificateCredential } from '../certificate/credential.js';
import type { CertificateRecord } from '../certificate/record.js';
import { checkStatus } from '../status/check-status.js';
import type { TrustView } from '../trust/trust-view.js';
import { finding } from './finding.js';
import type { Finding } from './types.js';

/**
 * Is it valid now? Dates, terms and both status lists (DESIGN §2-3).
 *
 * Every entry must be known: one list that is missing, stale or wrong leaves the answer at `unknown`; a bit that is set refuses
 * even from an old list, because revocation cannot be undone.
 * @param record the certificate
 * @param credential the same as signed credential
 * @param context trust data and now
 */
export async function checkCurrent(
  record: CertificateRecord,
  credential: CertificateCredential,
  { trust, now }: { trust: TrustView; now: string },
): Promise<Finding> {
  const dated = datesFinding(record, credential, now);
  if (dated) return dated;
  const authority = record.authority.id;
  const checks = await Promise.all(
    credential.credentialStatus.map(async (entry) => {
      const list = trust.statusListOf(entry.statusListCredential, authority);
      if (!list) return { answer: 'unknown' as const, code: 'STATUS_LIST_UNKNOWN', asOf: null };
      return checkStatus(entry, {
        issuer: credential.issuer.id,
        list: list.credential,
        keyOf: trust.keysOf(authority),
        now,
      });
    }),
  );
  const worst =
    checks.find(({ answer }) => answer === 'fail') ?? checks.find(({ answer }) => answer === 'unknown') ?? checks[0];
  if (worst?.answer !== 'pass')
    return finding(worst?.answer ?? 'unknown', worst?.code ?? 'STATUS_LIST_UNKNOWN', { asOf: worst?.asOf ?? null });
  const oldest = checks.map(({ asOf }) => asOf ?? '').sort()[0];
  return finding('pass', 'CURRENT', { asOf: oldest ?? null });
}

function datesFinding(record: CertificateRecord, credential: CertificateCredential, now: string): Finding | undefined {
  const at = Date.parse(now);
  const over = (day: string | undefined): day is string =>
    day !== undefined && at > Date.parse(`${day}T23:59:59+08:00`);
  const fail = (code: string, params: Record<string, string>): Finding => finding('fail', code, { asOf: now, params });
  if (at < Date.parse(credential.validFrom)) return fail('NOT_YET_VALID', { from: record.issuedOn });
  if (record.appointment && at < Date.parse(`${record.appointment.from}T00:00:00+08:00`))
    return fail('NOT_YET_VALID', { from: record.appointment.from });
  if (over(record.expiresOn)) return fail('CERTIFICATE_EXPIRED', { until: record.expiresOn });
  if (over(record.appointment?.until)) return fail('TERM_ENDED', { until: record.appointment.until });
  if (over(record.permit?.reviewBy)) return fail('REVIEW_OVERDUE', { until: record.permit.reviewBy });
  return undefined;
}
