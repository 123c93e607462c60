import { YizhengError } from '../errors.js';
import { instantOf, type CheckTime } from '../proof/proof-time.js';
import type { KeyLookup } from '../proof/types.js';
import type { StatusCheck, StatusPolicy } from './check-status.js';
import { MAX_STATUS_LIST_VALIDITY_SECONDS } from './status-list-credential.js';
import { getTokenStatus, TOKEN_STATUS } from './token-status-list.js';
import { verifyTokenStatusList, type VerifiedTokenStatusList } from './token-status-list-token.js';

/** Where a credential says its status stands: the claim `status.status_list`. */
export interface TokenStatusEntry {
  uri: string;
  idx: number;
}

/**
 * Asks a Token Status List about a certificate (Token Status List draft-21 §8.3).
 * @param options `token`: the list as published; `issuer`: of the certificate, who must have signed the list; `keyOf`: keys of trusted
 *   material; {@link StatusPolicy}
 * @returns `pass` `STATUS_CLEAR` only from a fresh list; `fail` `CERTIFICATE_REVOKED` (also from an old list) or
 *   `CERTIFICATE_SUSPENDED`; `unknown` with `STATUS_LIST_STALE`, `STATUS_LIST_ID_MISMATCH`, `STATUS_LIST_ISSUER_MISMATCH`,
 *   `STATUS_VALUE_UNKNOWN`, `STATUS_INDEX_OUT_OF_RANGE`, or a code of `verifyTokenStatusList`
 */
export async function checkTokenStatus(
  entry: TokenStatusEntry,
  options: CheckTime & StatusPolicy & { token: string; issuer: string; keyOf: KeyLookup; maxEntries?: number },
): Promise<StatusCheck> {
  try {
    return readTokenStatus(entry, await verifyTokenStatusList(options.token, options), options);
  } catch (error) {
    if (error instanceof YizhengError)
      return { answer: 'unknown', code: error.code, detail: error.message, asOf: null };
    throw error;
  }
}

/** Reads one entry of a verified list; see {@link checkTokenStatus}. @throws YizhengError `STATUS_INDEX_OUT_OF_RANGE` */
export function readTokenStatus(
  entry: TokenStatusEntry,
  list: VerifiedTokenStatusList,
  options: CheckTime & StatusPolicy & { issuer: string },
): StatusCheck {
  if (list.uri !== entry.uri) return { answer: 'unknown', code: 'STATUS_LIST_ID_MISMATCH', asOf: null };
  if (list.issuer !== options.issuer) return { answer: 'unknown', code: 'STATUS_LIST_ISSUER_MISMATCH', asOf: null };
  const value = getTokenStatus(list.statuses, entry.idx);
  const known = { set: value !== TOKEN_STATUS.valid, asOf: list.issuedAt };
  if (value === TOKEN_STATUS.invalid) return { answer: 'fail', code: 'CERTIFICATE_REVOKED', ...known };
  if (isStale(list, options)) return { answer: 'unknown', code: 'STATUS_LIST_STALE', ...known };
  if (value === TOKEN_STATUS.suspended) return { answer: 'fail', code: 'CERTIFICATE_SUSPENDED', ...known };
  return value === TOKEN_STATUS.valid
    ? { answer: 'pass', code: 'STATUS_CLEAR', ...known }
    : { answer: 'unknown', code: 'STATUS_VALUE_UNKNOWN', ...known };
}

function isStale(list: VerifiedTokenStatusList, options: CheckTime & StatusPolicy): boolean {
  const { now, maxAgeSeconds = MAX_STATUS_LIST_VALIDITY_SECONDS } = options;
  const expiry = list.expiresAt === undefined ? Infinity : instantOf(list.expiresAt);
  return instantOf(now) >= Math.min(expiry, instantOf(list.issuedAt) + maxAgeSeconds * 1000);
}
