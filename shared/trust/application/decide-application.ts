import type { ShownCertificate } from '../../certificate/shown-certificate.js';
import type { Level } from '../../certificate/level.js';
import { coversCode } from '../scope.js';
import type { FactConfidence } from '../sourced.js';
import { instant, within } from '../time.js';
import type { Answer } from '../types.js';
import type { ApplicationRule, IssuingRegions, QualificationPattern, Requirement } from './application-rule.js';

/** A certificate as an application counts it. */
export interface HeldQualification extends QualificationPattern {
  /** Last day of validity, YYYY-MM-DD, China Standard Time. */
  expiresOn?: string;
  /** Day by which it had to be reviewed (复审). */
  reviewBy?: string;
  /** Is it genuine, issued within an accreditation and not revoked? As the verifier found out. */
  standing: Answer;
}

/** What is applied for. */
export type WantedQualification = QualificationPattern;

/** Under which rule the answer stands. */
export interface AppliedRule {
  id: string;
  name: string;
  basis: string;
  source: string;
  confidence: FactConfidence;
}

/** Answer to: what is this applicant spared, and what must still be done? */
export type ApplicationDecision =
  | {
      outcome: 'exempt' | 'may-apply';
      rule: AppliedRule;
      waive: Requirement[];
      stillRequired: Requirement[];
      /** The level treated as reached, for this application only. It is not held, and no certificate follows from it. */
      deemed?: Level;
    }
  | {
      outcome: 'precondition-failed';
      rule: AppliedRule;
      code: 'CERTIFICATE_EXPIRED' | 'REVIEW_OVERDUE' | 'NOT_IN_GOOD_STANDING';
    }
  | { outcome: 'not-applicable'; rule: AppliedRule; code: 'REGION' }
  | { outcome: 'undetermined'; rule: AppliedRule; code: 'STANDING_UNKNOWN' | 'REGION_UNKNOWN' }
  | { outcome: 'unverified-rule'; rule: AppliedRule }
  | { outcome: 'no-rule' };

/** Tables of what applicants are spared (DOMAIN M16, M18). */
export interface ApplicationTables {
  rules: readonly ApplicationRule[];
  /** Where which certificate is issued at all. */
  issuingRegions: readonly IssuingRegions[];
}

/** What {@link decideApplication} is asked with. */
export interface ApplicationOptions extends ApplicationTables {
  /** RFC 3339; also the day preconditions are judged on. */
  now: string;
  /** Six-digit GB/T 2260 code of where the application is made. */
  region: string;
}

/**
 * What is exempted and what must still be done, when the holder of a certificate applies for another one (DOMAIN M16, M18).
 *
 * A rule that is off never takes effect: where it is the only one, the answer says `unverified-rule`, which is neither yes nor no.
 * Rules are not chained, and a rule for one direction says nothing about the other. Pure and deterministic.
 */
export function decideApplication(
  held: HeldQualification,
  wanted: WantedQualification,
  options: ApplicationOptions,
): ApplicationDecision {
  const now = instant(options.now);
  const fitting = options.rules
    .filter((rule) => covers(rule.from, held) && covers(rule.to, wanted))
    .filter((rule) =>
      within(now, instant(rule.validFrom), rule.validUntil === undefined ? undefined : instant(rule.validUntil)),
    )
    .toSorted((a, b) => b.waive.length - a.waive.length || (a.id < b.id ? -1 : 1));
  const rule = fitting.find((item) => item.enabled);
  if (!rule) {
    const off = fitting[0];
    return off ? { outcome: 'unverified-rule', rule: applied(off) } : { outcome: 'no-rule' };
  }
  return regionProblem(rule, options) ?? preconditionProblem(rule, held, now) ?? granted(rule);
}

/** The facts an application needs of a certificate. @param standing see {@link HeldQualification.standing} */
export function heldQualification(record: ShownCertificate, standing: Answer): HeldQualification {
  const { kind, permit, occupation, level, expiresOn } = record;
  return {
    kind,
    standing,
    ...(permit && { item: permit.item }),
    ...(occupation?.catalogueEdition === '2022' && { occupation: occupation.code }),
    ...(level && { level }),
    ...(expiresOn !== undefined && { expiresOn }),
    ...(permit?.reviewBy !== undefined && { reviewBy: permit.reviewBy }),
  };
}

function covers(pattern: QualificationPattern, item: QualificationPattern): boolean {
  return (
    pattern.kind === item.kind &&
    (pattern.item === undefined || pattern.item === item.item) &&
    (pattern.occupation === undefined || pattern.occupation === item.occupation) &&
    (pattern.level === undefined ||
      (pattern.level.framework === item.level?.framework && pattern.level.value === item.level.value))
  );
}

function regionProblem(
  rule: ApplicationRule,
  { region, issuingRegions }: ApplicationOptions,
): ApplicationDecision | undefined {
  const inside = (patterns: readonly string[]): boolean => patterns.some((item) => coversCode(item, region));
  if (rule.region && !inside(rule.region)) return { outcome: 'not-applicable', rule: applied(rule), code: 'REGION' };
  if (rule.onlyWhereIssued !== true) return undefined;
  const known = issuingRegions.filter((row) => row.enabled && covers(row.of, rule.to));
  if (known.some((row) => inside(row.notIssuedIn)))
    return { outcome: 'not-applicable', rule: applied(rule), code: 'REGION' };
  if (known.some((row) => inside(row.issuedIn))) return undefined;
  return { outcome: 'undetermined', rule: applied(rule), code: 'REGION_UNKNOWN' };
}

function preconditionProblem(
  rule: ApplicationRule,
  held: HeldQualification,
  now: number,
): ApplicationDecision | undefined {
  const over = (day: string | undefined): boolean => day !== undefined && now > instant(`${day}T23:59:59+08:00`);
  const failed = (code: 'CERTIFICATE_EXPIRED' | 'REVIEW_OVERDUE' | 'NOT_IN_GOOD_STANDING'): ApplicationDecision => ({
    outcome: 'precondition-failed',
    rule: applied(rule),
    code,
  });
  if (over(held.expiresOn)) return failed('CERTIFICATE_EXPIRED');
  if (over(held.reviewBy)) return failed('REVIEW_OVERDUE');
  if (held.standing === 'fail') return failed('NOT_IN_GOOD_STANDING');
  if (held.standing === 'unknown') return { outcome: 'undetermined', rule: applied(rule), code: 'STANDING_UNKNOWN' };
  return undefined;
}

function granted(rule: ApplicationRule): ApplicationDecision {
  return {
    outcome: rule.effect,
    rule: applied(rule),
    waive: rule.waive,
    stillRequired: rule.stillRequired,
    ...(rule.deemed && { deemed: rule.deemed }),
  };
}

function applied({ id, name, basis, source, confidence }: ApplicationRule): AppliedRule {
  return { id, name, basis, source, confidence };
}
