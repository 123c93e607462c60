import { YizhengError } from '../errors.js';

/** Fewest entries of a status list: a smaller one would tell who is looked up (Bitstring Status List §6.1). */
export const MIN_STATUS_LIST_ENTRIES = 131_072;

/**
 * Makes an empty bitstring.
 * @param entries number of entries, a multiple of 8, at least {@link MIN_STATUS_LIST_ENTRIES}
 * @throws YizhengError `STATUS_LIST_LENGTH`
 */
export function createBitstring(entries: number): Uint8Array {
  if (!Number.isInteger(entries) || entries % 8 !== 0 || entries < MIN_STATUS_LIST_ENTRIES)
    throw new YizhengError(
      'STATUS_LIST_LENGTH',
      `A status list holds at least ${MIN_STATUS_LIST_ENTRIES} entries, a multiple of 8.`,
    );
  return new Uint8Array(entries / 8);
}

/** Reads one entry; index 0 is the left-most bit. @throws YizhengError `STATUS_INDEX_OUT_OF_RANGE` */
export function getBit(bits: Uint8Array, index: number): boolean {
  return ((byteAt(bits, index) >> (7 - (index % 8))) & 1) === 1;
}

/** Writes one entry in place. @throws YizhengError `STATUS_INDEX_OUT_OF_RANGE` */
export function setBit(bits: Uint8Array, index: number, value: boolean): void {
  const mask = 0x80 >> (index % 8);
  const byte = byteAt(bits, index);
  bits[Math.floor(index / 8)] = value ? byte | mask : byte & ~mask;
}

/**
 * Reads an entry of several bits, most significant first (Bitstring Status List §3.2).
 * @param size bits of one entry
 * @throws YizhengError `STATUS_INDEX_OUT_OF_RANGE`
 */
export function getStatusValue(bits: Uint8Array, index: number, size: number): number {
  let value = 0;
  for (let bit = 0; bit < size; bit++) value = value * 2 + (getBit(bits, index * size + bit) ? 1 : 0);
  return value;
}

/** Writes an entry of several bits in place. @throws YizhengError `STATUS_INDEX_OUT_OF_RANGE` */
export function setStatusValue(bits: Uint8Array, index: number, size: number, value: number): void {
  for (let bit = 0; bit < size; bit++) setBit(bits, index * size + bit, ((value >> (size - 1 - bit)) & 1) === 1);
}

function byteAt(bits: Uint8Array, index: number): number {
  const byte = Number.isInteger(index) && index >= 0 ? bits[Math.floor(index / 8)] : undefined;
  if (byte === undefined)
    throw new YizhengError('STATUS_INDEX_OUT_OF_RANGE', 'The status list has no entry of this index.');
  return byte;
}
