import type { Verdict } from '../../../../../shared/verdict/types.js';

const WORST_FIRST = ['fail', 'unknown', 'pass'] as const;

/**
 * The verdict that counts for a certificate in several forms: the worst by whether it is genuine, and of equals the first. A form that
 * was not judged is as little known as one whose answer is unknown, so it never counts as genuine with the others.
 */
export function worstVerdict(verdicts: readonly (Verdict | undefined)[]): Verdict | undefined {
  const rank = (verdict: Verdict | undefined): number => WORST_FIRST.indexOf(answerOf(verdict));
  return verdicts.toSorted((a, b) => rank(a) - rank(b))[0];
}

function answerOf(verdict: Verdict | undefined): (typeof WORST_FIRST)[number] {
  const answer = verdict?.questions.authentic.answer;
  return answer === 'fail' || answer === 'pass' ? answer : 'unknown';
}
