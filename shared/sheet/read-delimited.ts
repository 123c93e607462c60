/**
 * Reads a table in text, with commas, semicolons or tabs, whichever the first line holds most of unless it is
 * given. Quotes as in RFC 4180; a quote that is never
 * closed takes the rest as its cell.
 * @param maxRows rows beyond are not read
 */
export function readDelimited(text: string, maxRows: number, separator = separatorOf(text)): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length && rows.length < maxRows) {
    const found = text[at] === '"' ? quoted(text, at + 1) : plain(text, at, separator);
    row.push(found.cell);
    at = found.end;
    if (text[at] === separator) {
      at++;
      if (at === text.length) row.push('');
      continue;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    rows.push(row);
    row = [];
  }
  if (row.length > 0 && rows.length < maxRows) rows.push(row);
  return rows;
}

function separatorOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const line = end < 0 ? text : text.slice(0, end);
  const count = (sign: string): number => line.split(sign).length;
  return [',', '\t', ';'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

function plain(text: string, start: number, separator: string): { cell: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  return { cell: text.slice(start, end), end };
}

function quoted(text: string, start: number): { cell: string; end: number } {
  let cell = '';
  let from = start;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return { cell: cell + text.slice(from), end: text.length };
    cell += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      let end = quote + 1;
      while (end < text.length && !/[,;\t\r\n]/.test(text[end] ?? '')) end++;
      return { cell, end };
    }
    cell += '"';
    from = quote + 2;
  }
}
