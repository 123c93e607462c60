import { useText } from '../i18n/index.js';
import { Button } from '../../../../ui/parts/index.js';
import type { CheckResult } from '../../../../ui/verify/types.js';
import { openReceiptOf } from './receipt-source.js';

/** Makes the receipt of a verification: a page to save or print. */
export function ReceiptButton({ result }: { result: CheckResult }) {
  const { say } = useText();
  return (
    <Button icon="receipt" onClick={() => openReceiptOf(result)}>
      {say('receipt.make')}
    </Button>
  );
}
