import type { JsonObject } from '../json/parse-json.js';
import { readStatusEntry } from './foreign-status-entry.js';

/** What a status entry says. */
export interface StatusEntryFacts {
  /** URL of the list. */
  list: string;
  index: number;
  /** `revocation`, `suspension`, `message` … */
  purpose: string;
  /** Bits of one entry, 1 unless given; then it is not written. */
  size?: number;
  /** Meaning of each value, in order from 0; needed for several bits and for `message`. */
  messages?: readonly string[];
}

/**
 * Writes a `BitstringStatusListEntry` for a credential (Bitstring Status List §2.1): the index as text, `statusSize` left out when it
 * is 1.
 * @throws YizhengError `STATUS_ENTRY_INVALID`, `STATUS_LIST_URL`
 */
export function statusEntryOf({ list, index, purpose, size = 1, messages }: StatusEntryFacts): JsonObject {
  const entry: JsonObject = {
    id: `${list}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: purpose,
    statusListIndex: String(index),
    ...(size !== 1 && { statusSize: size }),
    statusListCredential: list,
    ...(messages && {
      statusMessage: messages.map((message, value) => ({ status: `0x${value.toString(16)}`, message })),
    }),
  };
  readStatusEntry(entry);
  return entry;
}
