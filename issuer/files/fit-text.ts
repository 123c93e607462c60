/** Text broken into lines at the size at which it fits its box. */
export interface FittedText {
  /** Font size in points. */
  size: number;
  /** Distance from one line to the next in points. */
  leading: number;
  lines: string[];
}

/** The box a text must stay in, and the sizes it may take, all in points. */
export interface TextBox {
  width: number;
  height: number;
  maxSize: number;
  minSize: number;
}

const LEADING = 1.25;
const STEP = 0.5;
const NO_LINE_START = /^[\p{Pe}\p{Pf}、。,.:;?!%\uff0c\uff1a\uff1b\uff1f\uff01]/u;
const TOKEN = /[A-Za-z0-9._:/@%-]+|\s+|./gsu;

/**
 * Breaks a text into lines at the largest size that fits a box: Chinese breaks between any two characters but not before a
 * closing sign, Latin words stay whole unless one alone is wider than the box.
 * @param measure width in points of a text at a size
 * @returns undefined when it does not fit even at the smallest size
 */
export function fitText(
  text: string,
  box: TextBox,
  measure: (text: string, size: number) => number,
): FittedText | undefined {
  for (let size = box.maxSize; size >= box.minSize; size -= STEP) {
    const leading = size * LEADING;
    const lines = breakLines(text, box.width, (part) => measure(part, size));
    if (lines.length * leading <= box.height) return { size, leading, lines };
  }
  return undefined;
}

function breakLines(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const token of tokens(text, width, measure)) {
    if (measure((line + token).trimEnd()) <= width) {
      line += token;
      continue;
    }
    if (NO_LINE_START.test(token) && line.length > 1) {
      const last = [...line].at(-1) ?? '';
      lines.push(line.slice(0, -last.length).trimEnd());
      line = last + token;
    } else {
      lines.push(line.trimEnd());
      line = token.trimStart();
    }
  }
  lines.push(line.trimEnd());
  return lines.filter((part) => part !== '');
}

function tokens(text: string, width: number, measure: (text: string) => number): string[] {
  return (text.match(TOKEN) ?? []).flatMap((token) => (measure(token) <= width ? [token] : [...token]));
}
