import { useState } from 'preact/hooks';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import type { Role } from '../api/schemas.js';
import { useAction } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { batchSchema } from '../batches/schemas.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { detailSchema, type Detail } from './schemas.js';

/** What this person may do with the session now. The service decides anew. */
export function SessionActions({
  path,
  tenant,
  session,
  roles,
  own,
  account,
  onEdit,
  onChanged,
}: {
  /** Of the session. */
  path: string;
  /** Address of the institution. */
  tenant: string;
  session: Detail;
  roles: readonly Role[];
  /** Code of the institution whose work is shown. */
  own: string;
  /** Id of who is signed in. */
  account: string | undefined;
  onEdit: () => void;
  onChanged: (session: Detail) => void;
}) {
  const { say, tag } = useText();
  const [asking, setAsking] = useState<'send-back' | 'void'>();
  const act = useAction(async (action: string, body?: object) => {
    const options = { method: 'POST', ...(body && { body }) } as const;
    const next = await call(`${path}/${action}?lang=${tag}`, detailSchema, options);
    setAsking(undefined);
    onChanged(next);
  });
  const handIn = useAction(async () => {
    navigate('batches', (await call(`${path}/hand-in`, batchSchema, { method: 'POST' })).id);
  });
  const voidAll = useAction(async () => {
    const body = { assessmentId: session.id };
    navigate('batches', (await call(`${tenant}/batches/void-session`, batchSchema, { method: 'POST', body })).id);
  });
  const { state } = session;
  const plans = roles.includes('clerk') || roles.includes('approver');
  const decides = roles.includes('approver') || roles.includes('officer');
  const isLead = session.lead === own;
  const isOwnPlan = session.needsSecondPerson && session.plannedBy === account;
  const mayOpen = session.needsSecondPerson ? decides && !isOwnPlan : plans || decides;
  const hasResults = session.passed + session.failed + session.absent + session.withheld > 0;
  const hasOpen = session.candidates > session.passed + session.failed + session.absent + session.withheld;
  return (
    <div class="stack">
      {state === 'planned' && (
        <>
          {session.needsSecondPerson && (
            <Notice>{say(isOwnPlan && decides ? 'exam.open-own' : 'exam.open-other')}</Notice>
          )}
          <div class="actions">
            {mayOpen && (
              <Button kind="primary" icon="pass" busy={act.busy} onClick={() => act.run('open')}>
                {say('exam.open')}
              </Button>
            )}
            {decides && !isOwnPlan && session.needsSecondPerson && (
              <Button onClick={() => setAsking('send-back')}>{say('exam.send-back')}</Button>
            )}
            {plans && <Button onClick={onEdit}>{say(isLead ? 'exam.edit' : 'exam.line-edit')}</Button>}
          </div>
          {mayOpen && <p class="soft">{say('exam.open-help')}</p>}
        </>
      )}
      {state === 'open' && plans && (
        <>
          <div class="actions">
            {isLead && session.candidates > 0 && (
              <Button kind={hasOpen ? 'plain' : 'primary'} busy={act.busy} onClick={() => act.run('complete')}>
                {say('exam.complete')}
              </Button>
            )}
            {!hasResults && <Button onClick={onEdit}>{say(isLead ? 'exam.edit' : 'exam.line-edit')}</Button>}
          </div>
          {isLead && session.candidates > 0 && <p class="soft">{say('exam.complete-help')}</p>}
        </>
      )}
      {state === 'results-entered' && plans && (
        <>
          {session.publication && session.today <= session.publication.until && (
            <Notice>{say('exam.published-until', { day: session.publication.until })}</Notice>
          )}
          <div class="actions">
            {session.passed > 0 && (
              <Button kind="primary" busy={handIn.busy} onClick={() => handIn.run()}>
                {say('exam.hand-in', { passed: session.passed })}
              </Button>
            )}
            {isLead && (
              <Button busy={act.busy} onClick={() => act.run('reopen')}>
                {say('exam.reopen')}
              </Button>
            )}
          </div>
          <p class="soft">{say('exam.hand-in-help')}</p>
        </>
      )}
      {decides && (state === 'issued' || state === 'voided') && session.archivedAt === undefined && (
        <>
          <div class="actions">
            <Button icon="folder" busy={act.busy} onClick={() => act.run('archive')}>
              {say('exam.archive')}
            </Button>
            {session.issued > session.revoked && (
              <Button kind="danger" busy={voidAll.busy} onClick={() => voidAll.run()}>
                {say('exam.void-certificates')}
              </Button>
            )}
          </div>
          <p class="soft">{say('exam.archive-help')}</p>
          {session.issued > session.revoked && <p class="soft">{say('exam.void-certificates-help')}</p>}
        </>
      )}
      {decides && ['planned', 'open', 'results-entered'].includes(state) && session.issued === 0 && (
        <div class="actions">
          <Button kind="danger" onClick={() => setAsking('void')}>
            {say('exam.void')}
          </Button>
        </div>
      )}
      <Problem error={act.error ?? handIn.error ?? voidAll.error} />
      {asking && (
        <NoteForm
          key={asking}
          asking={asking}
          busy={act.busy}
          onSubmit={(note) => act.run(asking, { note })}
          onCancel={() => setAsking(undefined)}
        />
      )}
    </div>
  );
}

function NoteForm({
  asking,
  busy,
  onSubmit,
  onCancel,
}: {
  asking: 'send-back' | 'void';
  busy: boolean;
  onSubmit: (note: string) => void;
  onCancel: () => void;
}) {
  const { say } = useText();
  const [note, setNote] = useState('');
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(note);
      }}
    >
      {asking === 'void' && <p>{say('exam.void-help')}</p>}
      <TextField
        label={say(asking === 'void' ? 'exam.void-why' : 'exam.send-back-why')}
        required
        maxLength={500}
        rows={3}
        isFocused
        value={note}
        onInput={setNote}
      />
      <div class="actions">
        <Button type="submit" kind={asking === 'void' ? 'danger' : 'primary'} busy={busy}>
          {say(asking === 'void' ? 'exam.void' : 'exam.send-back')}
        </Button>
        <Button onClick={onCancel}>{say('exam.cancel')}</Button>
      </div>
    </form>
  );
}
