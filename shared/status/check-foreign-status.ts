import { YizhengError } from '../errors.js';
import type { JsonObject } from '../json/parse-json.js';
import type { ProofCheck } from '../proof/types.js';
import { getStatusValue } from './bitstring.js';
import { readStatusEntry, type ForeignStatusEntry } from './foreign-status-entry.js';
import { readStatusList, type ForeignStatusList } from './foreign-status-list.js';

/** What a status list of others says of one credential. */
export interface ForeignStatusCheck {
  /** `unknown` whenever the list proves nothing; never taken for "not revoked". */
  answer: 'pass' | 'fail' | 'unknown';
  /** `STATUS_CLEAR`, `STATUS_MESSAGE`, `CERTIFICATE_REVOKED`, `CERTIFICATE_SUSPENDED`, or why it could not be found out. */
  code: string;
  /** English detail for logs and experts. */
  detail?: string;
  purpose?: string;
  /** Value of the entry, when it was really read. */
  value?: number;
  /** What the issuer says this value means. */
  message?: string;
  /** `validFrom` of the list; null when nothing is known. */
  asOf: string | null;
}

/** Problem types of the specification for our codes (Bitstring Status List §3.2, VC Data Model 2.0 §7.1). */
export const BITSTRING_PROBLEM_TYPES: Readonly<Record<string, string>> = {
  STATUS_ENTRY_INVALID: 'https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR',
  STATUS_LIST_URL: 'https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR',
  STATUS_LIST_UNKNOWN: 'https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR',
  STATUS_LIST_LENGTH: 'https://www.w3.org/ns/credentials/status-list#STATUS_LIST_LENGTH_ERROR',
  STATUS_INDEX_OUT_OF_RANGE: 'https://www.w3.org/TR/vc-data-model#RANGE_ERROR',
  ...Object.fromEntries(
    [
      'STATUS_LIST_SCHEMA',
      'STATUS_LIST_PROOF_INVALID',
      'STATUS_LIST_KEY_UNKNOWN',
      'STATUS_LIST_ENCODING',
      'STATUS_LIST_ID_MISMATCH',
      'STATUS_LIST_ISSUER_MISMATCH',
      'STATUS_LIST_PURPOSE_MISMATCH',
    ].map((code) => [code, 'https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR']),
  ),
};

/**
 * Asks a status list of others about one credential (Bitstring Status List §3.2). The list must be signed by the issuer of the
 * credential and be for the entry's purpose.
 * @param entry one `credentialStatus` entry
 * @param options `issuer`: of the credential; `list`: the list as JSON text, undefined when there is none; `checkCredential`: checks
 *   proof, issuer and dates of a credential, e.g. `checkForeignCredential`
 * @returns `pass` `STATUS_CLEAR`, or `STATUS_MESSAGE` with what it means; `fail` `CERTIFICATE_REVOKED`, `CERTIFICATE_SUSPENDED`;
 *   `unknown` `STATUS_ENTRY_INVALID`, `STATUS_LIST_URL`, `STATUS_PURPOSE_UNKNOWN`, `STATUS_LIST_UNKNOWN`,
 *   `STATUS_LIST_KEY_UNKNOWN`, `STATUS_LIST_PROOF_INVALID`, codes of `readStatusList`, `STATUS_LIST_ID_MISMATCH`,
 *   `STATUS_LIST_ISSUER_MISMATCH`, `STATUS_LIST_PURPOSE_MISMATCH`, `STATUS_INDEX_OUT_OF_RANGE`
 */
export async function checkForeignStatus(
  entry: unknown,
  options: {
    issuer: string;
    list: string | Uint8Array | undefined;
    checkCredential: (json: string | Uint8Array) => Promise<ProofCheck & { credential?: JsonObject }>;
  },
): Promise<ForeignStatusCheck> {
  try {
    const asked = readStatusEntry(entry);
    if (options.list === undefined) return unknown('STATUS_LIST_UNKNOWN');
    const { answer, code, credential } = await options.checkCredential(options.list);
    if (answer === 'unknown') return unknown('STATUS_LIST_KEY_UNKNOWN', code);
    if (answer === 'fail' || credential === undefined) return unknown('STATUS_LIST_PROOF_INVALID', code);
    return judge(asked, readStatusList(credential), options.issuer);
  } catch (error) {
    if (error instanceof YizhengError) return unknown(error.code, error.message);
    throw error;
  }
}

function judge(asked: ForeignStatusEntry, list: ForeignStatusList, issuer: string): ForeignStatusCheck {
  const { purpose, index, size, messages } = asked;
  if (list.id !== undefined && list.id !== asked.list) return unknown('STATUS_LIST_ID_MISMATCH');
  if (list.issuer !== issuer) return unknown('STATUS_LIST_ISSUER_MISMATCH');
  if (!list.purposes.includes(purpose)) return unknown('STATUS_LIST_PURPOSE_MISMATCH');
  const value = getStatusValue(list.bits, index, size);
  const message = messages?.get(value);
  const known = {
    purpose,
    value,
    ...(message !== undefined && { message }),
    asOf: list.validFrom ?? null,
  };
  if (purpose === 'message') return { answer: 'pass', code: 'STATUS_MESSAGE', ...known };
  if (purpose !== 'revocation' && purpose !== 'suspension')
    return { answer: 'unknown', code: 'STATUS_PURPOSE_UNKNOWN', ...known };
  if (value === 0) return { answer: 'pass', code: 'STATUS_CLEAR', ...known };
  return {
    answer: 'fail',
    code: purpose === 'revocation' ? 'CERTIFICATE_REVOKED' : 'CERTIFICATE_SUSPENDED',
    ...known,
  };
}

function unknown(code: string, detail?: string): ForeignStatusCheck {
  return { answer: 'unknown', code, asOf: null, ...(detail !== undefined && { detail }) };
}
