import { YizhengError } from '../errors.js';
import { digestMultibase } from '../trust/digest.js';
import type { FeedCrypto } from '../trust/feed-crypto.js';
import { importBundle, type HeldState } from '../trust/import-bundle.js';
import { readRoot } from '../trust/root-chain.js';
import type { TrustView } from '../trust/trust-view.js';
import type { Receipt, ReceiptRoot } from './receipt-schema.js';

/** Roots believed of an authority, from the one pinned first to the newest; empty when its feed is not held. */
export function rootsOf(state: HeldState, authority: string): ReceiptRoot[] {
  const feed = Object.hasOwn(state.feeds, authority) ? state.feeds[authority] : undefined;
  return (feed?.signed.roots ?? []).map((file) => {
    const { text, value } = readRoot(authority, file);
    return { version: value.version, digestMultibase: digestMultibase(text) };
  });
}

/** The root the anchor's data is believed from: what a receipt names. */
export function rootOf(state: HeldState): ReceiptRoot | undefined {
  return rootsOf(state, state.anchor)[0];
}

/**
 * The view of a bundle file of the time of a receipt. It is believed only from a root that is known today: the receipt's own word for a
 * root proves nothing.
 * @param bytes bundle file as kept or handed over
 * @param knownRoots digests of roots believed here for the receipt's anchor
 * @throws YizhengError `RECEIPT_ROOT_UNKNOWN` when no root of the anchor is known here, and as `importBundle`
 */
export function viewOfThen(
  bytes: Uint8Array | string,
  receipt: Receipt,
  knownRoots: readonly string[],
  crypto?: FeedCrypto,
): TrustView {
  const named = receipt.anchor.root?.digestMultibase;
  const pin = knownRoots.find((root) => root === named) ?? knownRoots[0];
  if (pin === undefined)
    throw new YizhengError(
      'RECEIPT_ROOT_UNKNOWN',
      'No root of the authority of this receipt is known here, so the bundle of that time cannot be believed.',
      { status: 422 },
    );
  return importBundle(bytes, {
    anchor: receipt.anchor.authority,
    anchorRoot: { digestMultibase: pin },
    now: receipt.checkedAt,
    ...(crypto && { crypto }),
  }).view;
}
