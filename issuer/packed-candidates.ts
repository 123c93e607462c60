import type { PackedKeys } from '../server/index.js';

/** Results to be certified whose document numbers are known, none of them a correction: their keys lie one behind the other, as hex. */
export interface PackedCandidates {
  readonly count: number;
  readonly duplicateKey: PackedKeys;
  readonly resultKey: PackedKeys;
}

/** One of many keys. */
export function packedKey({ bytes, width }: PackedKeys, i: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + i * width, width).toString('latin1');
}

const OPEN = '["';
const BETWEEN = '","';
const CLOSE = '"]';

/**
 * JSON list of the first characters of packed keys, without a text for each.
 * @param count how many keys, at least one
 */
export function jsonOfKeys({ bytes, width }: PackedKeys, count: number, length: number): string {
  const json = Buffer.allocUnsafe(count * (length + BETWEEN.length) + OPEN.length + CLOSE.length - BETWEEN.length);
  let at = json.write(OPEN, 'latin1');
  for (let i = 0; i < count; i++) {
    if (i > 0) at += json.write(BETWEEN, at, 'latin1');
    for (let from = i * width, end = from + length; from < end; from++) json[at++] = bytes[from] ?? 0;
  }
  json.write(CLOSE, at, 'latin1');
  return json.toString('latin1');
}
