import { instantOf } from '../proof/proof-time.js';
import type { KeyLookup } from '../proof/types.js';
import { verifyStatusList, type VerifiedStatusList } from './verify-status-list.js';

/** Lists remembered for one set of keys: 16 kB each, so a megabyte. */
const MOST = 64;

interface Remembered {
  verified: Promise<VerifiedStatusList>;
  /** When it was verified, milliseconds. */
  at: number;
}

const remembered = new WeakMap<KeyLookup, Map<string, Remembered>>();

/**
 * As `verifyStatusList`, verifying a list once for as long as its keys are the same: one check serves any number of certificates. A
 * list that was refused is not remembered, nor is an answer used for an earlier instant than it was found at, as a list may be from
 * the future then; whether it is too old is asked of it each time anyhow.
 * @param options `keyOf`: keys that do not change, as those of a TrustView
 * @throws YizhengError as `verifyStatusList`
 */
export function verifyStatusListOnce(
  json: string,
  options: { keyOf: KeyLookup; now: string },
): Promise<VerifiedStatusList> {
  const { keyOf, now } = options;
  const lists = remembered.get(keyOf) ?? new Map<string, Remembered>();
  remembered.set(keyOf, lists);
  const at = instantOf(now);
  const known = lists.get(json);
  if (known && known.at <= at) return known.verified;
  const verified = verifyStatusList(json, { keyOf, now });
  const entry = { verified, at };
  lists.delete(json);
  lists.set(json, entry);
  const [oldest] = lists.keys();
  if (lists.size > MOST && oldest !== undefined) lists.delete(oldest);
  verified.catch(() => {
    if (lists.get(json) === entry) lists.delete(json);
  });
  return verified;
}
