import { useEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { arrived } from '../app/arrival.js';
import { navigate, routeHref } from '../app/routes.js';
import { wallet, walletState } from '../app/wallet.js';
import { answerRequest, declineRequest, type Delivered } from '../core/share/answer-request.js';
import { matchRequest, type Choice, type RequestMatch } from '../core/share/match-request.js';
import { readRequest, type PresentationRequest } from '../core/share/read-request.js';
import { useText } from '../i18n/index.js';
import { ChooseFacts } from './ChooseFacts.js';
import { PartyCard } from './PartyCard.js';

type Step =
  | { at: 'none' }
  | { at: 'reading' }
  | { at: 'asked'; request: PresentationRequest; match: RequestMatch; choices: readonly Choice[] }
  | { at: 'sent'; request: PresentationRequest; delivered: Delivered }
  | { at: 'declined' }
  | { at: 'problem'; problem: unknown };

/** Answers somebody's request: who asks, what they would learn, fewer facts where the request allows, then yes or no. */
export function ShareView() {
  const { say } = useText();
  const waiting = useStore(arrived);
  const state = useStore(walletState);
  const [step, setStep] = useState<Step>({ at: 'none' });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (waiting?.kind !== 'request' || state.phase !== 'open') return;
    arrived.set(undefined);
    setStep({ at: 'reading' });
    const read = async (): Promise<void> => {
      const request = await readRequest(waiting.text, wallet().platform);
      const match = matchRequest(request, state.certificates);
      setStep({ at: 'asked', request, match, choices: match.suggestion ?? [] });
    };
    read().catch((error: unknown) => setStep({ at: 'problem', problem: error }));
  }, [waiting]);
  useEffect(() => {
    if (step.at !== 'none' && step.at !== 'reading') title.current?.focus();
  }, [step.at]);
  const send = async (request: PresentationRequest, choices: readonly Choice[]): Promise<void> => {
    const { vault, platform } = wallet();
    setBusy(true);
    setProblem(undefined);
    try {
      setStep({ at: 'sent', request, delivered: await answerRequest(request, choices, vault, platform) });
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const decline = async (request: PresentationRequest): Promise<void> => {
    setBusy(true);
    await declineRequest(request, wallet().platform).catch(() => undefined);
    setBusy(false);
    setStep({ at: 'declined' });
  };
  const certificates = state.phase === 'open' ? state.certificates : [];
  return (
    <div class="stack" aria-busy={step.at === 'reading'}>
      <h1 ref={title} tabIndex={-1}>
        {say(`share.${step.at}`)}
      </h1>
      {step.at === 'none' && (
        <Notice kind="info" actions={<a href={routeHref('receive')}>{say('nav.receive')}</a>}>
          {say('share.none-what')}
        </Notice>
      )}
      {step.at === 'reading' && (
        <p class="soft" role="status">
          {say('receive.working')}
        </p>
      )}
      {step.at === 'asked' && (
        <>
          <PartyCard party={step.request.party} />
          {step.match.asksEverything && <Notice kind="care">{say('share.asks-everything')}</Notice>}
          {step.match.suggestion ? (
            <ChooseFacts
              match={step.match}
              choices={step.choices}
              certificates={certificates}
              onChange={(choices) => setStep({ ...step, choices })}
            />
          ) : (
            <Notice kind="care">{say('share.cannot')}</Notice>
          )}
          {problem !== undefined && (
            <Notice kind="bad" live>
              {problemText(problem, say)}
            </Notice>
          )}
          <div class="actions">
            {step.match.suggestion && (
              <Button kind="primary" icon="pass" busy={busy} onClick={() => void send(step.request, step.choices)}>
                {say('share.send', { host: step.request.party.host })}
              </Button>
            )}
            <Button icon="close" disabled={busy} onClick={() => void decline(step.request)}>
              {say('share.decline')}
            </Button>
          </div>
        </>
      )}
      {step.at === 'sent' && (
        <Notice kind="good" live actions={<a href={routeHref('history')}>{say('nav.history')}</a>}>
          <p>{say('share.sent-what', { host: step.request.party.host })}</p>
          {step.delivered.redirectUri !== undefined && (
            <p>
              {say('share.go-on')} <bdi>{step.delivered.redirectUri}</bdi>
            </p>
          )}
        </Notice>
      )}
      {step.at === 'declined' && (
        <Notice kind="info" live actions={<Button onClick={() => navigate('certificates')}>{say('app.back')}</Button>}>
          {say('share.declined-what')}
        </Notice>
      )}
      {step.at === 'problem' && (
        <Notice kind="bad" live actions={<Button onClick={() => navigate('receive')}>{say('receive.again')}</Button>}>
          {problemText(step.problem, say)}
        </Notice>
      )}
    </div>
  );
}
