import { navigate } from '../app/routes.js';
import { createStore } from '../../../../ui/app/store.js';
import type { CheckResult } from '../../../../ui/verify/types.js';

/** The verification a receipt is being made of; gone when the app is closed. */
export const receiptSource = createStore<CheckResult | undefined>(undefined);

/** Goes to the receipt of a verification. */
export function openReceiptOf(result: CheckResult): void {
  receiptSource.set(result);
  navigate('receipt', 'new');
}
