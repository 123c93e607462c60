import { useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useCall } from '../api/use-call.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { CandidatePart } from './CandidatePart.js';
import { FitNotice } from './FitNotice.js';
import { JointPart } from './JointPart.js';
import { LineForm } from './LineForm.js';
import { PlanForm } from './PlanForm.js';
import { detailSchema, type Detail } from './schemas.js';
import { SessionActions } from './SessionActions.js';
import { SessionFacts } from './SessionFacts.js';

/** One assessment session: its plan, who takes part, its candidates and results, what is to be done next. */
export function SessionPage({ path: tenant, id }: { path: string; id: string }) {
  const { say, tag } = useText();
  const signed = useStore(sessionState);
  const roles = rolesNow(signed);
  const [isEditing, setEditing] = useState(false);
  const [newer, setNewer] = useState<Detail>();
  const sessions = `${tenant}/assessment-sessions`;
  const path = `${sessions}/${encodeURIComponent(id)}`;
  const known = useCall((signal) => call(`${path}?lang=${tag}`, detailSchema, { signal }), [path, tag]);
  const read = known.value;
  const session = newer && read && newer.version >= read.version ? newer : read;
  const own = signed.tenant ?? '';
  const take = (next: Detail): void => {
    setNewer(next);
    setEditing(false);
    known.again();
  };
  if (!session)
    return (
      <section class="stack">
        <h1>{id}</h1>
        <Problem error={known.error} />
      </section>
    );
  const mayKeep = roles.includes('clerk') || roles.includes('approver');
  return (
    <section class="stack">
      <p>
        <a href={routeHref('sessions')}>{say('exam.title')}</a>
      </p>
      <h1>
        {session.id} <span class="exam-state">{say(`exam.state.${session.state}`)}</span>
      </h1>
      <Problem error={known.error} />
      {session.sentBack !== undefined && (
        <Notice kind="care">{say('exam.sent-back', { note: session.sentBack })}</Notice>
      )}
      {session.voidReason !== undefined && (
        <Notice kind="care">{say('exam.voided', { note: session.voidReason })}</Notice>
      )}
      {session.archivedAt !== undefined && <Notice>{say('exam.archived')}</Notice>}
      {isEditing ? (
        session.lead === own ? (
          <PlanForm path={sessions} session={session} onSaved={take} onCancel={() => setEditing(false)} />
        ) : (
          <LineForm path={path} session={session} onSaved={take} onCancel={() => setEditing(false)} />
        )
      ) : (
        <>
          <SessionFacts tenant={tenant} session={session} />
          {session.fit && session.state === 'planned' && <FitNotice fit={session.fit} />}
          <SessionActions
            path={path}
            tenant={tenant}
            session={session}
            roles={roles}
            own={own}
            account={signed.signedIn?.account.id}
            onEdit={() => setEditing(true)}
            onChanged={take}
          />
          <JointPart
            path={path}
            session={session}
            own={own}
            mayInvite={mayKeep || roles.includes('officer')}
            onChanged={known.again}
          />
          <CandidatePart
            path={path}
            tenant={tenant}
            session={session}
            isLead={session.lead === own}
            mayKeep={mayKeep}
            onChanged={known.again}
          />
        </>
      )}
    </section>
  );
}
