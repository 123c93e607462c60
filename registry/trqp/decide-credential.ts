import type { KindId } from '../../shared/certificate/kind.js';
import type { Level } from '../../shared/certificate/level.js';
import { decodeQrText } from '../../shared/carrier/qr-text.js';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import type { ApplicationRule, IssuingRegions, Requirement } from '../../shared/trust/application/application-rule.js';
import { applicationText } from '../../shared/trust/application/application-text.js';
import {
  decideApplication,
  heldQualification,
  type ApplicationDecision,
  type WantedQualification,
} from '../../shared/trust/application/decide-application.js';
import { explain } from '../../shared/trust/explain.js';
import type { TrustLanguage } from '../../shared/trust/trust-translator.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Answer, Decision, Obligation, Outcome, RecognitionRequest } from '../../shared/trust/types.js';
import { askCertificate, decideOptionsOf } from '../../shared/verdict/certificate-question.js';
import type { Verdict } from '../../shared/verdict/types.js';

/** Tables of what applicants are spared (DOMAIN M16, M18). */
export interface ApplicationTables {
  rules: readonly ApplicationRule[];
  issuingRegions: readonly IssuingRegions[];
}

/** What an applicant is spared or must still do; `assessment` is the whole of it. */
export type DecisionRequirement = Requirement | Obligation | 'assessment';

/** A decision about a credential and a wanted qualification, for another authority's system. Names nobody. */
export interface CredentialDecision {
  /** The decision's outcome, unless the certificate is not genuine, authorised and current. */
  outcome: Outcome;
  questions: Record<'authentic' | 'authorised' | 'current', { answer: Answer; code: string }>;
  /** Absent when the certificate could not be read as one of ours. */
  decision?: Decision;
  exempted: DecisionRequirement[];
  stillRequired: DecisionRequirement[];
  /** What the tables say about an application, when one is asked about. */
  application?: ApplicationDecision & { text: string };
  message: string;
  wouldHaveToChange: string[];
}

/** What an applicant wants; `kind` is needed to ask the tables. */
export interface WantedCertificate {
  kind?: KindId | undefined;
  /** Permit item (准操项目). */
  item?: string | undefined;
  /** Code in the 2022 catalogue. */
  occupation?: string | undefined;
  level?: Level | undefined;
}

/** What {@link decideCredential} is asked with. */
export interface CredentialQuestion {
  /** JSON text of a credential, or the text of its QR code. */
  credential: { json: string } | { qr: string };
  anchor: string;
  /** RFC 3339. */
  now: string;
  /** The instant asked about. */
  time?: string | undefined;
  wanted?: WantedCertificate | undefined;
  /** Six-digit GB/T 2260 code of where the application is made. */
  region?: string | undefined;
  language: TrustLanguage;
}

/**
 * Given a credential and a wanted qualification: does the anchor recognise it, what is exempted, and what must still be done?
 * @throws YizhengError codes of the carriers and `JSON_*`
 */
export async function decideCredential(
  question: CredentialQuestion,
  view: TrustView,
  tables: ApplicationTables | undefined,
): Promise<CredentialDecision> {
  const { anchor, now, time, wanted, language, credential } = question;
  const opened =
    'qr' in credential ? { carrier: 'qr', json: decodeQrText(credential.qr).json } : await openCarrier(credential.json);
  const asked = await askCertificate(opened, { trust: view, anchor, now });
  const { verdict, facts } = asked;
  const questions = shown(verdict);
  const standing = standingOf(questions);
  const explanation = facts
    ? explain(facts, view, {
        anchor,
        now,
        language,
        ...(time !== undefined && { asOf: time }),
        ...(wanted && { request: requestOf(wanted) }),
        ...decideOptionsOf(asked),
      })
    : undefined;
  const { decision } = explanation ?? {};
  const application = applicationOf(question, verdict, standing, tables);
  return {
    outcome: outcomeOf(standing, decision),
    questions,
    ...(decision && { decision }),
    ...requirements(standing, decision, application),
    ...(application && { application: { ...application, text: applicationText(application, language) } }),
    message: explanation?.headline ?? questions.authentic.code,
    wouldHaveToChange: explanation?.wouldHaveToChange ?? [],
  };
}

function shown({ questions }: Verdict): CredentialDecision['questions'] {
  const pick = (name: 'authentic' | 'authorised' | 'current') => ({
    answer: questions[name].answer,
    code: questions[name].code,
  });
  return { authentic: pick('authentic'), authorised: pick('authorised'), current: pick('current') };
}

function standingOf(questions: CredentialDecision['questions']): Answer {
  const answers = Object.values(questions).map(({ answer }) => answer);
  return answers.includes('fail') ? 'fail' : answers.includes('unknown') ? 'unknown' : 'pass';
}

function outcomeOf(standing: Answer, decision: Decision | undefined): Outcome {
  if (standing === 'fail' || decision?.outcome === 'not-recognised') return 'not-recognised';
  return standing === 'unknown' || !decision ? 'undetermined' : decision.outcome;
}

function requestOf({ kind, occupation, level }: WantedCertificate): RecognitionRequest {
  return { ...(kind && { kind }), ...(occupation !== undefined && { occupation }), ...(level && { level }) };
}

function applicationOf(
  { wanted, region, time, now }: CredentialQuestion,
  { certificate }: Verdict,
  standing: Answer,
  tables: ApplicationTables | undefined,
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

/** Nothing is spared for a certificate whose standing is not known to be good. */
function requirements(
  standing: Answer,
  decision: Decision | undefined,
  application: ApplicationDecision | undefined,
): Pick<CredentialDecision, 'exempted' | 'stillRequired'> {
  if (standing === 'pass' && decision?.outcome === 'recognised') return { exempted: ['assessment'], stillRequired: [] };
  const conditional = standing === 'pass' && decision?.outcome === 'recognised-with-conditions' ? decision : undefined;
  const ruled = application?.outcome === 'exempt' || application?.outcome === 'may-apply' ? application : undefined;
  const exempted: DecisionRequirement[] = [
    ...(conditional?.treatment.includes('exempt-safety-training') ? ['safety-training' as const] : []),
    ...(conditional?.treatment.includes('exempt-theory') ? ['theory-exam' as const] : []),
    ...(ruled?.waive ?? []),
  ];
  const owed: DecisionRequirement[] = [...(conditional?.obligations ?? []), ...(ruled?.stillRequired ?? [])];
  return {
    exempted: [...new Set(exempted)],
    stillRequired: owed.length === 0 ? ['assessment'] : [...new Set(owed)].filter((item) => !exempted.includes(item)),
  };
}
