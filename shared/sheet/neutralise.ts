/** Signs a spreadsheet program takes for the start of a formula, or skips before it looks for one (OWASP CSV injection). */
const DANGEROUS = /^[=+\-@\t\r\n＝＋－＠﹢﹣﹫−|%]/u;

/**
 * Makes a text harmless wherever the sheet is opened or copied to: what could be taken for a formula gets an apostrophe in front,
 * which our reader takes off again. Characters no XML can hold are dropped.
 */
export function neutralised(text: string): string {
  const clean = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return DANGEROUS.test(clean.trimStart()) || DANGEROUS.test(clean) ? `'${clean}` : clean;
}
