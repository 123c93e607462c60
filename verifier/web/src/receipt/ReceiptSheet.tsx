import { useMemo } from 'preact/hooks';
import { drawQrSymbol, QUIET_ZONE } from '../../../../shared/carrier/qr-symbol.js';
import type { Receipt } from '../../../../shared/verdict/receipt.js';
import { encodeReceiptQr, type ReceiptQr } from '../../../../shared/verdict/receipt-qr.js';
import { receiptRows } from '../../../../shared/verdict/receipt-text.js';
import { translator } from '../../../../shared/verdict/translator.js';
import { verdictText } from '../../../../shared/verdict/verdict-text.js';
import { useText } from '../i18n/index.js';

/** A receipt as it is read and printed: one A4 page, with the receipt itself in its code. */
export function ReceiptSheet({ receipt }: { receipt: Receipt }) {
  const { say, sentences } = useText();
  const qr = useMemo(() => encodeReceiptQr(receipt), [receipt]);
  const text = verdictText(receipt.verdict, sentences);
  return (
    <article class="receipt" aria-labelledby="receipt-sheet-title" data-digest={receipt.digest}>
      <header class="receipt-head">
        <h2 id="receipt-sheet-title">{translator(sentences)('receipt.title')}</h2>
        <p class={`receipt-headline receipt-${receipt.verdict.headline}`}>{text.headline}</p>
      </header>
      {text.conditions.map((condition) => (
        <p key={condition}>{condition}</p>
      ))}
      <h3>{say('result.certificate')}</h3>
      {text.certificate.length > 0 ? <Rows rows={text.certificate} /> : <p>{say('receipt.no-certificate')}</p>}
      <h3>{say('receipt.answers')}</h3>
      <ul class="receipt-answers">
        {text.questions.map(({ question, title, answer, sentence, asOf }) => (
          <li key={question}>
            <strong>
              {title} {answer}
            </strong>{' '}
            {sentence} {asOf !== '' && <span class="soft">({asOf})</span>}{' '}
            <code>{receipt.verdict.questions[question].code}</code>
          </li>
        ))}
      </ul>
      <h3>{say('receipt.basis')}</h3>
      <div class="receipt-basis">
        <Rows rows={receiptRows(receipt, sentences)} />
        {qr && <ReceiptCode qr={qr} />}
      </div>
      <p class="soft">{say(qr ? 'receipt.recheck-by-code' : 'receipt.recheck-by-file')}</p>
    </article>
  );
}

function Rows({ rows }: { rows: readonly { label: string; value: string }[] }) {
  return (
    <dl class="rows">
      {rows.map(({ label, value }, i) => [
        <dt key={`${i}-label`}>{label}</dt>,
        <dd key={`${i}-value`}>
          <bdi>{value}</bdi>
        </dd>,
      ])}
    </dl>
  );
}

function ReceiptCode({ qr }: { qr: ReceiptQr }) {
  const { say } = useText();
  const { path, size } = useMemo(() => pathOf(qr), [qr]);
  return (
    <svg
      class="receipt-code"
      role="img"
      aria-label={say('receipt.code')}
      viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${size + 2 * QUIET_ZONE} ${size + 2 * QUIET_ZONE}`}
      shape-rendering="crispEdges"
      data-text={qr.text}
    >
      <rect
        class="receipt-code-ground"
        x={-QUIET_ZONE}
        y={-QUIET_ZONE}
        width={size + 2 * QUIET_ZONE}
        height={size + 2 * QUIET_ZONE}
      />
      <path d={path} />
    </svg>
  );
}

function pathOf({ segments }: ReceiptQr): { path: string; size: number } {
  const symbol = drawQrSymbol(segments);
  const { size } = symbol;
  let path = '';
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) if (symbol.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`;
  return { path, size };
}
