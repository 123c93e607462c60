import type { SecuredCertificate } from '../proof/forms/secured-certificate.js';
import { sameHolderKey, type HolderCheck } from '../proof/holder-check.js';
import { finding } from './finding.js';
import type { Finding } from './types.js';

/**
 * Is it this person? A proof of possession counts only with the key the certificate is bound to; one that is wrong refuses. Without
 * a proof, or for a certificate bound to no key, the reader compares with the ID card — as far as the holder showed what to compare.
 * @param checks what was found of each proof that was presented
 */
export function checkHolder(
  { record, personal }: SecuredCertificate,
  checks: readonly HolderCheck[],
  now: string,
): Finding {
  const { holder } = record;
  const lastFour = holder.identityDocumentLastFour ?? personal?.idNumber?.replace(/[()]/g, '').slice(-4);
  const params = {
    document: holder.identityDocumentType,
    ...(holder.name !== undefined && { name: holder.name }),
    ...(lastFour !== undefined && { lastFour }),
  };
  const bound = holder.id;
  if (bound !== undefined) {
    const failed = checks.find(({ answer }) => answer === 'fail');
    if (failed) return finding('fail', failed.code, { asOf: now, params });
    const signed = checks.filter(({ answer, code }) => answer === 'pass' || code === 'HOLDER_LINK');
    if (signed.some(({ key }) => !sameHolderKey(key, bound)))
      return finding('fail', 'HOLDER_KEY_MISMATCH', { asOf: now, params });
    const undecided = checks.find(({ answer }) => answer === 'unknown');
    if (undecided)
      return finding('unknown', undecided.code, { asOf: now, params: { ...params, ...linkOf(undecided) } });
    const passed = checks[0];
    if (passed) return finding('pass', 'HOLDER_BOUND', { asOf: passed.at, params });
  }
  const comparable = holder.name !== undefined && lastFour !== undefined;
  return finding('unknown', comparable ? 'HOLDER_NOT_BOUND' : 'HOLDER_NOT_SHOWN', { asOf: now, params });
}

/** What a share link says of itself; nothing for any other proof. */
function linkOf({ code, at, until, audience }: HolderCheck): Record<string, string> {
  if (code !== 'HOLDER_LINK') return {};
  return { at, ...(until !== undefined && { until }), ...(audience !== undefined && { audience }) };
}
