import { YizhengError } from '../../shared/errors.js';
import type { ProofSuite } from '../../shared/proof/types.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import { createReceipt, type Receipt, type ReceiptRoot } from '../../shared/verdict/receipt.js';
import { decodeReceiptQr, RECEIPT_PREFIX } from '../../shared/verdict/receipt-qr.js';
import { recheckReceipt, type ReceiptRecheck } from '../../shared/verdict/receipt-recheck.js';
import { viewOfThen } from '../../shared/verdict/receipt-roots.js';
import { parseReceipt } from '../../shared/verdict/receipt-schema.js';
import type { Verdict } from '../../shared/verdict/types.js';
import { readPicture } from '../carrier/open-input.js';
import { isPicture } from '../carrier/photo.js';
import type { CheckInput } from './types.js';

/** What a receipt is asked for with. */
export interface ReceiptAsked {
  verdict: Verdict;
  json: string;
  anchorRoot?: ReceiptRoot;
  version: string;
  checkedBy?: string;
}

/** What a receipt is checked again with. */
export interface RecheckAsked {
  receipt: Receipt;
  now: string;
  version: string;
  /** Roots believed here for the receipt's anchor. */
  knownRoots: string[];
  /** Bundle file of that time. */
  bundleThen?: Uint8Array;
}

/** @throws YizhengError `RECEIPT_TRUST_CHANGED` when the data is not what the verdict was found with, and as `createReceipt` */
export function receiptOf(asked: ReceiptAsked, trust: TrustView): Receipt {
  const feeds = (list: Verdict['trust']['feeds'] | TrustView['feeds']): string => JSON.stringify(list);
  if (feeds(asked.verdict.trust.feeds) !== feeds(trust.feeds) || asked.verdict.trust.dataAsOf !== trust.dataAsOf)
    throw new YizhengError('RECEIPT_TRUST_CHANGED', 'The trust data was updated since; check the certificate again.');
  return createReceipt({ ...asked, trust });
}

/** A receipt from its file, the text of its code, or a picture of its page. @throws YizhengError `RECEIPT_*`, `IMAGE_*`, `JSON_*` */
export async function readReceipt(input: CheckInput): Promise<Receipt> {
  const text =
    'text' in input ? input.text.trim() : isPicture(input.bytes) ? await readPicture(input.bytes) : undefined;
  if (text?.startsWith(RECEIPT_PREFIX)) return decodeReceiptQr(text);
  return parseReceipt(text ?? ('bytes' in input ? input.bytes : ''));
}

/** Checks a receipt again by the data held. @throws YizhengError as `viewOfThen` */
export function recheck(
  { receipt, bundleThen, ...asked }: RecheckAsked,
  trust: TrustView,
  anchor: string,
  suite: ProofSuite,
): Promise<ReceiptRecheck> {
  const then = bundleThen && viewOfThen(bundleThen, receipt, asked.knownRoots);
  return recheckReceipt(receipt, { ...asked, trust, anchor, suite, then });
}
