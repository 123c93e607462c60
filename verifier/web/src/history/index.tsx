import { useEffect, useRef, useState } from 'preact/hooks';
import { translator } from '../../../../shared/verdict/translator.js';
import { saveFile } from '../../../../ui/app/save-file.js';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { useText } from '../i18n/index.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { writeCsv } from '../roster/csv.js';
import { levelText } from '../roster/level-text.js';
import { HeadlineMark } from '../roster/HeadlineMark.js';
import { Button, Field, Icon, Notice } from '../../../../ui/parts/index.js';
import {
  forgetEntry,
  forgetHistory,
  historyChanges,
  historyEntries,
  RETENTIONS,
  retention,
  setRetention,
  type Retention,
} from './history.js';
import type { HistoryEntry } from './history-entry.js';

/** What was checked on this device: how long it is kept, one by one or all forgotten, saved as a sheet. */
export function HistoryView() {
  const { say, sentences } = useText();
  const changes = useStore(historyChanges);
  const [entries, setEntries] = useState<HistoryEntry[]>();
  const [problem, setProblem] = useState<unknown>();
  const [sure, setSure] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    historyEntries().then(setEntries, setProblem);
  }, [changes]);
  const run = (action: Promise<void>): void => void action.catch(setProblem);
  const sentence = translator(sentences);
  return (
    <div class="stack">
      <h1 ref={heading} tabIndex={-1}>
        {say('history.title')}
      </h1>
      <div class="card">
        <p>{say('history.what')}</p>
        <Field label={say('history.retention')} help={say('history.retention-help')}>
          {(control) => (
            <select
              {...control}
              value={retention()}
              onChange={(event) => run(setRetention(Number(event.currentTarget.value) as Retention))}
            >
              {RETENTIONS.map((days) => (
                <option key={days} value={days}>
                  {days === 0 ? say('history.off') : say('history.days', { days })}
                </option>
              ))}
            </select>
          )}
        </Field>
        {entries && entries.length > 0 && (
          <div class="actions">
            <Button icon="download" onClick={() => saveFile('yizheng-history.csv', sheet(entries), 'text/csv')}>
              {say('history.export')}
            </Button>
            <Button icon="delete" kind="danger" onClick={() => setSure(true)}>
              {say('history.forget-all')}
            </Button>
          </div>
        )}
        {sure && (
          <Notice
            kind="care"
            live
            actions={
              <>
                <Button
                  kind="danger"
                  onClick={() => {
                    setSure(false);
                    run(forgetHistory());
                    heading.current?.focus();
                  }}
                >
                  {say('history.forget-yes')}
                </Button>
                <Button onClick={() => setSure(false)}>{say('history.forget-no')}</Button>
              </>
            }
          >
            {say('history.forget-sure', { count: entries?.length ?? 0 })}
          </Notice>
        )}
      </div>
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
      {entries?.length === 0 && <p class="soft">{say(retention() === 0 ? 'history.none-off' : 'history.none')}</p>}
      {entries && entries.length > 0 && (
        <ul class="history" aria-label={say('history.title')}>
          {entries.map((entry) => (
            <li key={entry.id}>
              <HeadlineMark headline={entry.headline} />
              <div>
                <p>
                  <strong>
                    <bdi>{entry.holder ?? say('history.unread')}</bdi>
                  </strong>{' '}
                  {[entry.occupation, entry.level && levelText(entry.level, sentences)].filter(Boolean).join(' · ')}
                </p>
                <p class="soft">
                  {timeText(entry.at)} · {entry.number ?? ''}
                </p>
                {entry.headline !== 'accepted' && <p class="soft">{sentence(entry.code, entry.params)}</p>}
              </div>
              <button
                type="button"
                class="icon-button"
                aria-label={say('history.forget-one', { time: timeText(entry.at) })}
                onClick={() => {
                  run(forgetEntry(entry.id));
                  heading.current?.focus();
                }}
              >
                <Icon name="delete" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );

  function sheet(kept: readonly HistoryEntry[]): string {
    const head = (['time', 'result', 'reason', 'holder', 'number', 'occupation', 'level', 'anchor'] as const).map(
      (name) => say(`history.column.${name}`),
    );
    return writeCsv([
      head,
      ...kept.map((entry) => [
        timeText(entry.at),
        sentence(`headline.${entry.headline}`),
        sentence(entry.code, entry.params),
        entry.holder ?? '',
        entry.number ?? '',
        entry.occupation ?? '',
        entry.level ? levelText(entry.level, sentences) : '',
        entry.anchor,
      ]),
    ]);
  }
}
