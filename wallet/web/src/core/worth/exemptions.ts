import type { ShownCertificate } from '../../../../../shared/certificate/shown-certificate.js';
import type {
  ApplicationRule,
  IssuingRegions,
  QualificationPattern,
} from '../../../../../shared/trust/application/application-rule.js';
import {
  decideApplication,
  heldQualification,
  type ApplicationDecision,
} from '../../../../../shared/trust/application/decide-application.js';
import { PUBLISHED_RULES } from '../../../../../shared/trust/application/published-rules.js';
import type { Answer } from '../../../../../shared/trust/types.js';
import type { Verdict } from '../../../../../shared/verdict/types.js';

/** What holding a certificate spares for another one. */
export interface Exemption {
  /** What would be applied for. */
  wanted: QualificationPattern;
  decision: ApplicationDecision;
  /** `pass`: something is spared; `unknown`: a rule is unconfirmed or a fact is missing; `fail`: the rule does not apply to this one. */
  answer: Answer;
}

/** Where and when it is asked, and by which rules. */
export interface ExemptionOptions {
  /** RFC 3339. */
  now: string;
  /** Six-digit GB/T 2260 code of where the application would be made. */
  region: string;
  /** The rules known; {@link PUBLISHED_RULES} unless given. */
  rules?: readonly ApplicationRule[];
  /** Where which certificate is issued at all; nothing is known unless given. */
  issuingRegions?: readonly IssuingRegions[];
}

/**
 * "What am I exempt from?" (DOMAIN §6, M16, M18). Every certificate the rules name for this one, each answered on its own; a rule nobody
 * has confirmed answers `unknown`, never yes or no, and nothing here makes a certificate. Pure.
 */
export function exemptions(record: ShownCertificate, standing: Answer, options: ExemptionOptions): Exemption[] {
  const { now, region, rules = PUBLISHED_RULES, issuingRegions = [] } = options;
  const held = heldQualification(record, standing);
  const wanted = new Map<string, QualificationPattern>();
  for (const { from, to } of rules)
    if (from.kind === held.kind && (from.item === undefined || from.item === held.item))
      wanted.set(JSON.stringify(to), to);
  return [...wanted.values()].flatMap((to) => {
    const decision = decideApplication(held, to, { now, region, rules, issuingRegions });
    return decision.outcome === 'no-rule' ? [] : [{ wanted: to, decision, answer: ANSWERS[decision.outcome] }];
  });
}

/** Whether a certificate is good, as its verdict has it: genuine, authorised and current. */
export function standingOf({ questions }: Verdict): Answer {
  const answers = [questions.authentic, questions.authorised, questions.current].map(({ answer }) => answer);
  if (answers.includes('fail')) return 'fail';
  return answers.includes('unknown') ? 'unknown' : 'pass';
}

const ANSWERS: Record<Exclude<ApplicationDecision['outcome'], 'no-rule'>, Answer> = {
  exempt: 'pass',
  'may-apply': 'pass',
  'precondition-failed': 'fail',
  'not-applicable': 'fail',
  undetermined: 'unknown',
  'unverified-rule': 'unknown',
};
