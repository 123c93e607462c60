import canonicalize from 'canonicalize';
import type { ApplicationTables } from '../../shared/trust/application/decide-application.js';
import { admissionRules } from '../../shared/trust/application/next-levels.js';
import { digestMultibase } from '../../shared/trust/digest.js';
import { combineAnswers } from '../../shared/verdict/answer-application.js';
import type { ApplicationAnswerRecord, Judgement, Wanted } from './types.js';

/** The answer to an application from what was found of each presented certificate. Pure. @param now RFC 3339 */
export function answerRecord(
  wanted: Wanted,
  judgements: readonly Judgement[],
  { tables, now }: { tables: ApplicationTables; now: string },
): ApplicationAnswerRecord {
  const combined = combineAnswers(judgements);
  const isAdmitted = combined.exempted.includes('assessment') || combined.stillRequired.includes('next-level-exam');
  const held = judgements.flatMap(({ standing, certificate }) =>
    standing === 'pass' && certificate?.occupation?.code === wanted.occupation ? (certificate ?? []) : [],
  );
  return {
    ...combined,
    unknown: judgements.filter(isUnknown).length,
    rulesDigest: digestMultibase(canonicalize(tables) ?? ''),
    admission: isAdmitted || !wanted.level ? [] : admissionRules(wanted.level, held, now),
  };
}

/** Spares nothing, and not because it was found that it does not. */
function isUnknown({ standing, grounds, exempted }: Judgement): boolean {
  const open = grounds.some(
    (ground) => ground.type === 'rule' && (ground.outcome === 'undetermined' || ground.outcome === 'unverified-rule'),
  );
  return exempted.length === 0 && (standing === 'unknown' || (standing === 'pass' && open));
}
