import { certificateKind, type KindId } from '../certificate/kind.js';
import type { Level } from '../certificate/level.js';
import type { Accreditation, AssessedStandard, CertificateFacts, Scope } from './types.js';

/** What a scope is asked about; at upper hops this is the mapped certificate. */
export interface ScopeQuestion {
  kind: KindId;
  occupation?: { code: string; catalogueEdition: string };
  level?: Level;
  region: string;
  standard?: AssessedStandard;
}

/**
 * Reason codes of what lies outside a scope; empty = inside.
 * @param absent what a member left out means: `all` for a recognition or denial, `nothing` for an accreditation. Members the
 *   certificate's kind does not have (occupation, level) are not asked for.
 */
export function outsideScope(scope: Scope, question: ScopeQuestion, absent: 'all' | 'nothing'): string[] {
  const codes: string[] = [];
  const kind = certificateKind(question.kind);
  const unlimited = absent === 'all';
  const { occupation, level, standard } = question;
  if (!(scope.kind?.includes(question.kind) ?? unlimited)) codes.push('KIND_OUT_OF_SCOPE');
  if ((kind.hasOccupation || limitsItems(scope)) && !(coversAnyOccupation(scope.occupation, occupation) ?? unlimited))
    codes.push('OCCUPATION_OUT_OF_SCOPE');
  if (kind.frameworks.length > 0 && !(holdsLevel(scope.level, level) ?? unlimited)) codes.push('LEVEL_OUT_OF_SCOPE');
  if (!(coversRegion(scope.region, question.region) ?? unlimited)) codes.push('REGION_OUT_OF_SCOPE');
  const granted = absent === 'nothing' && standard !== undefined && needsNoGrant(standard, scope);
  if (standard && !granted && !(scope.standard?.includes(standard.id) ?? unlimited))
    codes.push('STANDARD_OUT_OF_SCOPE');
  return codes;
}

function coversAnyOccupation(
  patterns: Scope['occupation'],
  occupation: ScopeQuestion['occupation'],
): boolean | undefined {
  if (patterns === undefined || occupation === undefined) return patterns && false;
  for (const pattern of patterns) if (coversOccupation(pattern, occupation)) return true;
  return false;
}

function holdsLevel(levels: Scope['level'], level: Level | undefined): boolean | undefined {
  if (levels === undefined || level === undefined) return levels && false;
  for (const item of levels) if (item.value === level.value && item.framework === level.framework) return true;
  return false;
}

function coversRegion(patterns: Scope['region'], region: string): boolean | undefined {
  if (patterns === undefined) return undefined;
  for (const pattern of patterns) if (coversCode(pattern, region)) return true;
  return false;
}

/** Only patterns of permit items limit permits: the occupations of a mixed accreditation say nothing about them. */
function limitsItems(scope: Scope): boolean {
  return scope.occupation?.some((pattern) => pattern.startsWith('permit:')) === true;
}

/** Where a national standard exists it is used as it is; others need the authority's approval (DOMAIN M38). */
function needsNoGrant({ type }: AssessedStandard, scope: Scope): boolean {
  return type === 'national' || (type === 'specification' && !scope.standard);
}

/**
 * Reason code when a recognition's scope leaves an institution out. Exclusion beats permission (X.509 name constraints).
 * @param institution its accreditation; undefined when the authority itself issued
 */
export function institutionOutsideScope(
  scope: Scope,
  issuer: string,
  institution: Accreditation | undefined,
): 'INSTITUTION_EXCLUDED' | 'INSTITUTION_NOT_PERMITTED' | undefined {
  const limits = scope.institutions;
  if (!limits) return undefined;
  const kind = institution?.institutionKind;
  if (
    limits.excluded?.includes(issuer) === true ||
    (kind !== undefined && limits.excludedKinds?.includes(kind) === true)
  )
    return 'INSTITUTION_EXCLUDED';
  const permitted =
    (limits.permitted === undefined && limits.permittedKinds === undefined) ||
    limits.permitted?.includes(issuer) === true ||
    (kind !== undefined && limits.permittedKinds?.includes(kind) === true);
  return permitted ? undefined : 'INSTITUTION_NOT_PERMITTED';
}

/**
 * The facts as a scope question.
 * @param institution accreditation of the issuer: where the certificate names no place, its province counts
 */
export function scopeQuestion(facts: CertificateFacts, institution: Accreditation | undefined): ScopeQuestion {
  const region = facts.region ?? (institution ? `${institution.institutionCode.slice(5, 7)}0000` : '');
  const question: ScopeQuestion = { kind: facts.kind, region };
  if (facts.occupation) question.occupation = facts.occupation;
  if (facts.level) question.level = facts.level;
  if (facts.standard) question.standard = facts.standard;
  return question;
}

/** A pattern without edition speaks about the 2022 catalogue: codes were re-used for other occupations (DOMAIN §0.5). */
function coversOccupation(pattern: string, occupation: { code: string; catalogueEdition: string }): boolean {
  if (pattern === '*') return true;
  const colon = pattern.indexOf(':');
  if (colon < 0) return occupation.catalogueEdition === '2022' && coversCode(pattern, occupation.code);
  const [edition, code = ''] = pattern.split(':');
  return edition === occupation.catalogueEdition && coversCode(code, occupation.code);
}

/** Does a code match a pattern, which may end in `*`? */
export function coversCode(pattern: string, code: string): boolean {
  if (!pattern.endsWith('*')) return code === pattern;
  return code.startsWith(pattern.slice(0, -1));
}
