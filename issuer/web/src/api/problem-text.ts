import { errorCode, YizhengError } from '../../../../shared/errors.js';
import { isWord } from '../../../../ui/i18n/index.js';
import type { Text } from '../i18n/index.js';

/** The sentence for an error: ours where there is one, else the service's own with its code. */
export function problemText(error: unknown, say: Text['say']): string {
  const code = errorCode(error, 'INTERNAL');
  const key = `problem.${code}`;
  if (isWord(key)) return say(key);
  if (!(error instanceof YizhengError)) return say('problem.INTERNAL');
  return say('problem.unworded', { detail: error.message, code });
}
