import { useEffect, useState } from 'preact/hooks';
import type { CertificateRequest } from '../../../../shared/presentation/certificate-request.js';
import { errorCode } from '../../../../shared/errors.js';
import { useStore } from '../../../../ui/app/store.js';
import { TrustStrip } from '../../../../ui/authority/TrustStrip.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { askingOffer, eraseRequest, findAskingOffer, makeRequest, readRequest, type NewRequest, type Stand } from './asking.js'; // prettier-ignore
import { RefusedAnswer } from './RefusedAnswer.js';
import { RequestForm } from './RequestForm.js';
import { ShownAnswer } from './ShownAnswer.js';
import { WaitingForAnswer } from './WaitingForAnswer.js';

const EVERY_MS = 2000;

type Step =
  | { at: 'form'; problem?: unknown }
  | { at: 'waiting'; request: NewRequest }
  | { at: 'done'; stand: Exclude<Stand, { phase: 'waiting' | 'checking' }> };

/** Asks somebody to show a certificate with a wallet, and shows what it is worth. */
export function RequestView() {
  const { say } = useText();
  const offer = useStore(askingOffer);
  const trust = useStore(trustState);
  const [step, setStep] = useState<Step>({ at: 'form' });
  const [working, setWorking] = useState(false);
  const [looked, setLooked] = useState(offer !== undefined);
  const request = step.at === 'waiting' ? step.request : undefined;
  useEffect(() => void findAskingOffer().then(() => setLooked(true)), []);
  useEffect(() => {
    if (!request) return;
    let timer: ReturnType<typeof setTimeout>;
    const look = async (): Promise<void> => {
      const next = await readRequest(request).then(stepOf, (problem: unknown) => endOf(problem));
      if (next) setStep(next);
      else timer = setTimeout(() => void look(), EVERY_MS);
    };
    timer = setTimeout(() => void look(), EVERY_MS);
    return () => {
      clearTimeout(timer);
      // Nobody reads it any more; what was read is on this page only.
      void eraseRequest(request);
    };
  }, [request]);
  const ask = async (wanted: Partial<CertificateRequest>): Promise<void> => {
    setWorking(true);
    const next = await makeRequest(wanted, trust.phase === 'ready' ? trust.summary.anchor : undefined).then(
      (made): Step => ({ at: 'waiting', request: made }),
      (problem: unknown): Step => ({ at: 'form', problem }),
    );
    setWorking(false);
    setStep(next);
  };
  return (
    <div class="stack">
      <h1>{say('request.title')}</h1>
      <p>{say('request.what')}</p>
      {!offer && looked && step.at === 'form' && (
        <Notice kind="info" actions={<a href={routeHref('verify')}>{say('verify.title')}</a>}>
          {say('request.not-here')}
        </Notice>
      )}
      {step.at === 'form' && step.problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(step.problem, say)}
        </Notice>
      )}
      {offer && step.at === 'form' && <RequestForm working={working} onAsk={(wanted) => void ask(wanted)} />}
      {step.at === 'waiting' && <WaitingForAnswer request={step.request} onCancel={() => setStep({ at: 'form' })} />}
      {step.at === 'done' && (
        <>
          <TrustStrip />
          {step.stand.phase === 'answered' && <ShownAnswer answer={step.stand} />}
          {step.stand.phase === 'refused' && <RefusedAnswer problems={step.stand.problems} />}
          {step.stand.phase === 'declined' && (
            <Notice kind="care" live>
              {say('request.declined')}
            </Notice>
          )}
          <div class="actions no-print">
            <Button icon="person" kind="primary" onClick={() => setStep({ at: 'form' })}>
              {say('request.again')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function stepOf(stand: Stand): Step | undefined {
  return stand.phase === 'waiting' || stand.phase === 'checking' ? undefined : { at: 'done', stand };
}

/** What cannot be reached now may be reached in a moment; anything else ends the waiting. */
function endOf(problem: unknown): Step | undefined {
  return ['OFFLINE', 'RATE_LIMITED'].includes(errorCode(problem)) ? undefined : { at: 'form', problem };
}
