import type { StoredCandidate } from './tables.js';
import type { Outcome, PassMark, SessionCounts } from './types.js';

/** A result as far as an outcome rests on it. */
export type Result = Pick<StoredCandidate, 'attendance' | 'theory' | 'practical' | 'comprehensive' | 'verdict'>;

/**
 * What became of a candidate under these pass marks. Whoever did not come or whose result is held back has not failed; who has not every
 * score is `open`.
 */
export function outcomeOf(result: Result, passMarks: readonly PassMark[]): Outcome {
  const { attendance, verdict } = result;
  if (attendance === 'absent' || attendance === 'withheld') return attendance;
  if (attendance === null) return 'open';
  if (passMarks.length === 0) return verdict === null ? 'open' : verdict === 'pass' ? 'passed' : 'failed';
  const scores = passMarks.map(({ part, mark }) => ({ score: result[part], mark }));
  if (scores.some(({ score }) => score === null)) return 'open';
  return scores.every(({ score, mark }) => Number(score) >= mark) ? 'passed' : 'failed';
}

/** How many came to what. */
export function countOutcomes(results: readonly Result[], passMarks: readonly PassMark[]): SessionCounts {
  const counts: SessionCounts = { candidates: results.length, passed: 0, failed: 0, absent: 0, withheld: 0 };
  for (const result of results) {
    const outcome = outcomeOf(result, passMarks);
    if (outcome !== 'open') counts[outcome] += 1;
  }
  return counts;
}
