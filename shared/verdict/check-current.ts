import type { SecuredCertificate } from '../proof/forms/secured-certificate.js';
import type { ShownCertificate } from '../certificate/shown-certificate.js';
import { checkStatus, type StatusCheck } from '../status/check-status.js';
import { verifyStatusListOnce } from '../status/remembered-status-lists.js';
import { checkTokenStatus } from '../status/check-token-status.js';
import type { TrustView } from '../trust/trust-view.js';
import { finding } from './finding.js';
import type { Finding } from './types.js';

/** What is known of the time after issue. */
export interface StatusMaterial {
  trust: TrustView;
  /** Token Status Lists at hand, by address; whoever fetched them need not have checked them. */
  statusTokenOf?: ((uri: string) => string | undefined) | undefined;
  /** RFC 3339. */
  now: string;
}

/**
 * Is it valid now? Dates, terms and status lists (DESIGN §2-3).
 *
 * Any list that says revoked or suspended refuses; a revocation also from an old list, because it cannot be undone. To pass, one
 * publication of the status must be known in full: both Bitstring lists, or the Token Status List of an SD-JWT VC. Anything less
 * leaves the answer at `unknown`.
 */
export async function checkCurrent(certificate: SecuredCertificate, material: StatusMaterial): Promise<Finding> {
  const dated = datesFinding(certificate.record, material.now);
  if (dated) return dated;
  const publications = await Promise.all([checkBitstrings(certificate, material), checkToken(certificate, material)]);
  const known = publications.filter((found) => found !== undefined);
  const decisive =
    known.find(({ answer }) => answer === 'fail') ?? known.find(({ answer }) => answer === 'pass') ?? known[0];
  if (decisive?.answer === 'pass') return finding('pass', 'CURRENT', { asOf: decisive.asOf });
  return finding(decisive?.answer ?? 'unknown', decisive?.code ?? 'STATUS_LIST_UNKNOWN', {
    asOf: decisive?.asOf ?? null,
  });
}

async function checkBitstrings(
  { record, credentialStatus }: SecuredCertificate,
  { trust, now }: StatusMaterial,
): Promise<StatusCheck | undefined> {
  const authority = record.authority.id;
  const checks = await Promise.all(
    credentialStatus.map((entry) => {
      const list = trust.statusListOf(entry.statusListCredential, authority)?.credential;
      const keyOf = trust.keysOf(authority);
      return checkStatus(entry, {
        issuer: record.issuer.id,
        list,
        keyOf,
        now,
        ...(list !== undefined && { verifiedList: verifyStatusListOnce(list, { keyOf, now }) }),
      });
    }),
  );
  const worst = checks.find(({ answer }) => answer === 'fail') ?? checks.find(({ answer }) => answer === 'unknown');
  const oldest = checks.map(({ asOf }) => asOf ?? '').sort()[0];
  return worst ?? (checks[0] && { ...checks[0], asOf: oldest ?? null });
}

async function checkToken(
  { record, tokenStatus }: SecuredCertificate,
  { trust, statusTokenOf, now }: StatusMaterial,
): Promise<StatusCheck | undefined> {
  const token = tokenStatus && statusTokenOf?.(tokenStatus.uri);
  if (!tokenStatus || token === undefined) return undefined;
  return checkTokenStatus(tokenStatus, {
    token,
    issuer: record.issuer.id,
    keyOf: trust.keysOf(record.authority.id),
    now,
  });
}

function datesFinding(record: ShownCertificate, now: string): Finding | undefined {
  const at = Date.parse(now);
  const over = (day: string | undefined): day is string =>
    day !== undefined && at > Date.parse(`${day}T23:59:59+08:00`);
  const fail = (code: string, params: Record<string, string>): Finding => finding('fail', code, { asOf: now, params });
  if (at < Date.parse(`${record.issuedOn}T00:00:00+08:00`)) return fail('NOT_YET_VALID', { from: record.issuedOn });
  if (record.appointment && at < Date.parse(`${record.appointment.from}T00:00:00+08:00`))
    return fail('NOT_YET_VALID', { from: record.appointment.from });
  if (over(record.expiresOn)) return fail('CERTIFICATE_EXPIRED', { until: record.expiresOn });
  if (over(record.appointment?.until)) return fail('TERM_ENDED', { until: record.appointment.until });
  if (over(record.permit?.reviewBy)) return fail('REVIEW_OVERDUE', { until: record.permit.reviewBy });
  return undefined;
}
