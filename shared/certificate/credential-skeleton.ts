import { YizhengError } from '../errors.js';

/**
 * Certificates of one exam differ in some two hundred of two thousand bytes. So the text they share is kept once, with a sign where each
 * has a text of its own, and of each only those texts. JSON writes characters below U+0020 as escapes, so none of the signs can stand in
 * it (RFC 8259 §7).
 */

/** Most texts a certificate may have of its own: there are no more signs. */
export const MOST_OWN_TEXTS = 30;

/** Stands between two texts of a certificate's own. */
export const OWN_TEXT_SEPARATOR = '\u001f';

const SIGNS = new RegExp(`[\\u0001-\\u${MOST_OWN_TEXTS.toString(16).padStart(4, '0')}]`, 'g');

/** A JSON text, kept apart from what others share with it. */
export interface ApartText {
  /** What they share, with {@link ownTextSign}s. */
  skeleton: string;
  /** UTF-8 of its own texts, by number, with {@link OWN_TEXT_SEPARATOR} between two. */
  own: Uint8Array;
}

/** The sign for the place of a text of a certificate's own. @param number from 0 to before {@link MOST_OWN_TEXTS} */
export function ownTextSign(number: number): string {
  return String.fromCharCode(number + 1);
}

/**
 * Puts a JSON text together.
 * @param skeleton what certificates share
 * @param own texts of this one
 * @throws YizhengError `CERTIFICATE_DAMAGED` (500) where they do not belong together
 */
export function fillSkeleton(skeleton: string, own: string): string {
  const texts = own.split(OWN_TEXT_SEPARATOR);
  const used = new Set<number>();
  const filled = skeleton.replace(SIGNS, (sign) => {
    const number = sign.charCodeAt(0) - 1;
    used.add(number);
    return texts[number] ?? '';
  });
  if (used.size !== texts.length || Math.max(...used) !== texts.length - 1)
    throw new YizhengError('CERTIFICATE_DAMAGED', 'A stored certificate cannot be put together.', { status: 500 });
  return filled;
}
