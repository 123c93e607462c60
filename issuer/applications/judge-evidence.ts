import canonicalize from 'canonicalize';
import type { OpenedCarrier } from '../../shared/carrier/open-carrier.js';
import type { ShownCertificate } from '../../shared/certificate/shown-certificate.js';
import { applicationText } from '../../shared/trust/application/application-text.js';
import type { ApplicationDecision, ApplicationTables } from '../../shared/trust/application/decide-application.js';
import { digestMultibase } from '../../shared/trust/digest.js';
import { explain } from '../../shared/trust/explain.js';
import { statementsOnPath } from '../../shared/trust/explain/find-statement.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Decision, Recognition } from '../../shared/trust/types.js';
import { answerApplication, requestOf, type ApplicationAnswer } from '../../shared/verdict/answer-application.js';
import {
  askCertificate,
  decideOptionsOf,
  type CertificateQuestion,
} from '../../shared/verdict/certificate-question.js';
import { checkLiveProof } from '../../shared/verdict/check-live-proof.js';
import type { Verdict } from '../../shared/verdict/types.js';
import { verdictText } from '../../shared/verdict/verdict-text.js';
import { PERSON_TEXT } from './person-text.js';
import type { CodedAnswer, Ground, Judgement, JudgementText, Wanted } from './types.js';

/** What a presented certificate is judged with. */
export interface JudgeContext {
  /** Trust data of the institution's authority, with this host's own status lists in their newest form. */
  trust: TrustView;
  statusTokenOf: (uri: string) => string | undefined;
  anchor: string;
  now: string;
  wanted: Wanted;
  region: string;
  tables: ApplicationTables;
  /** Compares the certificate's holder with the applicant. */
  compare: (verdict: Verdict) => Promise<CodedAnswer>;
}

/** A presented certificate, opened: as it came, or as it was kept. */
export type PresentedCertificate = Pick<OpenedCarrier, 'carrier' | 'json'> &
  Partial<Pick<OpenedCarrier, 'document' | 'holderProof'>>;

/** What was found, and whether its bearer proved to hold it. */
export interface JudgedEvidence {
  judgement: Judgement;
  shown: CodedAnswer;
  sha256: string;
}

/**
 * Judges one presented certificate for an application: the verdict under the institution's authority, whether it is the applicant's, and what it
 * spares. Nothing is spared where any of that is not known.
 * @throws YizhengError `JSON_*` as `verify`
 */
export async function judgeEvidence(
  { carrier, json, document, holderProof }: PresentedCertificate,
  context: JudgeContext,
): Promise<JudgedEvidence> {
  const { trust, anchor, now, wanted, region, tables, statusTokenOf } = context;
  const holder = holderProof && document && checkLiveProof(holderProof, document, { now });
  const asked = await askCertificate(
    { carrier, json, ...(holder && { holder }) },
    { trust, anchor, now, statusTokenOf },
  );
  const { verdict } = asked;
  const person = await context.compare(verdict);
  const answer = answerApplication(asked, { view: trust, anchor, now, wanted, region, tables, holder: person.answer });
  const { authentic, authorised, current } = verdict.questions;
  const coded = ({ answer: found, code, asOf }: Verdict['questions']['authentic']) => ({ answer: found, code, asOf });
  return {
    sha256: verdict.input.sha256,
    shown: { answer: verdict.questions.holder.answer, code: verdict.questions.holder.code },
    judgement: {
      judgedAt: now,
      ...(verdict.certificate && { certificate: withoutHolder(verdict.certificate) }),
      ...(verdict.credentialId !== undefined && { credentialId: verdict.credentialId }),
      questions: { authentic: coded(authentic), authorised: coded(authorised), current: coded(current) },
      person,
      standing: answer.standing,
      outcome: answer.outcome,
      exempted: answer.exempted,
      stillRequired: answer.stillRequired,
      grounds: [...ruleGrounds(answer.application, tables), ...statementGrounds(answer.decision, trust)],
      trust: { anchor, dataAsOf: trust.dataAsOf, feeds: [...trust.feeds] },
      text: {
        'zh-CN': textOf('zh-CN', asked, answer, person, context),
        en: textOf('en', asked, answer, person, context),
      },
    },
  };
}

function withoutHolder(record: ShownCertificate): NonNullable<Judgement['certificate']> {
  const { kind, certificateNumber, issuer, authority, occupation, level, permit, issuedOn, expiresOn } = record;
  return {
    kind,
    certificateNumber,
    issuer,
    authority,
    issuedOn,
    ...(occupation && { occupation }),
    ...(level && { level }),
    ...(permit && { permit }),
    ...(expiresOn !== undefined && { expiresOn }),
  };
}

function ruleGrounds(decision: ApplicationDecision | undefined, { rules }: ApplicationTables): Ground[] {
  if (!decision || !('rule' in decision)) return [];
  const { outcome, rule } = decision;
  const asked = rules.find(({ id }) => id === rule.id);
  return [
    {
      type: 'rule',
      ...rule,
      digest: digestMultibase(canonicalize(asked) ?? ''),
      outcome,
      ...('code' in decision && { code: decision.code }),
      waive: 'waive' in decision ? decision.waive : [],
      stillRequired: 'waive' in decision ? decision.stillRequired : [],
      ...('waive' in decision && decision.deemed && { deemed: decision.deemed }),
    },
  ];
}

/** The statements a yes rests on, from the authority down to the accreditation. */
function statementGrounds(decision: Decision | undefined, trust: TrustView): Ground[] {
  if (!decision || decision.path.length === 0) return [];
  const { recognitions, accreditation } = statementsOnPath(decision.anchor, decision.path, trust);
  const nameOf = (did: string): string => trust.authorityName(did) ?? did;
  const digest = (statement: object): string => digestMultibase(canonicalize(statement) ?? '');
  return [
    ...recognitions.map((row): Ground => ({
      type: 'statement',
      id: row.id,
      authority: row.authority,
      authorityName: nameOf(row.authority),
      digest: digest(row),
      treatment: [...new Set(row.actions.flatMap(({ treatment }) => treatment ?? []))],
      ...(row.memorandum && { memorandum: cited(row.memorandum) }),
    })),
    ...(accreditation
      ? [
          {
            type: 'statement' as const,
            id: accreditation.id,
            authority: accreditation.authority,
            authorityName: nameOf(accreditation.authority),
            digest: digest(accreditation),
            treatment: [],
          },
        ]
      : []),
  ];
}

function cited({ id, name, digestMultibase: digest }: NonNullable<Recognition['memorandum']>) {
  return { id, name, ...(digest !== undefined && { digestMultibase: digest }) };
}

function textOf(
  language: 'zh-CN' | 'en',
  asked: CertificateQuestion,
  { application, decision, standing }: ApplicationAnswer,
  person: CodedAnswer,
  { trust, anchor, now, wanted }: JudgeContext,
): JudgementText {
  const { verdict, facts } = asked;
  const questions = verdictText(verdict, language).questions.filter(({ question }) =>
    (JUDGED as readonly string[]).includes(question),
  );
  const wrong = questions.find(({ question }) => verdict.questions[question].answer !== 'pass');
  const personText = PERSON_TEXT[person.code]?.[language] ?? person.code;
  // What the authority does not recognise was asked of the tables as if it were not good; why is the authority's to say.
  const isAsked = standing !== 'pass' || verdict.questions.recognised.answer === 'pass';
  const ruled = application && isAsked ? applicationText(application, language) : undefined;
  const explained =
    facts && explain(facts, trust, { anchor, now, language, request: requestOf(wanted), ...decideOptionsOf(asked) });
  const isRuled = application?.outcome === 'exempt' || application?.outcome === 'may-apply';
  const isStated = decision?.outcome === 'recognised' || decision?.outcome === 'recognised-with-conditions';
  const [colon, stop] = language === 'en' ? [': ', '. '] : ['：', '。'];
  const why = [
    ...questions.map(({ title, answer, sentence }) => `${title}${colon}${answer}${stop}${sentence}`),
    personText,
    ...(ruled === undefined ? [] : [ruled]),
    ...(explained && !isRuled ? [explained.headline, ...(isStated ? [] : explained.wouldHaveToChange)] : []),
  ];
  const byRule = isRuled || !isStated ? ruled : undefined;
  const headline =
    standing === 'pass' ? (byRule ?? explained?.headline ?? personText) : (wrong?.sentence ?? personText);
  return { headline, why: [...new Set(why)].filter((sentence) => sentence !== headline) };
}

const JUDGED = ['authentic', 'authorised', 'current'] as const;
