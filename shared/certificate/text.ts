import { z } from 'zod';

/** Characters that change how neighbouring text is shown or cannot be seen: controls, bidi controls, invisible format
 * signs, private-use characters (no two machines show the same). */
const FORBIDDEN =
  /[\u034f\u17b4\u17b5\ufe00-\ufe0f\u115f\u1160\u2800\u3164\uffa0\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ue000-\uf8ff\u{e0000}-\u{10ffff}]/u;

/**
 * Says why a text may not stand on a certificate.
 *
 * A certificate text is NFC, without control, bidi or invisible characters (ZWJ/ZWNJ stay: some scripts need them), without
 * blanks at its ends or two in a row, and made of whole characters.
 * @param text candidate text
 * @returns a short English reason, or undefined when the text is fine
 */
export function certificateTextProblem(text: string): string | undefined {
  if (!text.isWellFormed()) return 'holds half a character (lone surrogate)';
  const found = FORBIDDEN.exec(text);
  if (found)
    return `holds the invisible or control character U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}; remove it`;
  if (text !== text.normalize('NFC')) return 'is not in Unicode form NFC';
  if (text !== text.trim() || /\s\s/u.test(text)) return 'has blanks at its ends or two in a row';
  return undefined;
}

/**
 * Schema of a text on a certificate.
 * @param max most characters (code points)
 */
export function certificateText(max: number): z.ZodType<string> {
  return z
    .string()
    .min(1, 'must not be empty')
    .superRefine((text, context) => {
      const problem = certificateTextProblem(text);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
      else if ([...text].length > max)
        context.addIssue({ code: 'custom', message: `is longer than ${max} characters` });
    });
}

/** Schema of a calendar date `YYYY-MM-DD` that exists, from 1900 to 2199. */
export const calendarDate = z
  .string()
  .regex(/^(?:19|20|21)\d{2}-\d{2}-\d{2}$/, 'must be a date like 2026-11-20')
  .refine((text) => isCalendarDate(text), 'is not a day of the calendar');

function isCalendarDate(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}
