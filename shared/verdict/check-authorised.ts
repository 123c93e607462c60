import { checkCertificateNumber } from '../certificate/certificate-number.js';
import { certificateKind } from '../certificate/kind.js';
import type { ShownCertificate } from '../certificate/shown-certificate.js';
import { authorise } from '../trust/authorise.js';
import type { TrustPolicy } from '../trust/policy.js';
import type { TrustView } from '../trust/trust-view.js';
import type { CertificateFacts } from '../trust/types.js';
import { finding } from './finding.js';
import type { Finding } from './types.js';

/**
 * Was the issuer entitled to issue it? Its accreditation on the day of issue, and a number that agrees with it (BR3).
 * @param names for the sentence: authority and anchor
 */
export function checkAuthorised(
  facts: CertificateFacts,
  record: ShownCertificate,
  names: Record<'authority' | 'anchor', string>,
  context: { trust: TrustView; now: string; policy?: Partial<TrustPolicy> },
): Finding {
  const { trust, now, policy } = context;
  const found = authorise(facts, trust, { now, ...(policy && { policy }) });
  const options = { asOf: found.dataAsOf, params: names, reasons: found.reasons };
  if (found.answer !== 'pass' || !found.accreditation || !certificateKind(record.kind).numbered || !record.level)
    return finding(found.answer, found.reasons[0]?.code ?? 'ISSUER_NOT_ACCREDITED', options);
  const [mismatch] = checkCertificateNumber(record.certificateNumber, {
    institutionCode: found.accreditation.institutionCode,
    issuedOn: record.issuedOn,
    level: record.level,
  });
  return mismatch === undefined ? finding('pass', 'ACCREDITED', options) : finding('fail', mismatch, options);
}
