import type { Column } from './column.js';
import { asDate, asItIs, ofForm, oneOf, wordsOf } from './value-readers.js';

const DATE = { zh: '日期,如 2026-05-01', en: 'a date like 2026-05-01' };
/** What a score looks like. */
export const SCORE = { zh: '60 到 100 的分数,最多一位小数', en: 'a score from 60 to 100, at most one decimal' };
const shortId = ofForm(/^[\p{Script=Han}A-Za-z0-9〔〕()._/-]{1,40}$/u);
const ID = {
  zh: '最多 40 个字母、数字、汉字或 ._/-()〔〕',
  en: 'at most 40 letters, digits, Chinese characters or ._/-()〔〕',
};
/** A free text. */
export const text = (most: number): Pick<Column, 'as' | 'most' | 'read' | 'neutral' | 'format'> => ({
  as: 'text',
  most,
  read: asItIs,
  neutral: '某',
  format: { zh: `最多 ${most} 个字`, en: `at most ${most} characters` },
});
/** A word out of a list. */
export const words = (
  list: Readonly<Record<string, string>>,
  neutral?: string,
): Pick<Column, 'as' | 'read' | 'list' | 'format' | 'neutral'> => ({
  as: 'code',
  read: oneOf(list),
  list: wordsOf(list),
  ...(neutral !== undefined && { neutral }),
  format: { zh: `从列表中选:${wordsOf(list).join('、')}`, en: `one of: ${wordsOf(list).join(', ')}` },
});
/** A calendar date. */
export const date = (neutral?: string): Pick<Column, 'as' | 'read' | 'format' | 'neutral'> => ({
  as: 'code',
  read: asDate,
  format: DATE,
  ...(neutral !== undefined && { neutral }),
});
/** A short identifier, as papers print it. */
export const id = (): Pick<Column, 'as' | 'read' | 'format' | 'neutral'> => ({
  as: 'code',
  read: shortId,
  format: ID,
  neutral: 'A',
});
