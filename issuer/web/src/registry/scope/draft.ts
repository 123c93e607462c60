import { certificateKind, type KindId } from '../../../../../shared/certificate/kind.js';
import type { Level } from '../../../../../shared/certificate/level.js';
import type { Scope } from '../../../../../shared/trust/types.js';

/** A scope as it is being filled in. */
export interface ScopeDraft {
  kinds: readonly KindId[];
  levels: readonly Level[];
  occupations: readonly string[];
  regions: readonly string[];
  standards: readonly string[];
  candidates: NonNullable<Scope['candidates']>;
  /** Digits, or nothing for no quota. */
  quota: string;
  quotaPer: 'year' | 'month';
}

export const EMPTY_SCOPE: ScopeDraft = {
  kinds: [],
  levels: [],
  occupations: [],
  regions: [],
  standards: [],
  candidates: 'public',
  quota: '',
  quotaPer: 'year',
};

/** A scope to be changed. */
export function draftOfScope(scope: Scope): ScopeDraft {
  return {
    kinds: scope.kind ?? [],
    levels: scope.level ?? [],
    occupations: scope.occupation ?? [],
    regions: scope.region ?? [],
    standards: scope.standard ?? [],
    candidates: scope.candidates ?? 'public',
    quota: scope.quota ? String(scope.quota.limit) : '',
    quotaPer: scope.quota?.per ?? 'year',
  };
}

const filled = (name: string, list: readonly unknown[]): object => (list.length > 0 ? { [name]: list } : {});

/** The scope of an accreditation: every member its kinds have, so what is left empty is refused by the service, never guessed. */
export function accreditationScope(draft: ScopeDraft): object {
  return {
    ...limits(draft),
    candidates: draft.candidates,
    ...(draft.quota !== '' && { quota: { limit: Number(draft.quota), per: draft.quotaPer } }),
  };
}

/** The scope of a recognition: what is left empty does not limit. */
export function limits({ kinds, levels, occupations, regions, standards }: ScopeDraft): object {
  const used = levels.filter(({ framework }) => frameworksOf(kinds).includes(framework));
  return {
    ...filled('kind', kinds),
    ...filled('level', used),
    ...filled('occupation', occupations),
    ...filled('region', regions),
    ...filled('standard', standards),
  };
}

/** Level frameworks that certificates of these kinds use; of no kind chosen, every one. */
export function frameworksOf(kinds: readonly KindId[]): readonly string[] {
  if (kinds.length === 0) return ['cn-skill-5', 'cn-skill-8', 'cn-occ-qual', 'mo-dsal'];
  return [...new Set(kinds.flatMap((kind) => certificateKind(kind).frameworks))];
}

/** Is there an occupation to be named for these kinds? */
export function hasOccupations(kinds: readonly KindId[]): boolean {
  return kinds.length === 0 || kinds.some((kind) => certificateKind(kind).hasOccupation);
}
