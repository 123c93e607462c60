import { useState } from 'preact/hooks';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { rolesNow, type SessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { SecondPersonNotice } from '../second-person/SecondPersonNotice.js';
import { useSecondPerson } from '../second-person/use-second-person.js';
import { batchSchema, type Batch } from './schemas.js';

/** What this person may do with the batch now. The service decides anew. */
export function BatchActions({
  batch,
  path,
  session,
  onChanged,
}: {
  batch: Batch;
  path: string;
  session: SessionState;
  onChanged: () => void;
}) {
  const { say } = useText();
  const roles = rolesNow(session);
  const isIssue = batch.operation === 'issue' || batch.operation === 'correct';
  const starts = isIssue ? ['clerk', 'approver'] : ['approver', 'officer'];
  const mayStart = roles.some((role) => starts.includes(role));
  const mayApprove = roles.some((role) => (isIssue ? ['approver'] : ['approver', 'officer']).includes(role));
  const own = session.signedIn?.account.id;
  const isOwn = own === batch.uploadedBy || own === batch.confirmedBy;
  const second = useSecondPerson(path, batch.state === 'waiting-approval' && mayApprove && !isOwn);
  const [note, setNote] = useState<string>();
  const act = useAction(async (action: string, body?: unknown) => {
    await call(`${path}/${action}`, batchSchema, { method: 'POST', ...(body !== undefined && { body }) });
    setNote(undefined);
    onChanged();
  });
  const { state } = batch;
  const button = (action: string, kind: 'plain' | 'primary' | 'danger' = 'plain', body?: unknown) => (
    <Button kind={kind} busy={act.busy} onClick={() => act.run(action, body)}>
      {say(`batch.do.${action}` as 'batch.do.pause')}
    </Button>
  );
  return (
    <div class="stack">
      <Problem error={act.error} />
      {state === 'checked' && mayStart && (
        <div class="actions">
          {batch.wrong === 0 && batch.ready > 0 && (
            <Button kind="primary" busy={act.busy} onClick={() => act.run('confirm', { rows: 'all' })}>
              {say(batch.needsApproval ? 'batch.submit-all' : 'batch.confirm-all', { rows: batch.ready })}
            </Button>
          )}
          {batch.wrong > 0 && batch.ready > 0 && (
            <Button busy={act.busy} onClick={() => act.run('confirm', { rows: 'good' })}>
              {say(batch.needsApproval ? 'batch.submit-good' : 'batch.confirm-good', {
                rows: batch.ready,
                wrong: batch.wrong,
              })}
            </Button>
          )}
          {button('cancel', 'danger')}
        </div>
      )}
      {state === 'waiting-approval' && (
        <>
          <Problem error={second.error} />
          <SecondPersonNotice verdict={second.value} name={session.signedIn?.account.name ?? ''} />
          {mayApprove && isOwn && <Notice kind="care">{say('batch.own')}</Notice>}
          <div class="actions">
            {mayApprove && !isOwn && note === undefined && (
              <>
                {second.value !== undefined && second.value.code === undefined && (
                  <Button kind="primary" icon="pass" busy={act.busy} onClick={() => act.run('approve')}>
                    {say('batch.approve', { rows: batch.ready })}
                  </Button>
                )}
                <Button onClick={() => setNote('')}>{say('batch.send-back')}</Button>
              </>
            )}
            {mayStart && note === undefined && (
              <Button kind="danger" busy={act.busy} onClick={() => act.run('cancel')}>
                {say(isOwn ? 'batch.take-back' : 'batch.do.cancel')}
              </Button>
            )}
          </div>
          {note !== undefined && (
            <form
              class="stack"
              onSubmit={(event) => {
                event.preventDefault();
                act.run('send-back', { note });
              }}
            >
              <TextField
                label={say('batch.why')}
                help={say('second.back-help')}
                required
                maxLength={500}
                rows={3}
                isFocused
                value={note}
                onInput={setNote}
              />
              <div class="actions">
                <Button type="submit" kind="primary" busy={act.busy}>
                  {say('batch.send-back')}
                </Button>
                <Button onClick={() => setNote(undefined)}>{say('app.back')}</Button>
              </div>
            </form>
          )}
        </>
      )}
      {state === 'running' && mayStart && (
        <div class="actions">
          {button('pause')}
          {button('cancel', 'danger')}
        </div>
      )}
      {state === 'paused' && mayStart && (
        <div class="actions">
          {button('resume', 'primary')}
          {button('cancel', 'danger')}
        </div>
      )}
    </div>
  );
}
