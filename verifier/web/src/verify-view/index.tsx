import { useEffect, useRef, useState } from 'preact/hooks';
import { YizhengError } from '../../../../shared/errors.js';
import { verdictText } from '../../../../shared/verdict/verdict-text.js';
import { arrived } from '../app/arrival.js';
import { routeHref } from '../app/routes.js';
import { useStore } from '../../../../ui/app/store.js';
import { ChooseAuthority } from '../../../../ui/authority/ChooseAuthority.js';
import { TrustStrip } from '../../../../ui/authority/TrustStrip.js';
import { HistoryNote } from '../history/HistoryNote.js';
import { recordCheck } from '../history/history.js';
import { currentText, useText } from '../i18n/index.js';
import { FeedbackChoices } from '../../../../ui/scan/FeedbackChoices.js';
import { speak, vibrate } from '../../../../ui/scan/feedback.js';
import { wants } from '../../../../ui/scan/scan-preferences.js';
import { ScanTime } from '../../../../ui/scan/ScanTime.js';
import { ScanView, type ScanTiming } from '../../../../ui/scan/ScanView.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { ReceiptButton } from '../receipt/ReceiptButton.js';
import { VerdictView } from '../../../../ui/verdict/VerdictView.js';
import { verify, type CheckInput, type CheckResult } from '../../../../ui/verify/verify-client.js';
import { AskLink } from '../request/AskLink.js';
import { ChooseInput } from './ChooseInput.js';
import { InputProblem } from './InputProblem.js';

type Outcome = { result: CheckResult; timing?: ScanTiming } | { problem: unknown; text?: string };

/** Checks one certificate: from the camera, a file, a paste, or the address somebody's own camera opened this app with. */
export function VerifyView() {
  const { say, sentences } = useText();
  const trust = useStore(trustState);
  const fromAddress = useStore(arrived);
  const [scanning, setScanning] = useState(false);
  const [working, setWorking] = useState(false);
  const [several, setSeveral] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const given = useRef<CheckInput | undefined>(undefined);
  const turn = useRef(0);
  const ready = trust.phase === 'ready';
  const basis = ready ? `${trust.summary.anchor} ${trust.summary.dataAsOf ?? ''}` : '';

  const title = useRef<HTMLHeadingElement>(null);
  const check = async (input: CheckInput): Promise<void> => {
    given.current = input;
    const mine = ++turn.current;
    if (trustState.get().phase !== 'ready') {
      setOutcome(undefined);
      setWorking(false);
      return;
    }
    setWorking(true);
    const found = await verify(input).then(
      (result): Outcome => ({ result }),
      (problem: unknown): Outcome => ({ problem, ...('text' in input && { text: input.text }) }),
    );
    if (mine !== turn.current) return;
    setOutcome(found);
    if ('result' in found) void recordCheck(found.result);
    setWorking(false);
  };
  const checkFiles = async (files: readonly File[]): Promise<void> => {
    const [file] = files;
    setScanning(false);
    setSeveral(false);
    if (files.length !== 1 || !file) {
      clear();
      setSeveral(true);
      title.current?.scrollIntoView({ block: 'start' });
      return;
    }
    const mine = ++turn.current;
    setWorking(true);
    const read = await file.arrayBuffer().catch((cause: unknown) => ({
      problem: new YizhengError('FILE_UNREADABLE', 'The file cannot be read any more.', { cause }),
    }));
    if (mine !== turn.current) return;
    if (!('problem' in read)) return check({ bytes: new Uint8Array(read), name: file.name });
    given.current = undefined;
    setOutcome(read);
    setWorking(false);
  };
  useEffect(() => {
    if (fromAddress === undefined) return;
    arrived.set(undefined);
    void check({ text: fromAddress });
  }, [fromAddress]);
  // What was given before an authority was chosen, or judged by older data, is judged by the data there is now.
  useEffect(() => {
    if (basis !== '' && given.current) void check(given.current);
  }, [basis]);

  const clear = (): void => {
    given.current = undefined;
    turn.current++;
    setSeveral(false);
    setOutcome(undefined);
    setWorking(false);
  };
  const headline = outcome && 'result' in outcome ? verdictText(outcome.result.verdict, sentences).headline : undefined;
  return (
    <div class="stack">
      <h1 ref={title}>{say('verify.title')}</h1>
      {ready && several && (
        <Notice kind="care" live actions={<a href={routeHref('roster')}>{say('roster.title')}</a>}>
          {say('verify.many')}
        </Notice>
      )}
      <p class="visually-hidden" role="status" aria-live="polite">
        {working ? say('verify.working') : headline !== undefined && say('verify.done', { headline })}
      </p>
      {trust.phase === 'none' && <ChooseAuthority reason={trust.reason} />}
      {trust.phase === 'none' && given.current && (
        <Notice kind="info" live>
          {say('verify.waiting')}
        </Notice>
      )}
      <TrustStrip />
      {outcome && (
        <div class="stack" aria-busy={working}>
          {'result' in outcome ? (
            <VerdictView result={outcome.result} takeFocus>
              <ReceiptButton result={outcome.result} />
              <HistoryNote />
              {outcome.timing && <ScanTime timing={outcome.timing} />}
            </VerdictView>
          ) : (
            <InputProblem problem={outcome.problem} {...(outcome.text !== undefined && { text: outcome.text })} />
          )}
          <div class="actions no-print">
            <Button
              icon="scan"
              kind="primary"
              onClick={() => {
                clear();
                setScanning(true);
              }}
            >
              {say('verify.again')}
            </Button>
          </div>
        </div>
      )}
      {ready && scanning && !outcome && (
        <ScanView
          title={say('scan.title')}
          read={(text) => verify({ text })}
          onResult={(result, timing) => {
            announce(result);
            setScanning(false);
            given.current = undefined;
            setOutcome({ result, timing });
            void recordCheck(result);
          }}
          onFiles={(files) => void checkFiles(files)}
          onError={(problem) => {
            setScanning(false);
            setOutcome({ problem });
          }}
          onClose={() => setScanning(false)}
        >
          <FeedbackChoices />
        </ScanView>
      )}
      {ready && !scanning && (
        <ChooseInput
          working={working}
          onScan={() => {
            clear();
            setScanning(true);
          }}
          onFiles={(files) => void checkFiles(files)}
          onText={(text) => {
            setSeveral(false);
            void check({ text });
          }}
        />
      )}
      {!scanning && !outcome && <AskLink />}
    </div>
  );
}

function announce(result: CheckResult): void {
  const { sentences, tag } = currentText();
  if (wants('vibrate')) vibrate(result.verdict.headline);
  if (wants('speak')) speak(verdictText(result.verdict, sentences).headline, tag);
}
