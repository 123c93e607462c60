import { translator } from '../../../../shared/verdict/translator.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { namelessText } from '../../../../ui/i18n/nameless.js';
import type { Text } from '../i18n/index.js';
import { writeCsv } from './csv.js';
import { levelText } from './level-text.js';
import { resultOf } from './row-result.js';
import { reasonText, remarksOf } from './row-text.js';
import type { RosterRow } from './types.js';

const COLUMNS = [
  'number',
  'file',
  'result',
  'code',
  'reason',
  'remarks',
  'roster-holder',
  'roster-last-four',
  'certificate-holder',
  'certificate-last-four',
  'certificate',
  'occupation',
  'level',
  'institution',
  'issued-on',
  'expires-on',
] as const;

/** The result as a sheet for spreadsheets. @param about when and by whose rules, for its last lines */
export function resultSheet(
  rows: readonly RosterRow[],
  text: Text,
  about: { anchor: string; dataAsOf: string | null; checkedAt: string },
): string {
  const { say, sentences } = text;
  const headline = translator(sentences);
  return writeCsv([
    COLUMNS.map((column) => say(`roster.column.${column}`)),
    ...rows.map((row) => [
      String(row.number),
      row.name,
      resultText(row, text),
      resultOf(row) === 'differs' ? 'ROSTER_DIFFERS' : (row.code ?? ''),
      reasonText(row, text),
      remarksOf(row, text).join(' '),
      row.expected?.name ?? '',
      row.expected?.lastFour ?? '',
      row.certificate?.name ?? '',
      row.certificate?.lastFour ?? '',
      row.certificate?.number ?? row.expected?.certificateNumber ?? '',
      row.certificate?.occupation ?? '',
      row.certificate?.level ? levelText(row.certificate.level, sentences) : '',
      namelessText(row.certificate?.institution ?? '', say),
      row.certificate?.issuedOn ?? '',
      row.certificate?.expiresOn ?? '',
    ]),
    [],
    [headline('label.anchor'), namelessText(about.anchor, say)],
    [headline('label.evaluatedAt'), timeText(about.checkedAt)],
    [say('result.data-as-of'), timeText(about.dataAsOf)],
  ]);
}

function resultText(row: RosterRow, { say, sentences }: Text): string {
  const result = resultOf(row);
  if (result === undefined) return say('roster.filter.failed');
  return result === 'differs' ? say('roster.result.differs') : translator(sentences)(`headline.${result}`);
}
