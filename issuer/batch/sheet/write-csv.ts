import { BYTE_ORDER_MARK, csvLine } from '../../../shared/sheet/csv-text.js';

const PIECE_CHARACTERS = 64 * 1024;

/**
 * Writes rows as CSV (RFC 4180, UTF-8 with byte order mark) in pieces of some 64 KiB. Every text is made harmless ({@link csvLine}).
 */
export async function* writeCsv(
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = BYTE_ORDER_MARK;
  for await (const cells of rows) {
    text += csvLine(cells);
    if (text.length < PIECE_CHARACTERS) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}
