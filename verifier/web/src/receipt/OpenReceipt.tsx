import { useEffect, useRef, useState } from 'preact/hooks';
import type { Receipt } from '../../../../shared/verdict/receipt.js';
import type { ReceiptRecheck } from '../../../../shared/verdict/receipt-recheck.js';
import { rootsOf } from '../../../../shared/verdict/receipt-roots.js';
import { recheckText } from '../../../../shared/verdict/receipt-text.js';
import { judgingNow } from '../../../../ui/app/clock.js';
import { VERSION } from '../../../../ui/app/version.js';
import { useStore } from '../../../../ui/app/store.js';
import { ChooseAuthority } from '../../../../ui/authority/ChooseAuthority.js';
import { useText } from '../i18n/index.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { heldTrust, trustState } from '../../../../ui/trust/trust-state.js';
import { Button, FileButton, Icon, Notice } from '../../../../ui/parts/index.js';
import { engine } from '../../../../ui/verify/verify-client.js';
import { ReceiptSheet } from './ReceiptSheet.js';

/** Checks a receipt from a file or a picture of its page again. */
export function OpenReceipt() {
  const { say } = useText();
  const trust = useStore(trustState);
  const [receipt, setReceipt] = useState<Receipt>();
  const [bundleThen, setBundleThen] = useState<Uint8Array>();
  const [recheck, setRecheck] = useState<ReceiptRecheck>();
  const [problem, setProblem] = useState<unknown>();
  const [working, setWorking] = useState(false);

  const check = async (asked: Receipt, bundle: Uint8Array | undefined): Promise<void> => {
    setWorking(true);
    setProblem(undefined);
    try {
      const state = heldTrust()?.state;
      const knownRoots = (state ? rootsOf(state, asked.anchor.authority) : []).map((root) => root.digestMultibase);
      const now = judgingNow();
      setRecheck(
        await engine.ask('recheck', { receipt: asked, now, version: VERSION, knownRoots, ...(bundle && { bundleThen: bundle }) }), // prettier-ignore
      );
    } catch (error) {
      setProblem(error);
    } finally {
      setWorking(false);
    }
  };
  const open = async ([file]: File[]): Promise<void> => {
    if (!file) return;
    setRecheck(undefined);
    setReceipt(undefined);
    setBundleThen(undefined);
    try {
      const input = { bytes: new Uint8Array(await file.arrayBuffer()), name: file.name };
      const read = await engine.ask('readReceipt', { input });
      setReceipt(read);
      await check(read, undefined);
    } catch (error) {
      setProblem(error);
    }
  };
  const addBundle = async ([file]: File[]): Promise<void> => {
    if (!file || !receipt) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    setBundleThen(bytes);
    await check(receipt, bytes);
  };
  return (
    <div class="stack">
      <h1>{say('receipt.open-title')}</h1>
      {trust.phase === 'none' && <ChooseAuthority reason={trust.reason} />}
      {trust.phase === 'ready' && (
        <div class="card no-print" aria-busy={working}>
          <p>{say('receipt.open-what')}</p>
          <div class="actions">
            <FileButton
              kind="primary"
              icon="upload"
              accept="application/json,.json,image/*"
              label={say('receipt.open')}
              onFiles={(files) => void open(files)}
            />
            {receipt && (
              <FileButton
                icon="upload"
                accept="application/json,.json"
                label={say(bundleThen ? 'receipt.other-bundle' : 'receipt.bundle-then')}
                onFiles={(files) => void addBundle(files)}
              />
            )}
            {recheck && (
              <Button icon="print" onClick={() => window.print()}>
                {say('receipt.print')}
              </Button>
            )}
          </div>
        </div>
      )}
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
      {recheck && <RecheckAnswers recheck={recheck} />}
      {receipt && recheck && believable(recheck) && (
        <>
          <p class="soft">{say('receipt.says')}</p>
          <ReceiptSheet receipt={receipt} />
        </>
      )}
    </div>
  );
}

function RecheckAnswers({ recheck }: { recheck: ReceiptRecheck }) {
  const { say, sentences } = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'start' });
  }, [recheck]);
  const { answers, warnings } = recheckText(recheck, sentences);
  const kinds = [recheck.intact.answer, recheck.then.answer, TODAY[recheck.today.headline]];
  return (
    <section
      class="verdict"
      aria-labelledby="recheck-title"
      data-intact={recheck.intact.code}
      data-then={recheck.then.code}
    >
      <div class="verdict-section">
        <h2 id="recheck-title" ref={heading} tabIndex={-1}>
          {say('receipt.recheck')}
        </h2>
      </div>
      <ul class="answers">
        {answers.map(({ title, answer, sentence, notes }, i) => (
          <li class={kinds[i] ?? 'unknown'} key={title}>
            <span class="answer-mark">
              <Icon name={kinds[i] ?? 'unknown'} />
            </span>
            <h3 class="answer-title">{title}</h3>
            <span class="badge">{answer}</span>
            <p class="sentence">{sentence}</p>
            {notes.length > 0 && (
              <ul class="more">
                {notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {warnings.map((warning) => (
        <p class="verdict-note verdict-warning" key={warning}>
          {warning}
        </p>
      ))}
    </section>
  );
}

/** A receipt that was changed, or that the rules of its time contradict, is not shown as one. */
function believable({ intact, then }: ReceiptRecheck): boolean {
  return intact.answer !== 'fail' && then.answer !== 'fail';
}

const TODAY = {
  accepted: 'pass',
  'accepted-with-conditions': 'pass',
  refused: 'fail',
  undetermined: 'unknown',
} as const;
