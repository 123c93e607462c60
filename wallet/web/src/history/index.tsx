import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { wallet, walletState } from '../app/wallet.js';
import { certificateCard } from '../certificates/certificate-facts.js';
import { forgetShareLog, shareLog, type ShareEntry } from '../core/share/share-log.js';
import { useText } from '../i18n/index.js';
import { loggedLabel } from '../share/fact-text.js';

/** What was shared, with whom and when. It is on this device only. */
export function HistoryView() {
  const text = useText();
  const { say } = text;
  const state = useStore(walletState);
  const [entries, setEntries] = useState<readonly ShareEntry[]>();
  const [problem, setProblem] = useState<unknown>();
  const [sure, setSure] = useState(false);
  useEffect(() => {
    if (state.phase === 'open') shareLog(wallet().vault).then(setEntries, setProblem);
  }, [state]);
  const titleOf = (id: string): string => {
    const certificate = state.phase === 'open' ? state.certificates.find((item) => item.id === id) : undefined;
    return certificate ? certificateCard(certificate, text).title : say('history.gone');
  };
  return (
    <div class="stack">
      <h1>{say('history.title')}</h1>
      <p class="soft">{say('history.what')}</p>
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
      {entries?.length === 0 && <p>{say('history.none')}</p>}
      <ul class="cards">
        {(entries ?? []).map((entry) => (
          <li key={entry.id} class="card" data-kind={entry.kind}>
            <p>
              <strong>{say(`history.${entry.kind}`)}</strong> <span class="soft">{timeText(entry.at)}</span>
              {entry.state === 'unconfirmed' && <span class="soft"> · {say('history.unconfirmed')}</span>}
            </p>
            {entry.party !== '' && (
              <p>
                {say('history.to')} <bdi>{entry.party}</bdi>{' '}
                {entry.host !== undefined && (
                  <span class="soft">
                    <bdi>{entry.host}</bdi>
                  </span>
                )}
              </p>
            )}
            {entry.until !== undefined && <p>{say('history.until', { time: timeText(entry.until) })}</p>}
            {entry.certificates.map(({ id, facts }) => (
              <div key={id}>
                <p>
                  <bdi>{titleOf(id)}</bdi>
                </p>
                {facts.length > 0 && (
                  <p class="soft">{[...new Set(facts.map((fact) => loggedLabel(fact, text)))].join(say('list.and'))}</p>
                )}
              </div>
            ))}
          </li>
        ))}
      </ul>
      {entries !== undefined && entries.length > 0 && !sure && (
        <div class="actions">
          <Button kind="danger" icon="delete" onClick={() => setSure(true)}>
            {say('history.forget')}
          </Button>
        </div>
      )}
      {sure && (
        <Notice
          kind="bad"
          live
          actions={
            <>
              <Button
                kind="danger"
                onClick={() => void forgetShareLog(wallet().vault).then(() => setSure(false), setProblem)}
              >
                {say('history.forget')}
              </Button>
              <Button onClick={() => setSure(false)}>{say('anew.no')}</Button>
            </>
          }
        >
          {say('history.forget-sure')}
        </Notice>
      )}
    </div>
  );
}
