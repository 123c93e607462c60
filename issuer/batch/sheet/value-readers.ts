import { readDate } from './read-date.js';
import { readLevelWord } from './read-level.js';

/** A cell's value as an exam result holds it, or what is wrong with it. */
export type ReadValue = { value: string | number } | { code: string; parameters?: Record<string, string> };

/** Reads the tidied, non-empty text of one cell. */
export type ValueReader = (text: string) => ReadValue;

/** Takes the text as it is. */
export const asItIs: ValueReader = (text) => ({ value: text });

const NUMBER_22 = /^[YS]\d{14}[\dT]\d{6}$/i;
const SHORT_ID = /^[\p{Script=Han}A-Za-z0-9〔〕()._/-]{1,40}$/u;

/** A certificate number; the letters of one of 22 characters are made capital. */
export const asCertificateNumber: ValueReader = (text) =>
  SHORT_ID.test(text) ? { value: NUMBER_22.test(text) ? text.toUpperCase() : text } : { code: 'CELL_FORM' };

/** A certificate number or the id of a credential. */
export const asCertificateReference: ValueReader = (text) =>
  /^urn:yizheng:certificate:[A-Za-z0-9%._~()-]{1,160}:\d{1,3}$/.test(text)
    ? { value: text }
    : asCertificateNumber(text);

/**
 * A word out of a list.
 * @param words what each word stands for; the first word of a value is the one to write
 */
export function oneOf(words: Readonly<Record<string, string>>): ValueReader {
  const known = new Map(Object.entries(words).map(([word, value]) => [word.toUpperCase(), value]));
  const parameters = { allowed: wordsOf(words).join('、') };
  return (text) => {
    const value = known.get(text.toUpperCase());
    return value === undefined ? { code: 'CELL_NOT_IN_LIST', parameters } : { value };
  };
}

/** The words to write: the first of each value. */
export function wordsOf(words: Readonly<Record<string, string>>): string[] {
  const values = new Set<string>();
  return Object.entries(words).flatMap(([word, value]) => {
    if (values.has(value)) return [];
    values.add(value);
    return [word];
  });
}

/** A text of a form. */
export function ofForm(form: RegExp, code = 'CELL_FORM'): ValueReader {
  return (text) => (form.test(text) ? { value: text } : { code });
}

/** A calendar date, as `YYYY-MM-DD`. */
export const asDate: ValueReader = (text) => {
  const read = readDate(text);
  return 'date' in read ? { value: read.date } : read;
};

/** A score out of 100 with at most one decimal: `85`, `85.5`, `85.50`, `85分`. */
export const asAnyScore: ValueReader = (text) => {
  const plain = text.replace(/分$/, '');
  const score = /^\d+\.\d+$/.test(plain) ? plain.replace(/\.?0+$/, '') : plain.replace(/^0+(?=\d)/, '');
  return /^(?:100|\d{1,2}(?:\.\d)?)$/.test(score) ? { value: score } : { code: 'SCORE_FORM' };
};

/** A score of somebody who passed: {@link asAnyScore}, 60 or more. */
export const asScore: ValueReader = (text) => {
  const read = asAnyScore(text);
  return 'value' in read && Number(read.value) < 60 ? { code: 'SCORE_BELOW_PASS' } : read;
};

/** A whole number of hours. */
export const asHours: ValueReader = (text) => {
  const hours = text.replace(/(?:学时|课时|小时)$/, '');
  return /^[1-9]\d{0,3}$/.test(hours) ? { value: Number(hours) } : { code: 'CELL_FORM' };
};

const EXPONENT = /^\d(?:\.\d+)?E\+?\d+$/i;

/** The number of an identity document: its form for the commonest mistakes; whether it is valid, `lastFourOf` says. */
export const asDocumentNumber: ValueReader = (text) => {
  if (EXPONENT.test(text)) return { code: 'ID_NUMBER_LOST_DIGITS' };
  if (/^\d{15}$/.test(text)) return { code: 'ID_NUMBER_15_DIGITS' };
  return text.length < 6 || text.length > 20 ? { code: 'ID_NUMBER_INVALID' } : { value: text.toUpperCase() };
};

/** A level, as the word its frameworks use; see `levelOfKind`. */
export const asLevel: ValueReader = (text) => {
  const value = readLevelWord(text);
  return value === undefined ? { code: 'LEVEL_UNKNOWN' } : { value };
};
