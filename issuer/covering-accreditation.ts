import type { CertificateRecord } from '../shared/certificate/record.js';
import { YizhengError } from '../shared/errors.js';
import { authoriseIssue } from '../shared/trust/authorise.js';
import { certificateFacts } from '../shared/trust/certificate-facts.js';
import type { TrustView } from '../shared/trust/trust-view.js';
import type { Accreditation } from '../shared/trust/types.js';
import { outsideAccreditation } from './accreditation-scope.js';
import type { Institution } from './institutions.js';

/** Who accredited, as it stands on a certificate. */
export type IssuedUnder = Pick<CertificateRecord, 'issuer' | 'authority' | 'accreditation'>;

/** Stands in the record while the accreditation is looked for; the decision does not look at it. */
export const UNPLACED: CertificateRecord['status'] = { list: 1, index: 0 };

/**
 * Finds the accreditation that covers a certificate, by the same decision a verifier will make (DESIGN §8).
 * @param view what the institution's authority says; undefined before its first bundle
 * @param record makes the record as it would stand under an accreditation
 * @param proof key and instant of the proof to be made
 * @returns the record under the accreditation that covers it
 * @throws YizhengError with the reason code of the decision: `ISSUER_NOT_ACCREDITED`, `LEVEL_OUT_OF_SCOPE` … (403), naming the
 *   member of the exam result and what would be covered; 503 where it could not be found out, e.g. `BUNDLE_STALE`
 */
export function coverByAccreditation<R extends IssuedUnder>(
  institution: Pick<Institution, 'code' | 'did' | 'authority'>,
  view: TrustView | undefined,
  record: (under: IssuedUnder) => R & CertificateRecord,
  proof: { verificationMethod: string; created: string },
): R & CertificateRecord {
  let refusal = refused('ISSUER_NOT_ACCREDITED', institution.authority, 403);
  for (const accreditation of candidates(institution, view)) {
    const candidate = record(issuedUnder(accreditation, view));
    const found = view && authoriseIssue(certificateFacts(candidate, proof), view, { now: proof.created });
    if (found?.answer === 'pass') return candidate;
    const [reason] = found?.reasons ?? [];
    if (reason)
      refusal = refused(
        reason.code,
        reason.ref ?? accreditation.id,
        found?.answer === 'unknown' ? 503 : 403,
        outsideAccreditation(reason.code, accreditation),
      );
  }
  throw refusal;
}

function candidates(
  institution: Pick<Institution, 'code' | 'did' | 'authority'>,
  view: TrustView | undefined,
): Accreditation[] {
  return (view?.accreditations(institution.authority, institution.did) ?? [])
    .filter((row) => row.institutionCode === institution.code)
    .toReversed();
}

function issuedUnder(accreditation: Accreditation, view: TrustView | undefined): IssuedUnder {
  return {
    issuer: { id: accreditation.institution, name: accreditation.legalName },
    authority: {
      id: accreditation.authority,
      name: view?.feedOf(accreditation.authority)?.name ?? accreditation.authority,
    },
    accreditation: { id: accreditation.id },
  };
}

function refused(
  code: string,
  ref: string,
  status: number,
  outside?: { at: string; allowed: readonly string[] },
): YizhengError {
  const { at, allowed = [] } = outside ?? {};
  const covered = allowed.length === 0 ? '' : ` It covers: ${allowed.join(', ')}.`;
  return new YizhengError(
    code,
    status === 403
      ? `The accreditation does not cover this certificate (${ref}).${covered}`
      : `What the authority says about this is not known well enough (${ref}); import its newest bundle.`,
    { status, at },
  );
}
