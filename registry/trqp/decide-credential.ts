import { decodeQrText } from '../../shared/carrier/qr-text.js';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { applicationText } from '../../shared/trust/application/application-text.js';
import type { ApplicationDecision, ApplicationTables } from '../../shared/trust/application/decide-application.js';
import { explain } from '../../shared/trust/explain.js';
import type { TrustLanguage } from '../../shared/trust/trust-translator.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Answer } from '../../shared/trust/types.js';
import {
  answerApplication,
  requestOf,
  type ApplicationAnswer,
  type WantedCertificate,
} from '../../shared/verdict/answer-application.js';
import { askCertificate, decideOptionsOf } from '../../shared/verdict/certificate-question.js';
import type { Verdict } from '../../shared/verdict/types.js';

/** A decision about a credential and a wanted qualification, for another authority's system. Names nobody. */
export interface CredentialDecision extends Omit<ApplicationAnswer, 'standing' | 'application'> {
  questions: Record<'authentic' | 'authorised' | 'current', { answer: Answer; code: string }>;
  /** What the tables say about an application, when one is asked about. */
  application?: ApplicationDecision & { text: string };
  message: string;
  wouldHaveToChange: string[];
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
  const { standing: _, application, ...answer } = answerApplication(asked, { ...question, view, tables });
  const explanation =
    facts &&
    explain(facts, view, {
      anchor,
      now,
      language,
      ...(time !== undefined && { asOf: time }),
      ...(wanted && { request: requestOf(wanted) }),
      ...decideOptionsOf(asked),
    });
  const questions = shown(verdict);
  return {
    ...answer,
    questions,
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
