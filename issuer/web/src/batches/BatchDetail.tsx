import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { isWord } from '../../../../ui/i18n/index.js';
import { Notice } from '../../../../ui/parts/index.js';
import { Problem } from '../api/Problem.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useNames } from '../api/use-names.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { BatchActions } from './BatchActions.js';
import { BatchFiles } from './BatchFiles.js';
import { BatchSlips } from './BatchSlips.js';
import { ProblemTable } from './ProblemTable.js';
import { ReadyTable } from './ReadyTable.js';
import { ResultTable } from './ResultTable.js';
import type { Batch } from './schemas.js';
import { useProgress } from './use-progress.js';

/** One batch: what it would do or has done, what is wrong, and what may be done with it now. */
export function BatchDetail({ path: institution, id }: { path: string; id: string }) {
  const { say } = useText();
  const path = `${institution}/batches/${id}`;
  const { batch, error, again } = useProgress(path);
  const session = useStore(sessionState);
  if (!batch) return error === undefined ? <p class="soft">{say('app.loading')}</p> : <Problem error={error} />;
  return (
    <section class="stack">
      <p>
        <a href={routeHref('batches')}>{say('batches.back')}</a>
      </p>
      <h1>
        {say(`operation.${batch.operation}`)} · {batch.fileName ?? batch.assessmentId ?? batch.id}
      </h1>
      <Facts batch={batch} path={institution} />
      <Progress batch={batch} />
      {batch.sentBack !== undefined && (
        <Notice kind="care" title={say('batch.sent-back')}>
          {batch.sentBack}
        </Notice>
      )}
      {batch.trouble && (
        <Notice kind="bad" title={say('batch.trouble', { code: batch.trouble.code })}>
          <Sentence word={`problem.${batch.trouble.code}`} />
          <p>
            {batch.trouble.retryAt === undefined
              ? say('batch.trouble-act')
              : say('batch.trouble-retry', { time: timeText(batch.trouble.retryAt) })}
          </p>
        </Notice>
      )}
      <BatchActions batch={batch} path={path} session={session} onChanged={again} />
      {batch.wrong > 0 && <ProblemTable path={path} wrong={batch.wrong} />}
      {(batch.state === 'checked' || batch.state === 'waiting-approval') && batch.ready > 0 && (
        <ReadyTable path={path} operation={batch.operation} />
      )}
      {(batch.state === 'done' || batch.state === 'cancelled') && (
        <>
          <BatchFiles batch={batch} path={path} />
          {batch.done > 0 &&
            (batch.operation === 'issue' || batch.operation === 'correct') &&
            rolesNow(session).some((role) => role === 'clerk' || role === 'approver') && (
              <BatchSlips batch={batch} path={path} />
            )}
          <ResultTable path={path} />
        </>
      )}
    </section>
  );
}

function Facts({ batch, path }: { batch: Batch; path: string }) {
  const { say } = useText();
  const { approvedBy, approvedAt, sentBackBy, sentBackAt } = batch;
  const people = [batch.uploadedBy, batch.confirmedBy, approvedBy, sentBackBy].filter((one) => one !== undefined);
  const decided = (by: string, at = ''): string => say('second.at', { name: nameOf(by), time: timeText(at) });
  const nameOf = useNames(path, people);
  const counts = (['rows', 'ready', 'wrong', 'already', 'done', 'failed', 'skipped'] as const).filter(
    (count) => count === 'rows' || batch[count] > 0,
  );
  return (
    <div class="card">
      <p>
        <strong>{say(`state.${batch.state}`)}</strong>
      </p>
      <dl class="facts">
        {counts.map((count) => (
          <div key={count}>
            <dt>{say(`count.${count}`)}</dt>
            <dd>{batch[count]}</dd>
          </div>
        ))}
        <div>
          <dt>{say('batch.uploaded')}</dt>
          <dd>
            {nameOf(batch.uploadedBy)} · {timeText(batch.uploadedAt)}
          </dd>
        </div>
        {batch.confirmedBy !== undefined && (
          <div>
            <dt>{say('batch.confirmed')}</dt>
            <dd>{nameOf(batch.confirmedBy)}</dd>
          </div>
        )}
        {approvedBy === undefined && sentBackBy !== undefined && (
          <div>
            <dt>{say('batch.sent-back')}</dt>
            <dd>{decided(sentBackBy, sentBackAt)}</dd>
          </div>
        )}
        {approvedBy !== undefined && (
          <div>
            <dt>{say('batch.approved')}</dt>
            <dd>{approvedAt === undefined ? nameOf(approvedBy) : decided(approvedBy, approvedAt)}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function Progress({ batch }: { batch: Batch }) {
  const { say } = useText();
  if (batch.state !== 'running' && batch.state !== 'paused') return null;
  const all = batch.ready + batch.done + batch.failed;
  const now = batch.done + batch.failed;
  return (
    <div class="card">
      <label>
        {say('batch.progress', { now, all })}
        {batch.secondsLeft !== undefined && <> · {say('batch.left', { seconds: batch.secondsLeft })}</>}
        <progress max={all} value={now} />
      </label>
    </div>
  );
}

/** What is wrong and what to do, where the console has a sentence for it. */
function Sentence({ word }: { word: string }) {
  const { say } = useText();
  return isWord(word) ? <p>{say(word)}</p> : null;
}
