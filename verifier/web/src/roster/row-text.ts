import { YizhengError } from '../../../../shared/errors.js';
import { translator } from '../../../../shared/verdict/translator.js';
import type { Text } from '../i18n/index.js';
import { namelessText } from '../../../../ui/i18n/nameless.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import type { RosterRow } from './types.js';

/** Why a row says what it says: the sentence of its reason, or what was wrong with the file. */
export function reasonText({ state, headline, code, params }: RosterRow, { say, sentences }: Text): string {
  if (state === 'cancelled') return say('roster.cancelled');
  if (code === undefined) return '';
  return headline
    ? namelessText(translator(sentences)(code, params), say)
    : problemText(new YizhengError(code, ''), say);
}

/** What a person should look at: what differs from the roster, and the same certificate elsewhere. */
export function remarksOf({ differences, sameAs, expected, certificate }: RosterRow, { say }: Text): string[] {
  const told = { name: expected?.name, lastFour: expected?.lastFour, certificateNumber: expected?.certificateNumber };
  const found = { name: certificate?.name, lastFour: certificate?.lastFour, certificateNumber: certificate?.number };
  return [
    ...differences.map((item) => say(`roster.differs.${item}`, { told: told[item] ?? '', found: found[item] ?? '' })),
    ...(sameAs.length > 0 ? [say('roster.same-as', { rows: [...sameAs].sort((a, b) => a - b).join(', ') })] : []),
  ];
}
