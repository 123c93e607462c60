import { createTranslator, type Language } from '../../../shared/i18n/create-translator.js';
import { translator as verdictTranslator } from '../../../shared/verdict/translator.js';
import { findColumn } from '../sheet/columns.js';
import type { CellProblem } from '../types.js';
import { en } from './en.js';
import { zhCN } from './zh-CN.js';

const translator = createTranslator({ 'zh-CN': zhCN, en });

/** What a sentence needs of a problem or a notice. */
export type Described = Pick<CellProblem, 'code' | 'parameters'> & Partial<Omit<CellProblem, 'code' | 'parameters'>>;

/**
 * Says in one sentence what is wrong with a cell, row or sheet, what stands there and what to write instead; also what a notice says.
 * @param problem a problem of the dry run, or a `SheetNotice`
 */
export function problemText(problem: Described, language: Language): string {
  const { code, row, column, letter, header, value, parameters } = problem;
  const about = column === undefined ? undefined : findColumn(column);
  const say = translator(language);
  const { certificate } = parameters;
  const known = {
    row: row === undefined ? '' : String(row),
    letter: letter ?? '',
    header: header ?? about?.[language === 'en' ? 'en' : 'zh'] ?? '',
    value: value ?? '',
    format: about?.format[language === 'en' ? 'en' : 'zh'] ?? '',
    ...parameters,
    certificate: certificate === undefined ? '' : `${language === 'en' ? ': ' : ':'}${numberOf(certificate)}`,
  };
  const special = `${code}_${(parameters['status'] ?? '').toUpperCase()}`;
  if (Object.hasOwn(zhCN, special)) return say(special, known);
  if (Object.hasOwn(zhCN, code)) return say(code, known);
  const reason = verdictTranslator(language)(code);
  return say('NOT_COVERED', { reason: reason === code ? code : reason.replace(/[。.]$/, '') });
}

/** People know a certificate by its number, not by the id of its credential. */
function numberOf(certificate: string): string {
  const [, number] = /^urn:[^:]+:certificate:([^:]+):\d+$/.exec(certificate) ?? [];
  return number === undefined ? certificate : decodeURIComponent(number);
}
