import type { DecideOptions } from './decide.js';
import type { ExplanationStep } from './explain/describe-statement.js';
import { explainCertificate } from './explain/explain-certificate.js';
import { explainIssuer } from './explain/explain-issuer.js';
import { Wording } from './explain/wording.js';
import type { TrustLanguage } from './trust-translator.js';
import type { TrustView } from './trust-view.js';
import type { CertificateFacts, Decision } from './types.js';

export type { ExplanationStep } from './explain/describe-statement.js';

/** Why something is recognised or not, in plain words. */
export interface Explanation {
  /** One sentence. */
  headline: string;
  /** The path from the anchor down, or each rule that failed at which statement, then warnings and notes. */
  steps: ExplanationStep[];
  /** What would have to change for a (full) yes; empty when nothing. Items about one statement are all needed. */
  wouldHaveToChange: string[];
  /** The decision explained; absent for an issuer without certificate. */
  decision?: Decision;
}

/** What {@link explain} is asked with: as `decide`, and the language. */
export interface ExplainOptions extends DecideOptions {
  language: TrustLanguage;
}

/**
 * Explains the recognition of a certificate, or of an issuer or authority without certificate (DESIGN issue 3): which statement, by
 * whom, since when, until when, citing what, what it grants, what is still owed, and for a refusal which rule failed where and what
 * would have to change (Lisbon Convention: a refusal names its ground, TRUST §1.9).
 *
 * The outcome is that of `decide` with the same options; the words add nothing to it. Pure.
 * @param about facts of a certificate, or the DID of an issuer or authority
 * @returns texts; nothing is escaped for HTML or terminals
 */
export function explain(about: CertificateFacts | string, view: TrustView, options: ExplainOptions): Explanation {
  const { language, ...question } = options;
  const words = new Wording(view, language);
  return typeof about === 'string'
    ? explainIssuer(about, view, question, words)
    : explainCertificate(about, view, question, words);
}
