import { translator } from '../../../../shared/verdict/translator.js';
import { timeText } from '../i18n/format.js';
import type { Text } from '../i18n/index.js';
import { writeCsv } from './csv.js';
import { levelText } from './level-text.js';
import { reasonText, remarksOf } from './row-text.js';
import type { RosterRow } from './types.js';

const COLUMNS = [
  'number',
  'file',
  'result',
  'code',
  'reason',
  'remarks',
  'holder',
  'last-four',
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
      row.headline ? headline(`headline.${row.headline}`) : say('roster.filter.failed'),
      row.code ?? '',
      reasonText(row, text),
      remarksOf(row, text).join(' '),
      row.certificate?.name ?? row.expected?.name ?? '',
      row.certificate?.lastFour ?? row.expected?.lastFour ?? '',
      row.certificate?.number ?? row.expected?.certificateNumber ?? '',
      row.certificate?.occupation ?? '',
      row.certificate?.level ? levelText(row.certificate.level, sentences) : '',
      row.certificate?.institution ?? '',
      row.certificate?.issuedOn ?? '',
      row.certificate?.expiresOn ?? '',
    ]),
    [],
    [headline('label.anchor'), about.anchor],
    [headline('label.evaluatedAt'), timeText(about.checkedAt)],
    [say('result.data-as-of'), timeText(about.dataAsOf)],
  ]);
}
