import { useMemo } from 'preact/hooks';
import { QrPicture } from '../../../../ui/parts/index.js';
import type { Receipt } from '../../../../shared/verdict/receipt.js';
import { encodeReceiptQr } from '../../../../shared/verdict/receipt-qr.js';
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
        {qr && (
          <div class="receipt-code">
            <QrPicture segments={qr.segments} label={say('receipt.code')} text={qr.text} />
          </div>
        )}
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
