import { certificateKind, type KindId } from '../../../shared/certificate/kind.js';
import { findLevel, levelRank, type Level } from '../../../shared/certificate/level.js';
import { OCCUPATIONS } from '../../../shared/certificate/occupation-data.js';
import { outsideScope, type ScopeQuestion } from '../../../shared/trust/scope.js';
import type { TrustView } from '../../../shared/trust/trust-view.js';
import type { RecognizedAction } from '../../../shared/trust/types.js';
import type { Institution } from '../../institutions.js';

/** One row of what an institution may issue. */
export interface Allowed {
  action: RecognizedAction;
  accreditation: string;
  /** Instant its accreditation was replaced or withdrawn, where it was; milliseconds. */
  endsAt: number;
}

/** An occupation an institution may assess. */
export interface AllowedOccupation {
  /** Code, or pattern like `6-18-*`; of permits the item. */
  code: string;
  name?: string;
}

const MOST_LISTED = 12;

/**
 * What the authority lets an institution issue, to be explained to people; whether one certificate is covered, only
 * `coverByAccreditation` says.
 */
export function allowedOf(
  institution: Pick<Institution, 'code' | 'did' | 'authority'>,
  view: TrustView | undefined,
): Allowed[] {
  return (view?.accreditations(institution.authority, institution.did) ?? [])
    .filter((row) => row.institutionCode === institution.code)
    .flatMap((row) =>
      row.actions
        .filter(({ action }) => action === 'issue')
        .map((action) => ({
          action,
          accreditation: row.id,
          endsAt: Math.min(
            action.validUntil === undefined ? Infinity : Date.parse(action.validUntil),
            view?.endOf(row.authority, row.id) ?? Infinity,
          ),
        })),
    );
}

/** Those in force at an instant, in milliseconds. */
export function inForce(allowed: readonly Allowed[], at: number): Allowed[] {
  return allowed.filter(({ action, endsAt }) => Date.parse(action.validFrom) <= at && at < endsAt);
}

/** Kinds of certificate, each once. */
export function allowedKinds(allowed: readonly Allowed[]): KindId[] {
  return [...new Set(allowed.flatMap(({ action }) => action.scope.kind ?? []))];
}

/** Levels of one occupation (or of all), lowest first. */
export function allowedLevels(
  allowed: readonly Allowed[],
  about: { kind?: KindId; occupation?: ScopeQuestion['occupation'] } = {},
): Level[] {
  const found = allowed
    .filter(({ action }) => isAbout(action, about))
    .flatMap(({ action }) => action.scope.level ?? [])
    .filter(({ framework }) => about.kind === undefined || certificateKind(about.kind).frameworks.includes(framework));
  const distinct = new Map(found.map((level) => [`${level.framework} ${level.value}`, level]));
  return [...distinct.values()].sort(
    (a, b) => a.framework.localeCompare(b.framework) || (levelRank(a) ?? 0) - (levelRank(b) ?? 0),
  );
}

/** Occupations, patterns followed by the known occupations they cover. */
export function allowedOccupations(allowed: readonly Allowed[]): AllowedOccupation[] {
  const patterns = [...new Set(allowed.flatMap(({ action }) => action.scope.occupation ?? []))];
  return patterns.flatMap((pattern) => {
    const known = OCCUPATIONS.filter(
      ({ code, edition }) =>
        outsideScope(
          { occupation: [pattern], kind: ['competition-result'], region: ['*'] },
          { kind: 'competition-result', occupation: { code, catalogueEdition: edition }, region: '000000' },
          'nothing',
        ).length === 0,
    ).map(({ code, name }) => ({ code, name }));
    return known.some(({ code }) => code === pattern) ? known : [{ code: pattern }, ...known];
  });
}

/** Levels as they are written in a sheet, each name once. */
export function levelNames(levels: readonly Level[]): string[] {
  return [...new Set(levels.map((level) => findLevel(level)?.nameZh ?? level.value))];
}

/** Occupations as they are written in a sheet. */
export function occupationNames(occupations: readonly AllowedOccupation[]): string {
  return listed(occupations.map(({ code, name }) => (name === undefined ? code : `${code} ${name}`)));
}

/** A list in a sentence, cut where it gets long; `—` when there is nothing. */
export function listed(items: readonly string[]): string {
  if (items.length === 0) return '—';
  return items.length > MOST_LISTED ? `${items.slice(0, MOST_LISTED).join('、')}…` : items.join('、');
}

function isAbout(
  { scope }: RecognizedAction,
  { kind, occupation }: { kind?: KindId; occupation?: ScopeQuestion['occupation'] },
): boolean {
  if (kind !== undefined && scope.kind?.includes(kind) !== true) return false;
  if (occupation === undefined || kind === undefined || !certificateKind(kind).hasOccupation) return true;
  return !outsideScope(scope, { kind, occupation, region: '' }, 'nothing').includes('OCCUPATION_OUT_OF_SCOPE');
}
