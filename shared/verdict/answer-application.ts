import type { KindId } from '../certificate/kind.js';
import type { Level } from '../certificate/level.js';
import type { Requirement } from '../trust/application/application-rule.js';
import {
  decideApplication,
  heldQualification,
  type ApplicationDecision,
  type ApplicationTables,
  type WantedQualification,
} from '../trust/application/decide-application.js';
import { decide } from '../trust/decide.js';
import type { TrustView } from '../trust/trust-view.js';
import type { Answer, Decision, Obligation, Outcome, RecognitionRequest } from '../trust/types.js';
import { decideOptionsOf, type CertificateQuestion } from './certificate-question.js';
import type { Verdict } from './types.js';

/** What an applicant is spared or must still do; `assessment` is the whole of it. */
export type ApplicationPart = Requirement | Obligation | 'assessment';

/** What an applicant wants; `kind` is needed to ask the tables. */
export interface WantedCertificate {
  kind?: KindId | undefined;
  /** Permit item (准操项目). */
  item?: string | undefined;
  /** Code in the 2022 catalogue. */
  occupation?: string | undefined;
  level?: Level | undefined;
}

/** What {@link answerApplication} is asked with. */
export interface ApplicationQuestion {
  view: TrustView;
  /** DID of the authority under whose rules the application is made. */
  anchor: string;
  /** RFC 3339. */
  now: string;
  /** The instant asked about; `now` unless given. */
  time?: string | undefined;
  wanted?: WantedCertificate | undefined;
  /** Six-digit GB/T 2260 code of where the application is made; without it the tables are not asked. */
  region?: string | undefined;
  tables?: ApplicationTables | undefined;
  /** Whether the certificate is the applicant's own, where somebody compared; it then counts as the three questions do. */
  holder?: Answer | undefined;
}

/** What one certificate spares its holder, who wants another one. */
export interface ApplicationAnswer {
  /** The decision's outcome, unless the certificate is not genuine, authorised, current and the applicant's. */
  outcome: Outcome;
  /** Is it genuine, issued within an accreditation, current, and (where that was compared) the applicant's? */
  standing: Answer;
  /** Absent when the certificate could not be read as one of ours. */
  decision?: Decision;
  /** What the tables say, when they were asked. */
  application?: ApplicationDecision;
  exempted: ApplicationPart[];
  stillRequired: ApplicationPart[];
}

/**
 * What is exempted and what must still be done, by the anchor's statements and by the tables (DOMAIN M16, M18): one answer for the registry's
 * decision about a credential and for an institution's application. Nothing is spared for a certificate whose standing is not known to be
 * good, and no rule of the tables counts for one the anchor does not recognise, or not for its kind. Pure.
 * @param asked what `askCertificate` gave
 */
export function answerApplication(asked: CertificateQuestion, question: ApplicationQuestion): ApplicationAnswer {
  const { view, anchor, now, time, wanted, holder } = question;
  const { verdict, facts } = asked;
  const standing = standingOf(verdict, holder);
  const decision =
    facts &&
    decide(facts, view, {
      anchor,
      now,
      ...(time !== undefined && { asOf: time }),
      ...(wanted && { request: requestOf(wanted) }),
      ...decideOptionsOf(asked),
    });
  const application = askTables(question, verdict, worst([standing, verdict.questions.recognised.answer]));
  return {
    outcome: outcomeOf(standing, decision),
    standing,
    ...(decision && { decision }),
    ...(application && { application }),
    ...parts(standing, decision, application),
  };
}

/**
 * What several certificates of one applicant spare together. Rules are not chained: each was answered on its own.
 * @returns all that any of them spares; of what those that spare something still demand, what none of them spares, and the whole assessment
 *   where none spares anything
 */
export function combineAnswers(
  answers: readonly Pick<ApplicationAnswer, 'exempted' | 'stillRequired'>[],
): Pick<ApplicationAnswer, 'exempted' | 'stillRequired'> {
  const exempted = [...new Set(answers.flatMap((answer) => answer.exempted))];
  if (exempted.includes('assessment')) return { exempted: ['assessment'], stillRequired: [] };
  const owed = new Set(answers.flatMap((answer) => answer.stillRequired));
  if (owed.size > 1) owed.delete('assessment');
  const left = [...owed].filter((part) => !exempted.includes(part));
  const isSplit = left.includes('theory-exam') && left.includes('practical-exam');
  const stillRequired = left.filter((part) => part !== 'exam' || !isSplit);
  return { exempted, stillRequired: stillRequired.length === 0 ? ['assessment'] : stillRequired };
}

/** The three questions about the certificate as one answer, worst first, with whether it is the applicant's. */
function standingOf({ questions }: Verdict, holder: Answer | undefined): Answer {
  const { authentic, authorised, current } = questions;
  return worst([authentic.answer, authorised.answer, current.answer, holder ?? 'pass']);
}

function worst(answers: readonly Answer[]): Answer {
  return answers.includes('fail') ? 'fail' : answers.includes('unknown') ? 'unknown' : 'pass';
}

function outcomeOf(standing: Answer, decision: Decision | undefined): Outcome {
  if (standing === 'fail' || decision?.outcome === 'not-recognised') return 'not-recognised';
  return standing === 'unknown' || !decision ? 'undetermined' : decision.outcome;
}

/** What the decision is asked for of a wanted certificate; of a permit its item stands where others name an occupation. */
export function requestOf({ kind, item, occupation = item, level }: WantedCertificate): RecognitionRequest {
  return { ...(kind && { kind }), ...(occupation !== undefined && { occupation }), ...(level && { level }) };
}

function askTables(
  { wanted, region, time, now, tables }: ApplicationQuestion,
  { certificate }: Verdict,
  standing: Answer,
): ApplicationDecision | undefined {
  if (!tables || !certificate || wanted?.kind === undefined || region === undefined) return undefined;
  const { kind, item, occupation, level } = wanted;
  const applied: WantedQualification = {
    kind,
    ...(item !== undefined && { item }),
    ...(occupation !== undefined && { occupation }),
    ...(level && { level }),
  };
  return decideApplication(heldQualification(certificate, standing), applied, { now: time ?? now, region, ...tables });
}

function parts(
  standing: Answer,
  decision: Decision | undefined,
  application: ApplicationDecision | undefined,
): Pick<ApplicationAnswer, 'exempted' | 'stillRequired'> {
  if (standing === 'pass' && decision?.outcome === 'recognised') return { exempted: ['assessment'], stillRequired: [] };
  const conditional = standing === 'pass' && decision?.outcome === 'recognised-with-conditions' ? decision : undefined;
  const ruled = application?.outcome === 'exempt' || application?.outcome === 'may-apply' ? application : undefined;
  const exempted: ApplicationPart[] = [
    ...(conditional?.treatment.includes('exempt-safety-training') ? ['safety-training' as const] : []),
    ...(conditional?.treatment.includes('exempt-theory') ? ['theory-exam' as const] : []),
    ...(ruled?.waive ?? []),
  ];
  const owed: ApplicationPart[] = [...(conditional?.obligations ?? []), ...(ruled?.stillRequired ?? [])];
  return {
    exempted: [...new Set(exempted)],
    stillRequired: owed.length === 0 ? ['assessment'] : [...new Set(owed)].filter((item) => !exempted.includes(item)),
  };
}
