import { useEffect, useRef, useState } from 'preact/hooks';
import { exportBundle } from '../../../../shared/trust/export-bundle.js';
import type { Receipt } from '../../../../shared/verdict/receipt.js';
import { rootOf } from '../../../../shared/verdict/receipt-roots.js';
import { saveFile } from '../../../../ui/app/save-file.js';
import { VERSION } from '../../../../ui/app/version.js';
import { useText } from '../i18n/index.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { heldTrust } from '../../../../ui/trust/trust-state.js';
import { Button, Field, Notice } from '../../../../ui/parts/index.js';
import type { CheckResult } from '../../../../ui/verify/types.js';
import { engine } from '../../../../ui/verify/verify-client.js';
import { ReceiptSheet } from './ReceiptSheet.js';

/** The receipt of a verification: who checked may be added, then saved or printed. */
export function NewReceipt({ result }: { result: CheckResult }) {
  const { say } = useText();
  const [checkedBy, setCheckedBy] = useState('');
  const [receipt, setReceipt] = useState<Receipt>();
  const [problem, setProblem] = useState<unknown>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [result]);
  useEffect(() => {
    let wanted = true;
    const root = heldTrust()?.state;
    const anchorRoot = root && rootOf(root);
    const { verdict, json } = result;
    engine.ask('receipt', { verdict, json, version: VERSION, checkedBy, ...(anchorRoot && { anchorRoot }) }).then(
      (made) => {
        if (!wanted) return;
        setReceipt(made);
        setProblem(undefined);
      },
      (error: unknown) => wanted && setProblem(error),
    );
    return () => void (wanted = false);
  }, [result, checkedBy]);
  return (
    <div class="stack">
      <h1 ref={heading} tabIndex={-1} class="no-print">
        {say('receipt.title')}
      </h1>
      <div class="card no-print">
        <p>{say('receipt.what')}</p>
        <Field
          label={say('receipt.checked-by')}
          help={say('receipt.checked-by-help')}
          error={problem === undefined ? undefined : problemText(problem, say)}
        >
          {(control) => (
            <input
              {...control}
              type="text"
              maxLength={80}
              autocomplete="off"
              value={checkedBy}
              onInput={(event) => setCheckedBy(event.currentTarget.value)}
            />
          )}
        </Field>
        {receipt && (
          <div class="actions">
            <Button kind="primary" icon="download" disabled={problem !== undefined} onClick={() => save(receipt)}>
              {say('receipt.save')}
            </Button>
            <Button icon="print" disabled={problem !== undefined} onClick={() => window.print()}>
              {say('receipt.print')}
            </Button>
            <Button icon="download" onClick={saveBundle}>
              {say('receipt.save-bundle')}
            </Button>
          </div>
        )}
        <Notice kind="info">{say('receipt.keep')}</Notice>
      </div>
      {receipt && problem === undefined && <ReceiptSheet receipt={receipt} />}
    </div>
  );
}

function save(receipt: Receipt): void {
  const number = receipt.verdict.certificate?.certificateNumber ?? receipt.certificate.sha256.slice(0, 12);
  const name = `yizheng-receipt-${receipt.checkedAt.slice(0, 10)}-${number.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.json`;
  saveFile(name, `${JSON.stringify(receipt, null, 2)}\n`, 'application/json');
}

function saveBundle(): void {
  const held = heldTrust();
  if (held)
    saveFile(`yizheng-bundle-${held.state.seenTime.slice(0, 10)}.json`, exportBundle(held.state), 'application/json');
}
