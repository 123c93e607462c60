import { useEffect, useRef, useState } from 'preact/hooks';
import { saveFile } from '../../../../ui/app/save-file.js';
import { useStore } from '../../../../ui/app/store.js';
import { ChooseAuthority } from '../../../../ui/authority/ChooseAuthority.js';
import { TrustStrip } from '../../../../ui/authority/TrustStrip.js';
import { useText } from '../i18n/index.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { ReceiptButton } from '../receipt/ReceiptButton.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { VerdictView } from '../../../../ui/verdict/VerdictView.js';
import { verify, type CheckResult } from '../../../../ui/verify/verify-client.js';
import { ChooseFiles } from './ChooseFiles.js';
import { resultSheet } from './result-sheet.js';
import { RosterTable } from './RosterTable.js';
import { cancelRoster, clearRoster, rosterState, startRoster } from './roster-state.js';
import type { RosterRow } from './types.js';

/** Checks many certificates at once: files, folders, sheets; everything stays on the device. */
export function RosterView() {
  const text = useText();
  const { say } = text;
  const trust = useStore(trustState);
  const roster = useStore(rosterState);
  const [shown, setShown] = useState<{ row: RosterRow; result: CheckResult }>();
  const heading = useRef<HTMLHeadingElement>(null);
  const summary = useRef<HTMLHeadingElement>(null);
  const { phase, rows, settled } = roster;
  const over = phase === 'finished' || phase === 'cancelled';
  useEffect(() => {
    if (over) summary.current?.focus({ preventScroll: true });
  }, [over]);
  const open = async (row: RosterRow): Promise<void> => {
    if (row.json === undefined) return;
    setShown({ row, result: await verify({ text: row.json, name: row.name }) });
  };
  const close = (): void => {
    const number = shown?.row.number;
    setShown(undefined);
    requestAnimationFrame(() => document.getElementById(`row-${number ?? 0}`)?.focus());
  };
  const save = (): void => {
    if (trust.phase !== 'ready') return;
    const about = { anchor: trust.summary.name, dataAsOf: trust.summary.dataAsOf, checkedAt: roster.startedAt ?? '' };
    saveFile(`yizheng-roster-${about.checkedAt.slice(0, 10)}.csv`, resultSheet(rows, text, about), 'text/csv');
  };
  return (
    <div class="stack">
      <h1 ref={heading} tabIndex={-1}>
        {say('roster.title')}
      </h1>
      {trust.phase === 'none' && <ChooseAuthority reason={trust.reason} />}
      <TrustStrip />
      {trust.phase === 'ready' && phase === 'empty' && <ChooseFiles onFiles={(files) => void startRoster(files)} />}
      {roster.problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(roster.problem, say)}
        </Notice>
      )}
      {(phase === 'preparing' || phase === 'running') && (
        <section class="card" aria-labelledby="roster-progress">
          <p id="roster-progress" role="status">
            {phase === 'preparing' ? say('roster.preparing') : say('roster.progress', { settled, all: rows.length })}
          </p>
          <progress
            aria-labelledby="roster-progress"
            {...(phase === 'running' && { value: settled, max: Math.max(1, rows.length) })}
          />
          <div class="actions">
            <Button icon="close" onClick={cancelRoster}>
              {say('roster.cancel')}
            </Button>
          </div>
        </section>
      )}
      {shown && (
        <section class="stack">
          <VerdictView result={shown.result} takeFocus>
            <ReceiptButton result={shown.result} />
            <Button icon="back" onClick={close}>
              {say('roster.back')}
            </Button>
          </VerdictView>
        </section>
      )}
      {rows.length > 0 && !shown && (
        <section class="stack" aria-labelledby="roster-result">
          <h2 id="roster-result" ref={summary} tabIndex={-1}>
            {say(
              phase === 'finished'
                ? 'roster.finished'
                : phase === 'cancelled'
                  ? 'roster.was-cancelled'
                  : 'roster.so-far',
              { settled, all: rows.length },
            )}
          </h2>
          <RosterTable rows={rows} onOpen={(row) => void open(row)} />
          <div class="actions">
            <Button kind="primary" icon="download" disabled={!over} onClick={save}>
              {say('roster.save')}
            </Button>
            {over && (
              <Button
                icon="folder"
                onClick={() => {
                  clearRoster();
                  heading.current?.focus();
                }}
              >
                {say('roster.again')}
              </Button>
            )}
          </div>
        </section>
      )}
    </div>
  );
}
