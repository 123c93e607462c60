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

/** Digits that could be the number of an identity document. */
const DOCUMENT_DIGITS = /(?<!\d)\d{14,20}[Xx]?(?!\d)/g;

/**
 * A cell's text as it may be shown and stored with a problem: at most 60 characters, document numbers down to their last four.
 * @param isDocumentNumber true for the column of document numbers, where every text is masked
 */
export function shownValue(text: string, isDocumentNumber = false): string {
  const flat = text.replace(/\s+/gu, ' ').trim();
  const shown = isDocumentNumber ? masked(flat) : flat.normalize('NFKC').replace(DOCUMENT_DIGITS, masked);
  const visible = [...shown].map((character) => (invisibleCharacter(character) ? '□' : character));
  return visible.length > 60 ? `${visible.slice(0, 59).join('')}…` : visible.join('');
}

function masked(number: string): string {
  const characters = [...number];
  const shown = Math.min(4, Math.floor(characters.length / 3));
  return '*'.repeat(Math.min(14, characters.length - shown)) + characters.slice(characters.length - shown).join('');
}
