import { errorCode, YizhengError } from '../../shared/errors.js';
import { isWord, type Say } from './index.js';

const TRUST_CODES = /^(?:BUNDLE_|FEED_|STATEMENT_|STATE_)/;

/** The sentence for an error, saying what it is and what to do; every code has one. */
export function problemText(error: unknown, say: Say): string {
  const code = errorCode(error, 'INTERNAL');
  const key = `problem.${code}`;
  const at = error instanceof YizhengError ? (error.at ?? '') : '';
  if (isWord(key)) return say(key, { at });
  if (TRUST_CODES.test(code)) return say('problem.bundle-other');
  return say(error instanceof YizhengError ? 'problem.other' : 'problem.INTERNAL');
}
