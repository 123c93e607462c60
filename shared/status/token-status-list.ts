import { base64urlnopad } from '@scure/base';
import { Unzlib, zlibSync } from 'fflate';
import { didWebUrl } from '../did/did-web-url.js';
import { YizhengError } from '../errors.js';

/** Status values (Token Status List draft-21 §7.1); three of the four that two bits hold. */
export const TOKEN_STATUS = { valid: 0, invalid: 1, suspended: 2 } as const;

/** Bits an entry may take. */
export type StatusBits = 1 | 2 | 4 | 8;

/** The entries of a Token Status List: packed from the least significant bit of each byte on (§4.1). */
export interface TokenStatuses {
  bits: StatusBits;
  bytes: Uint8Array;
}

/** Most entries a list is read with: as many as a certificate's status index reaches. */
export const MAX_TOKEN_STATUS_ENTRIES = 16_777_216;

/** Address of the Token Status List beside the Bitstring lists of this number: below the issuer's did:web. */
export function tokenStatusListUrl(issuer: string, list: number): string {
  return `${didWebUrl(issuer)}/status/tokens/${list}`;
}

/**
 * Makes entries that are all valid.
 * @param entries their number, a multiple of 8, at most {@link MAX_TOKEN_STATUS_ENTRIES}
 * @throws YizhengError `STATUS_LIST_LENGTH`
 */
export function createTokenStatuses(entries: number, bits: StatusBits = 2): TokenStatuses {
  if (!Number.isInteger(entries) || entries < 8 || entries % 8 !== 0 || entries > MAX_TOKEN_STATUS_ENTRIES)
    throw new YizhengError('STATUS_LIST_LENGTH', 'A token status list holds a multiple of 8 entries, at most 2^24.');
  return { bits, bytes: new Uint8Array((entries * bits) / 8) };
}

/** Reads one entry. @throws YizhengError `STATUS_INDEX_OUT_OF_RANGE` */
export function getTokenStatus(statuses: TokenStatuses, index: number): number {
  const { byte, shift, mask } = placeOf(statuses, index);
  return ((statuses.bytes[byte] ?? 0) >> shift) & mask;
}

/** Writes one entry in place. @throws YizhengError `STATUS_INDEX_OUT_OF_RANGE`; RangeError for a value that does not fit */
export function setTokenStatus(statuses: TokenStatuses, index: number, value: number): void {
  const { byte, shift, mask } = placeOf(statuses, index);
  if (!Number.isInteger(value) || value < 0 || value > mask) throw new RangeError('the status does not fit its bits');
  statuses.bytes[byte] = ((statuses.bytes[byte] ?? 0) & ~(mask << shift)) | (value << shift);
}

/**
 * The same entries as a pair of Bitstring lists has them, two bits each: revoked is invalid, else suspended, else valid.
 * @param lists bitstrings of one length (Bitstring Status List: most significant bit first)
 */
export function tokenStatusesOf(lists: { revoked: Uint8Array; suspended: Uint8Array }): TokenStatuses {
  const { revoked, suspended } = lists;
  if (revoked.length !== suspended.length)
    throw new YizhengError('STATUS_LIST_LENGTH', 'The two lists hold different numbers of entries.');
  const statuses = createTokenStatuses(revoked.length * 8);
  for (let byte = 0; byte < revoked.length; byte++) {
    const [ended = 0, paused = 0] = [revoked[byte], suspended[byte]];
    if ((ended | paused) === 0) continue;
    for (let bit = 0; bit < 8; bit++) {
      const mask = 0x80 >> bit;
      if (ended & mask) setTokenStatus(statuses, byte * 8 + bit, TOKEN_STATUS.invalid);
      else if (paused & mask) setTokenStatus(statuses, byte * 8 + bit, TOKEN_STATUS.suspended);
    }
  }
  return statuses;
}

/** Compresses entries as `lst` (§4.2): zlib at the best level, base64url without padding. Deterministic. */
export function encodeTokenStatuses({ bytes }: TokenStatuses): string {
  return base64urlnopad.encode(zlibSync(bytes, { level: 9 }));
}

/** Input is inflated in slices: at deflate's best ratio of 1:1032 one slice gives at most 1 MiB too much. */
const SLICE = 1024;

/**
 * Reads `lst` and stops inflating as soon as it grows beyond the limit (SECURITY F4).
 * @param options `maxEntries`: {@link MAX_TOKEN_STATUS_ENTRIES} unless given
 * @throws YizhengError `STATUS_LIST_ENCODING` (no base64url or no zlib), `STATUS_LIST_LENGTH` (empty or too long)
 */
export function decodeTokenStatuses(
  list: { bits: StatusBits; lst: string },
  options: { maxEntries?: number } = {},
): TokenStatuses {
  const { maxEntries = MAX_TOKEN_STATUS_ENTRIES } = options;
  const limit = (maxEntries * list.bits) / 8;
  if (list.lst.length > Math.ceil(limit * 1.4) + 200) throw wrongLength();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const unzlib = new Unzlib((chunk) => {
    length += chunk.length;
    if (length > limit) throw wrongLength();
    chunks.push(chunk);
  });
  try {
    const compressed = base64urlnopad.decode(list.lst);
    for (let start = 0; start < compressed.length; start += SLICE)
      unzlib.push(compressed.subarray(start, start + SLICE), start + SLICE >= compressed.length);
  } catch (cause) {
    if (cause instanceof YizhengError) throw cause;
    throw new YizhengError('STATUS_LIST_ENCODING', 'The token status list is not zlib in base64url.', { cause });
  }
  if (length === 0) throw wrongLength();
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { bits: list.bits, bytes };
}

function placeOf({ bits, bytes }: TokenStatuses, index: number): { byte: number; shift: number; mask: number } {
  const byte = Math.floor((index * bits) / 8);
  if (!Number.isInteger(index) || index < 0 || byte >= bytes.length)
    throw new YizhengError('STATUS_INDEX_OUT_OF_RANGE', 'The status list has no entry of this index.');
  return { byte, shift: (index * bits) % 8, mask: (1 << bits) - 1 };
}

function wrongLength(): YizhengError {
  return new YizhengError('STATUS_LIST_LENGTH', 'The token status list is empty or longer than allowed.');
}
