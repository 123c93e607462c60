import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { NewReceipt } from './NewReceipt.js';
import { OpenReceipt } from './OpenReceipt.js';
import { receiptSource } from './receipt-source.js';

/** Receipts: the one of a verification just made, or one from a file to be checked again. */
export function ReceiptView({ id }: ViewProps) {
  const source = useStore(receiptSource);
  return id === 'new' && source ? <NewReceipt result={source} /> : <OpenReceipt />;
}
