import type { Question, Verdict } from '../../shared/verdict/types.js';

const DECIDING = ['authentic', 'authorised', 'current', 'recognised', 'holder'] as const;
const WEIGHT = { fail: 0, unknown: 1, pass: 2 } as const;

/** The question behind a headline: the first "no" when refused, the first "not known" when undetermined, else the recognition. */
export function decidingQuestion({ headline, questions }: Verdict): Question {
  const wanted = headline === 'refused' ? 'fail' : headline === 'undetermined' ? 'unknown' : undefined;
  return DECIDING.find((name) => questions[name].answer === wanted) ?? 'recognised';
}

/** The questions in reading order: as they are where it counts; otherwise what speaks against it first, then what is not known. */
export function inReadingOrder<T extends { question: Question }>(items: readonly T[], verdict: Verdict): T[] {
  if (verdict.headline.startsWith('accepted')) return [...items];
  const weight = ({ question }: T): number => WEIGHT[verdict.questions[question].answer];
  return [...items].sort((a, b) => weight(a) - weight(b));
}
