import type { Decision } from '../trust/types.js';
import type { Finding, Headline, Question } from './types.js';

const DECIDING = ['authentic', 'authorised', 'current', 'recognised'] as const;

/**
 * The one line over the five answers. Any "no" refuses; else any "not known" among the first four is "cannot say". The holder
 * question refuses when a presented proof is wrong, and is otherwise a thing to compare with the ID card.
 * @param answers the five findings
 * @param decision the recognition decision, when there was one
 */
export function headlineOf(answers: Record<Question, Finding>, decision: Decision | undefined): Headline {
  const all = [...DECIDING, 'holder'] as const;
  if (all.some((question) => answers[question].answer === 'fail')) return 'refused';
  if (DECIDING.some((question) => answers[question].answer === 'unknown')) return 'undetermined';
  return decision?.outcome === 'recognised' ? 'accepted' : 'accepted-with-conditions';
}
