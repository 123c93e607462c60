import { z } from 'zod';
import { YizhengError } from '../errors.js';

/** A `credentialStatus` entry of anybody (Bitstring Status List §2.1). */
export interface ForeignStatusEntry {
  /** `revocation`, `suspension`, `message`, `refresh`, or a purpose of the issuer's own. */
  purpose: string;
  /** Which entry of the list. */
  index: number;
  /** Bits of one entry. */
  size: number;
  /** URL of the list. */
  list: string;
  /** What each value means, when the entry says so. */
  messages?: ReadonlyMap<number, string>;
}

/** Most bits one entry may have. */
export const MAX_STATUS_SIZE = 8;

const messageSchema = z.looseObject({
  status: z.string().regex(/^0x[0-9a-fA-F]{1,2}$/),
  message: z.string().max(500),
});
const entrySchema = z.looseObject({
  id: z.string().max(2300).optional(),
  type: z.union([z.literal('BitstringStatusListEntry'), z.array(z.string()).refine((types) => types.includes('BitstringStatusListEntry'))]), // prettier-ignore
  statusPurpose: z.string().min(1).max(100),
  statusListIndex: z.string().regex(/^(?:0|[1-9]\d{0,15})$/),
  statusListCredential: z.string().max(2300),
  statusSize: z.int().min(1).max(MAX_STATUS_SIZE).optional(),
  statusMessage: z
    .array(messageSchema)
    .max(2 ** MAX_STATUS_SIZE)
    .optional(),
});

/**
 * Reads a status entry of anybody. The index is decimal text; an entry of several bits, and one whose purpose is `message`, says what
 * every value means, each once.
 * @throws YizhengError `STATUS_ENTRY_INVALID`, `STATUS_LIST_URL` for a list that is not at https (http on localhost only)
 */
export function readStatusEntry(entry: unknown): ForeignStatusEntry {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) throw badEntry(parsed.error.issues[0]?.path.map(String).join('/'));
  const { statusPurpose, statusListIndex, statusListCredential, statusSize = 1, statusMessage } = parsed.data;
  const messages = statusMessage && new Map(statusMessage.map(({ status, message }) => [Number(status), message]));
  const needed = statusSize > 1 || statusPurpose === 'message';
  const areComplete = messages?.size === 2 ** statusSize && messages.size === statusMessage?.length;
  if ((needed || messages !== undefined) && !areComplete) throw badEntry('statusMessage');
  if (messages && [...messages.keys()].some((value) => value >= 2 ** statusSize)) throw badEntry('statusMessage');
  return {
    purpose: statusPurpose,
    index: Number(statusListIndex),
    size: statusSize,
    list: listUrl(statusListCredential),
    ...(messages && { messages }),
  };
}

function listUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.protocol === 'http:' && (url.hostname === 'localhost' || url.hostname === '127.0.0.1');
  if (url === undefined || !(url.protocol === 'https:' || isLocal) || url.username !== '' || url.password !== '')
    throw new YizhengError('STATUS_LIST_URL', 'A status list must be at an https address.', {
      at: '/credentialStatus/statusListCredential',
      status: 422,
    });
  return text;
}

function badEntry(member = ''): YizhengError {
  return new YizhengError('STATUS_ENTRY_INVALID', 'The status entry is not one of a Bitstring Status List.', {
    at: `/credentialStatus/${member}`,
    status: 422,
  });
}
