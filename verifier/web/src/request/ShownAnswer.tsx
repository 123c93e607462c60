import { useEffect, useState } from 'preact/hooks';
import { verdictText } from '../../../../shared/verdict/verdict-text.js';
import { judgingNow } from '../../../../ui/app/clock.js';
import { useStore } from '../../../../ui/app/store.js';
import { ChooseAuthority } from '../../../../ui/authority/ChooseAuthority.js';
import { Notice } from '../../../../ui/parts/index.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { VerdictView } from '../../../../ui/verdict/VerdictView.js';
import { engine } from '../../../../ui/verify/verify-client.js';
import type { Ask } from '../../../../ui/worker/rpc.js';
import { useText } from '../i18n/index.js';
import type { AnswerEngine, JudgedAnswer } from './answer-engine.js';
import type { Stand } from './asking.js';
import { RefusedAnswer } from './RefusedAnswer.js';

type Answered = Extract<Stand, { phase: 'answered' }>;

/** Asks the engine that `worker/roles.ts` put in the place of the common one. */
const askEngine = engine.ask as unknown as Ask<AnswerEngine>;

/**
 * What was shown: judged again on this device by its own trust data; where it has none, what the server found, said to be so.
 */
export function ShownAnswer({ answer }: { answer: Answered }) {
  const { say, sentences } = useText();
  const trust = useStore(trustState);
  const [judged, setJudged] = useState<JudgedAnswer>();
  const isReady = trust.phase === 'ready';
  const basis = isReady ? `${trust.summary.anchor} ${trust.summary.dataAsOf ?? ''}` : '';
  useEffect(() => {
    if (basis === '') return;
    let isWanted = true;
    const { vpToken, asked } = answer;
    void askEngine('judgeAnswer', { vpToken, asked, now: judgingNow() }).then(
      (found) => isWanted && setJudged(found),
      () => isWanted && setJudged({ accepted: false, problems: [{ code: 'ASKING_FAILED' }] }),
    );
    return () => void (isWanted = false);
  }, [answer, basis]);
  if (!isReady)
    return (
      <>
        <Notice kind="care" title={say('request.by-server')} live>
          {answer.presentations.map(({ verdict }, i) => (
            <p key={i}>{verdictText(verdict, sentences).headline}</p>
          ))}
          <p>{say('request.by-server-help')}</p>
        </Notice>
        {trust.phase === 'none' && <ChooseAuthority reason={trust.reason} />}
      </>
    );
  if (!judged) return <p class="soft">{say('verify.working')}</p>;
  if (!judged.accepted) return <RefusedAnswer problems={judged.problems} />;
  return (
    <div class="stack">
      <p class="soft">{say('request.by-device')}</p>
      {judged.results.map((result, i) => (
        <VerdictView key={i} result={result} takeFocus={i === 0} />
      ))}
    </div>
  );
}
