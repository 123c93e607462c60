import { neutralised } from './neutralise.js';

/** Without it Excel on a Chinese Windows reads the file as GBK. */
const BYTE_ORDER_MARK = '\ufeff';
const PIECE_CHARACTERS = 64 * 1024;

/**
 * Writes rows as CSV (RFC 4180, UTF-8 with byte order mark) in pieces of some 64 KiB. Every text is {@link neutralised}.
 */
export async function* writeCsv(
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = BYTE_ORDER_MARK;
  for await (const cells of rows) {
    text += `${cells.map(quoted).join(',')}\r\n`;
    if (text.length < PIECE_CHARACTERS) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}

function quoted(cell: string): string {
  const text = neutralised(cell);
  return /^[^\s",;|']+$/u.test(text) || text === '' ? text : `"${text.replaceAll('"', '""')}"`;
}
