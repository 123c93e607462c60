import { numberFormat } from '../../../shared/certificate/certificate-number.js';
import { certificateTextProblem } from '../../../shared/certificate/text.js';

/** Nothing to tidy: visible ASCII and unified Han only, and no apostrophe in front. */
const TIDY = /^(?!')[\x21-\x7e\u4e00-\u9fff]*$/;
/** An apostrophe in front is how people make a spreadsheet program keep a number as text. */
const APOSTROPHE = /^['‘’'](?=.)/u;
const HAN_GAP = /(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu;

/**
 * Tidies a name or other free text: blanks at its ends and in a row, blanks that pad Chinese names (`张 伟`), line ends inside the
 * cell, a leading apostrophe. Letters stay as they are; the form is NFC.
 */
export function tidyText(text: string): string {
  if (TIDY.test(text)) return text;
  return text.trim().replace(APOSTROPHE, '').trim().replace(HAN_GAP, '').replace(/\s+/gu, ' ').normalize('NFC');
}

/**
 * Tidies a code, number, date or word out of a list: as {@link tidyText}, without any blank, and with full-width characters made
 * half-width (NFKC): `６－１８` becomes `6-18`.
 */
export function tidyCode(text: string): string {
  if (TIDY.test(text)) return text;
  return text
    .normalize('NFKC')
    .trim()
    .replace(APOSTROPHE, '')
    .replace(/\s+/gu, '')
    .replace(/[‐‑‒–—―−]/g, '-');
}

/** The first character of a text that cannot be seen: its code point and its place, counted from 1. */
export function invisibleCharacter(text: string): { code: string; position: string } | undefined {
  if (TIDY.test(text)) return undefined;
  let position = 0;
  for (const character of text) {
    position++;
    if (/\s/u.test(character) || certificateTextProblem(character) === undefined) continue;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return { code: `U+${code}`, position: String(position) };
  }
  return undefined;
}

/** People write these for "none" (人社鉴发〔2021〕1号 asks for `--` where there is no trade). */
const NONE = /^(?:-{1,4}|\/|无|—{1,2}|N\/A|n\/a)$/;

/** Does a tidied text stand for an empty cell? */
export function meansNothing(text: string): boolean {
  return text === '' || NONE.test(text);
}

/** Digits that could be the number of an identity document, or several; people part them by blanks and hyphens. */
const DOCUMENT_DIGITS = /[A-Za-z]?\d(?:[\s\p{Pd}\p{Cf}\p{Cc}\u2212]*\d){13,}(?:[\s\p{Pd}\p{Cf}\p{Cc}\u2212]*[Xx])?/gu;

/**
 * A cell's text as it may be shown and stored with a problem: short, and with document numbers down to their last four.
 * A certificate number of 22 characters that is well-formed stays as it is.
 * @param options `isDocumentNumber`: for the column of document numbers, where every text is masked; `most` characters, 60 unless told
 */
export function shownValue(text: string, { isDocumentNumber = false, most = 60 } = {}): string {
  const flat = text.replace(/\s+/gu, ' ').trim();
  const shown = isDocumentNumber ? masked(flat) : flat.normalize('NFKC').replace(DOCUMENT_DIGITS, maskedRun);
  const visible = [...shown].map((character) => (invisibleCharacter(character) ? '□' : character));
  return visible.length > most ? `${visible.slice(0, most - 1).join('')}…` : visible.join('');
}

function maskedRun(run: string): string {
  return numberFormat(run) === 'skill-level-22' ? run : masked(run.replace(/[^\dA-Za-z]/g, ''));
}

function masked(number: string): string {
  const characters = [...number];
  const shown = Math.min(4, Math.floor(characters.length / 3));
  return '*'.repeat(Math.min(14, characters.length - shown)) + characters.slice(characters.length - shown).join('');
}
