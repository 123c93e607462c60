/** What a spreadsheet program takes for the start of a formula, also after spaces (OWASP CSV injection). */
const DANGEROUS = /^\s*[=+\-@\t\r＝＋－＠﹢﹣﹫−|%]/u;

/** Rows as CSV for spreadsheet programs: UTF-8 with its mark, everything quoted, and nothing that would be taken for a formula. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => `"${(DANGEROUS.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
