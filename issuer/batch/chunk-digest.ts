import { hash } from 'node:crypto';
import { DIGEST_LENGTH } from '../../keys/bulk-signer.js';
import { putCertificateId } from './id-texts.js';
import type { SignedRows } from './store-chunk.js';
import { TextPack } from './text-pack.js';
import type { ReadyRows } from './waiting-rows.js';

/** What happened to a row, as the digest of its chunk covers it. */
export type ChunkLine = [row: number, line: string];

/** SHA-256 (hex) over the lines of a chunk in the order of its rows. */
export function digestOf(lines: readonly ChunkLine[]): string {
  let text = '';
  for (const [, line] of lines.toSorted(byRow)) text += line;
  return hash('sha256', text);
}

function byRow([a]: ChunkLine, [b]: ChunkLine): number {
  return a - b;
}

/** Where lines are put together; nothing else happens between the first and the last. */
const lines = new TextPack();

/** {@link digestOf} the lines of issued rows and of those that failed; put together as bytes, since there may be thousands. */
export function issuedDigest(
  { row }: ReadyRows,
  { places, certificates: { number, revision }, made }: SignedRows,
  issued: readonly number[],
  failed: readonly ChunkLine[],
): string {
  const rowAt = (i: number): number => row[places[i] ?? 0] ?? 0;
  const others = failed.toSorted(byRow);
  let next = 0;
  lines.clear();
  for (const i of issued.toSorted((a, b) => rowAt(a) - rowAt(b))) {
    const at = rowAt(i);
    for (; (others[next]?.[0] ?? Infinity) < at; next++) lines.put(Buffer.from(others[next]?.[1] ?? ''));
    lines.putNumber(at);
    lines.putAscii(' ');
    putCertificateId(lines, number[i] ?? '', revision[i] ?? 0);
    lines.putAscii(' ');
    lines.putAscii(made.sha256, i * DIGEST_LENGTH, (i + 1) * DIGEST_LENGTH);
    lines.putAscii('\n');
  }
  for (; next < others.length; next++) lines.put(Buffer.from(others[next]?.[1] ?? ''));
  return hash('sha256', lines.written());
}
