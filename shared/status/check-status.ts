import { z } from 'zod';
import { YizhengError } from '../errors.js';
import { instantOf, type CheckTime } from '../proof/proof-time.js';
import type { KeyLookup, ProofSuite } from '../proof/types.js';
import { getBit } from './bitstring.js';
import { MAX_STATUS_LIST_VALIDITY_SECONDS } from './status-list-credential.js';
import { verifyStatusList, type VerifiedStatusList } from './verify-status-list.js';

/** What one status list says of one certificate. */
export interface StatusCheck {
  /** `unknown` whenever the list proves nothing; never taken for "not revoked". */
  answer: 'pass' | 'fail' | 'unknown';
  /** `STATUS_CLEAR`, `CERTIFICATE_REVOKED`, `CERTIFICATE_SUSPENDED`, or why it could not be found out. */
  code: string;
  /** English detail for logs and experts. */
  detail?: string;
  /** The bit, when it was really read. */
  set?: boolean;
  /** Up to when this is known (`validFrom` of the list), RFC 3339; null when nothing is known. */
  asOf: string | null;
}

/** How old a list may be. */
export interface StatusPolicy {
  /** Longest use of a list after its `validFrom`, seconds, whatever its `validUntil`; seven days unless given. */
  maxAgeSeconds?: number;
}

/** Closed schema of a status entry; an index is decimal digits and nothing else (SECURITY F3). */
export const statusEntrySchema = z.strictObject({
  id: z.string().max(400).optional(),
  type: z.literal('BitstringStatusListEntry'),
  statusPurpose: z.enum(['revocation', 'suspension']),
  statusListIndex: z.string().regex(/^(?:0|[1-9]\d{0,8})$/),
  statusListCredential: z.string().max(300),
});

/**
 * Asks a status list about a certificate (Bitstring Status List §3.2, SECURITY F2–F4).
 * @param entry one `credentialStatus` entry
 * @param options `issuer`: of the certificate; `list`: the list as JSON text, undefined when there is none; `entries`: length
 *   the list is registered with; `keyOf`: keys of trusted material; `verifiedList`: the list, where somebody has verified it with these
 *   keys, see `verifyStatusListOnce`; {@link StatusPolicy}
 * @returns `pass` `STATUS_CLEAR` only from a fresh list; `fail` `CERTIFICATE_REVOKED` (also from an old list) or
 *   `CERTIFICATE_SUSPENDED`; `unknown` with `STATUS_ENTRY_INVALID`, `STATUS_LIST_UNKNOWN`, `STATUS_LIST_STALE`,
 *   or a code of `verifyStatusList` or {@link readStatus}
 */
export async function checkStatus(
  entry: unknown,
  options: CheckTime &
    StatusPolicy & {
      issuer: string;
      list: string | Uint8Array | undefined;
      keyOf: KeyLookup;
      entries?: number;
      suite?: ProofSuite;
      verifiedList?: Promise<VerifiedStatusList>;
    },
): Promise<StatusCheck> {
  if (!statusEntrySchema.safeParse(entry).success) return unknown('STATUS_ENTRY_INVALID');
  if (options.list === undefined) return unknown('STATUS_LIST_UNKNOWN');
  let list: VerifiedStatusList;
  try {
    list = await (options.verifiedList ?? verifyStatusList(options.list, options));
  } catch (error) {
    if (error instanceof YizhengError) return unknown(error.code, error.message);
    throw error;
  }
  return readStatus(entry, list, options);
}

/**
 * Reads one entry of a verified list.
 * @returns see {@link checkStatus}; also `unknown` `STATUS_LIST_ID_MISMATCH`, `STATUS_LIST_PURPOSE_MISMATCH`,
 *   `STATUS_LIST_ISSUER_MISMATCH`, `STATUS_INDEX_OUT_OF_RANGE`
 */
export function readStatus(
  entry: unknown,
  list: VerifiedStatusList,
  options: CheckTime & StatusPolicy & { issuer: string },
): StatusCheck {
  const parsed = statusEntrySchema.safeParse(entry);
  if (!parsed.success) return unknown('STATUS_ENTRY_INVALID');
  const { statusListCredential, statusPurpose, statusListIndex } = parsed.data;
  if (list.id !== statusListCredential) return unknown('STATUS_LIST_ID_MISMATCH');
  if (list.purpose !== statusPurpose) return unknown('STATUS_LIST_PURPOSE_MISMATCH');
  if (list.issuer !== options.issuer) return unknown('STATUS_LIST_ISSUER_MISMATCH');
  if (Number(statusListIndex) >= list.bits.length * 8) return unknown('STATUS_INDEX_OUT_OF_RANGE');
  const set = getBit(list.bits, Number(statusListIndex));
  const known = { set, asOf: list.validFrom };
  if (set && statusPurpose === 'revocation') return { answer: 'fail', code: 'CERTIFICATE_REVOKED', ...known };
  const doubt = ageProblem(list, options);
  if (doubt !== undefined) return { answer: 'unknown', code: doubt, ...known };
  return set
    ? { answer: 'fail', code: 'CERTIFICATE_SUSPENDED', ...known }
    : { answer: 'pass', code: 'STATUS_CLEAR', ...known };
}

function ageProblem(list: VerifiedStatusList, options: CheckTime & StatusPolicy): string | undefined {
  const { now, maxAgeSeconds = MAX_STATUS_LIST_VALIDITY_SECONDS } = options;
  const made = instantOf(list.validFrom);
  const end = Math.min(instantOf(list.validUntil), made + maxAgeSeconds * 1000);
  return instantOf(now) >= end ? 'STATUS_LIST_STALE' : undefined;
}

function unknown(code: string, detail?: string): StatusCheck {
  return { answer: 'unknown', code, asOf: null, ...(detail !== undefined && { detail }) };
}
