import type { Level } from '../shared/certificate/level.js';
import type { Accreditation, Scope } from '../shared/trust/types.js';

/** What an accreditation lets an institution issue from a day on. */
export interface GrantedScope extends Pick<
  Scope,
  'kind' | 'occupation' | 'level' | 'region' | 'standard' | 'candidates' | 'quota'
> {
  /** Id of the accreditation. */
  accreditation: string;
  /** RFC 3339. */
  validFrom: string;
  /** RFC 3339, excluded; absent = open. */
  validUntil?: string;
}

/** What an institution's accreditations grant, one entry for each `issue` action. */
export function grantedScopes(accreditations: readonly Accreditation[]): GrantedScope[] {
  return accreditations.flatMap(({ id, actions }) =>
    actions
      .filter(({ action }) => action === 'issue')
      .map(({ validFrom, validUntil, scope: { institutions: _, ...scope } }) => ({
        accreditation: id,
        validFrom,
        ...(validUntil === undefined ? {} : { validUntil }),
        ...scope,
      })),
  );
}

const PLACES: Readonly<
  Record<string, readonly [at: string, member?: 'kind' | 'occupation' | 'level' | 'region' | 'standard']>
> = {
  KIND_OUT_OF_SCOPE: ['/kind', 'kind'],
  OCCUPATION_OUT_OF_SCOPE: ['/occupation/code', 'occupation'],
  LEVEL_OUT_OF_SCOPE: ['/level', 'level'],
  REGION_OUT_OF_SCOPE: ['/assessment/region', 'region'],
  STANDARD_OUT_OF_SCOPE: ['/assessment/standard', 'standard'],
  CANDIDATE_EMPLOYER_UNKNOWN: ['/candidateEmployer'],
  CANDIDATE_NOT_OWN_EMPLOYEE: ['/candidateEmployer/uscc'],
  CANDIDATE_NOT_IN_SUPPLY_CHAIN: ['/candidateEmployer/uscc'],
  ACCREDITATION_NOT_IN_FORCE_AT_ISSUE: ['/issuedOn'],
};

/**
 * Which member of an exam result an accreditation does not cover, and what it would.
 * @param code reason code of the decision
 * @returns `at`: JSON pointer; `allowed`: values as the accreditation writes them, levels as `framework:value`; undefined for a
 *   reason that lies in no member
 */
export function outsideAccreditation(
  code: string,
  accreditation: Accreditation,
): { at: string; allowed: string[] } | undefined {
  const [at, member] = PLACES[code] ?? [];
  if (at === undefined) return undefined;
  const values = grantedScopes([accreditation]).flatMap((scope): (string | Level)[] =>
    member === undefined ? [] : (scope[member] ?? []),
  );
  const written = values.map((value) => (typeof value === 'string' ? value : `${value.framework}:${value.value}`));
  return { at, allowed: [...new Set(written)] };
}
