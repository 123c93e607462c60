import { decide } from '../../../../../shared/trust/decide.js';
import type { TrustView } from '../../../../../shared/trust/trust-view.js';
import type { Answer, CertificateFacts, Decision } from '../../../../../shared/trust/types.js';
import type { CertificateQuestion } from '../../../../../shared/verdict/certificate-question.js';

/** What a certificate is worth under one authority. */
export interface Worth {
  /** DID of the authority. */
  authority: string;
  name: string;
  /** `unknown` is neither yes nor no: nothing is known of this authority's word, or what is known is too old. */
  answer: Answer;
  /** With treatment, obligations, and the statements it rests on. */
  decision: Decision;
}

/**
 * "Where does this count?" Asks every authority whose word the trust data holds, each by its own statements, and names those that are
 * only spoken of as unknown. Pure.
 * @param question what `askCertificate` gave; without facts (not genuine) nothing counts anywhere and the list is empty
 * @param now RFC 3339
 * @returns first where it counts, then where it is not known, then where not; the certificate's own authority leads its group
 */
export function whereItCounts(
  { facts, certificateProblem }: Pick<CertificateQuestion, 'facts' | 'certificateProblem'>,
  view: TrustView,
  now: string,
): Worth[] {
  if (!facts) return [];
  const found = [...authoritiesOf(view)].map((authority): Worth => {
    const decision = decide(facts, view, { anchor: authority, now, ...(certificateProblem && { certificateProblem }) });
    return { authority, name: view.authorityName(authority) ?? authority, answer: answerOf(decision), decision };
  });
  return found.toSorted((a, b) => rank(a, facts) - rank(b, facts) || (a.name < b.name ? -1 : 1));
}

function authoritiesOf(view: TrustView): Set<string> {
  const heard = view.feeds.map(({ authority }) => authority);
  const spokenOf = heard.flatMap((authority) =>
    [...view.recognitionsBy(authority).values()].flat().map((row) => row.homeAuthority ?? row.subject),
  );
  return new Set([...heard, ...spokenOf]);
}

function answerOf({ outcome }: Decision): Answer {
  if (outcome === 'undetermined') return 'unknown';
  return outcome === 'not-recognised' ? 'fail' : 'pass';
}

const GROUPS = ['recognised', 'recognised-with-conditions', 'undetermined', 'not-recognised'] as const;

function rank({ authority, decision }: Worth, facts: CertificateFacts): number {
  return 2 * GROUPS.indexOf(decision.outcome) + (authority === facts.issuedUnder.authority ? 0 : 1);
}
