import { certificateKind, type KindId } from '../../../shared/certificate/kind.js';
import { findLevel, type Level } from '../../../shared/certificate/level.js';
import { outsideScope, type ScopeQuestion } from '../../../shared/trust/scope.js';
import type { AssessedStandard } from '../../../shared/trust/types.js';
import { chinaDate } from '../../time.js';
import {
  allowedKinds,
  allowedLevels,
  allowedOccupations,
  inForce,
  levelNames,
  listed,
  occupationNames,
  type Allowed,
} from './allowed.js';
import { levelOfKind } from './read-level.js';
import type { IssueSheetContext } from './types.js';

/** The column a refusal by the accreditation is shown at, where its code tells. */
export const REFUSED_COLUMN: Readonly<Record<string, (typeof SCOPE_COLUMNS)[number]>> = {
  KIND_OUT_OF_SCOPE: 'kind',
  OCCUPATION_OUT_OF_SCOPE: 'occupationCode',
  LEVEL_OUT_OF_SCOPE: 'level',
  REGION_OUT_OF_SCOPE: 'region',
  STANDARD_OUT_OF_SCOPE: 'standard',
  CANDIDATE_EMPLOYER_UNKNOWN: 'employerCode',
  CANDIDATE_NOT_OWN_EMPLOYEE: 'employerCode',
  CANDIDATE_NOT_IN_SUPPLY_CHAIN: 'employerCode',
  ACCREDITATION_NOT_IN_FORCE_AT_ISSUE: 'issuedOn',
};

/** Columns the accreditation decision looks at. While one of them is wrong, it is not asked. */
export const SCOPE_COLUMNS = [
  'kind',
  'occupationCode',
  'catalogueEdition',
  'level',
  'region',
  'standard',
  'standardType',
  'permitItem',
  'specificationCode',
  'specificationVersion',
  'employerCode',
  'issuedOn',
] as const;

/** Something an accreditation does not cover, by column. */
export interface ScopeProblem {
  column: string;
  code: string;
  parameters: Record<string, string>;
}

/**
 * Explains what an institution's accreditation does not cover of a row, with what it does cover. The explanation comes from the
 * accreditation nearest to the row; whether it is covered at all, `coverByAccreditation` decides.
 */
export function scopeProblems(
  values: ReadonlyMap<string, string | number>,
  kind: KindId,
  context: IssueSheetContext,
  allowed: readonly Allowed[],
): ScopeProblem[] {
  const issuedOn = String(values.get('issuedOn') ?? chinaDate(context.now));
  const live = inForce(allowed, Date.parse(`${issuedOn}T23:59:59+08:00`));
  if (live.length === 0)
    return allowed.length === 0
      ? []
      : [
          {
            column: 'issuedOn',
            code: 'ACCREDITATION_NOT_IN_FORCE_AT_ISSUE',
            parameters: { value: issuedOn, allowed: periods(allowed) },
          },
        ];
  const question = questionOf(values, kind, context, live);
  const nearest = live
    .map(({ action }) => ({ action, codes: outsideScope(action.scope, question, 'nothing') }))
    .reduce((best, next) => (next.codes.length < best.codes.length ? next : best));
  return nearest.codes.flatMap((code) => explained(code, question, kind, live));
}

function questionOf(
  values: ReadonlyMap<string, string | number>,
  kind: KindId,
  { institution }: IssueSheetContext,
  live: readonly Allowed[],
): ScopeQuestion {
  const text = (key: string): string | undefined => values.get(key)?.toString();
  const granted = live.flatMap(({ action }) => action.scope.level ?? []);
  const level = text('level') === undefined ? undefined : levelOfKind(text('level') ?? '', kind, granted);
  const code = certificateKind(kind).hasOccupation ? text('occupationCode') : text('permitItem');
  const catalogueEdition = certificateKind(kind).hasOccupation ? (text('catalogueEdition') ?? '2022') : 'permit';
  const specification = text('specificationCode');
  const standard: AssessedStandard =
    specification === undefined
      ? { id: text('standard') ?? '', type: (text('standardType') ?? 'national') as AssessedStandard['type'] }
      : { id: `${specification}@${text('specificationVersion') ?? ''}`, type: 'specification' };
  return {
    kind,
    region: text('region') ?? `${institution.code.slice(5, 7)}0000`,
    standard,
    ...(code !== undefined && { occupation: { code, catalogueEdition } }),
    ...(level && { level }),
  };
}

function explained(
  code: string,
  { occupation, level, region, standard }: ScopeQuestion,
  kind: KindId,
  live: readonly Allowed[],
): ScopeProblem[] {
  const isPermit = !certificateKind(kind).hasOccupation;
  const scopes = live.map(({ action }) => action.scope);
  switch (code) {
    case 'KIND_OUT_OF_SCOPE':
      return [
        {
          column: 'kind',
          code,
          parameters: {
            value: certificateKind(kind).nameZh,
            allowed: listed(allowedKinds(live).map((id) => certificateKind(id).nameZh)),
          },
        },
      ];
    case 'OCCUPATION_OUT_OF_SCOPE':
      return [
        {
          column: isPermit ? 'permitItem' : 'occupationCode',
          code,
          parameters: { allowed: occupationNames(allowedOccupations(live)) },
        },
      ];
    case 'LEVEL_OUT_OF_SCOPE':
      return [
        {
          column: 'level',
          code,
          parameters: {
            ...(level && { value: findLevel(level)?.nameZh ?? level.value }),
            allowed: listed(levelNames(levelsOf(live, kind, occupation))),
          },
        },
      ];
    case 'REGION_OUT_OF_SCOPE':
      return [
        {
          column: 'region',
          code,
          parameters: { value: region, allowed: listed([...new Set(scopes.flatMap(({ region }) => region ?? []))]) },
        },
      ];
    case 'STANDARD_OUT_OF_SCOPE':
      return [
        {
          column: standard?.type === 'specification' ? 'specificationCode' : 'standard',
          code,
          parameters: { allowed: listed([...new Set(scopes.flatMap((scope) => scope.standard ?? []))]) },
        },
      ];
    default:
      return [];
  }
}

/** Of this occupation; of all where it is not accredited at all. */
function levelsOf(live: readonly Allowed[], kind: KindId, occupation: ScopeQuestion['occupation']): Level[] {
  const own = allowedLevels(live, { kind, ...(occupation && { occupation }) });
  return own.length > 0 ? own : allowedLevels(live, { kind });
}

function periods(allowed: readonly Allowed[]): string {
  const day = (instant: number): string => chinaDate(new Date(instant));
  return listed([
    ...new Set(
      allowed.map(
        ({ action, endsAt }) => `${day(Date.parse(action.validFrom))} – ${endsAt === Infinity ? '' : day(endsAt - 1)}`,
      ),
    ),
  ]);
}
