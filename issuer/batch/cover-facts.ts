import { certificateKind } from '../../shared/certificate/kind.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { YizhengError } from '../../shared/errors.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import { coverByAccreditation, UNPLACED, type IssuedUnder } from '../covering-accreditation.js';
import type { CertificateDraft } from '../exam-result.js';
import type { Institution } from '../institutions.js';

/**
 * What the accreditation decision and the numbering look at of a certificate. Thousands of rows share a handful of these, so each is
 * stored and decided once.
 */
export type CoverFacts = Pick<
  CertificateRecord,
  'kind' | 'level' | 'occupation' | 'assessment' | 'specification' | 'candidateEmployer' | 'permit'
>;

/** The facts of a draft; the region is that of the institution where the draft names none. */
export function coverFacts(draft: CertificateDraft, institutionCode: string): CoverFacts {
  const { kind, level, occupation, assessment, specification, candidateEmployer, permit } = draft;
  const region =
    assessment.region ?? (certificateKind(kind).numbered ? `${institutionCode.slice(5, 7)}0000` : undefined);
  return {
    kind,
    level,
    occupation: occupation && { code: occupation.code, catalogueEdition: occupation.catalogueEdition, name: '-' },
    assessment: {
      id: '-',
      method: 'examination',
      standard: assessment.standard,
      standardType: assessment.standardType,
      date: '2000-01-01',
      region,
    },
    specification,
    candidateEmployer,
    permit: permit && { category: '-', item: permit.item, firstIssuedOn: '2000-01-01' },
  };
}

/** Refusals that lie in the row; every other one concerns the institution as a whole and stops its batch. */
const OF_THE_ROW = /_OUT_OF_SCOPE$|^CANDIDATE_/;

/** Decides about rows by their facts, each kind of row once. */
export class CoverDecisions {
  private readonly known = new Map<string, { under: IssuedUnder } | { code: string }>();
  /** One object for each accreditation. */
  private readonly unders = new Map<string, IssuedUnder>();

  constructor(
    private readonly institution: Pick<Institution, 'code' | 'did' | 'authority'>,
    private readonly view: TrustView | undefined,
    private readonly proof: { verificationMethod: string; created: string },
  ) {}

  /**
   * @param key names these facts
   * @returns who accredited it, or the code of why the row is refused
   * @throws YizhengError what `coverByAccreditation` throws where it concerns more than the row
   */
  decide(key: string | number, facts: CoverFacts, issuedOn: string): { under: IssuedUnder } | { code: string } {
    const name = `${issuedOn} ${key}`;
    const before = this.known.get(name);
    if (before) return before;
    const decision = this.judge(facts, issuedOn);
    this.known.set(name, decision);
    return decision;
  }

  private judge(facts: CoverFacts, issuedOn: string): { under: IssuedUnder } | { code: string } {
    try {
      const { issuer, authority, accreditation } = coverByAccreditation(
        this.institution,
        this.view,
        (under) => ({ ...facts, ...NOBODY, issuedOn, ...under }),
        this.proof,
      );
      const under = this.unders.get(accreditation.id) ?? { issuer, authority, accreditation };
      this.unders.set(accreditation.id, under);
      return { under };
    } catch (error) {
      if (error instanceof YizhengError && error.status === 403 && OF_THE_ROW.test(error.code))
        return { code: error.code };
      throw error;
    }
  }
}

const NOBODY: Pick<CertificateRecord, 'certificateNumber' | 'revision' | 'holder' | 'status'> = {
  certificateNumber: '-',
  revision: 1,
  holder: { name: '-', identityDocumentType: 'resident-identity-card', identityDocumentLastFour: '0000' },
  status: UNPLACED,
};
