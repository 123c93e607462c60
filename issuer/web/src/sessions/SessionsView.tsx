import { useState } from 'preact/hooks';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { tenantPath } from '../api/service.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { usePages } from '../api/use-pages.js';
import { navigate, routeHref } from '../app/routes.js';
import { LevelText } from '../certificates/LevelText.js';
import { useText } from '../i18n/index.js';
import { DataTable } from '../parts/index.js';
import { Invitations } from './Invitations.js';
import { PlanForm } from './PlanForm.js';
import { SessionPage } from './SessionPage.js';
import { sessionsSchema, type Session } from './schemas.js';

/** Assessment sessions: the list, a new plan, invitations to joint examinations; with an id the page of one session. */
export function SessionsView({ id }: ViewProps) {
  const session = useStore(sessionState);
  const path = tenantPath(session.tenant);
  return id === undefined ? <AllSessions path={path} /> : <SessionPage key={`${path} ${id}`} path={path} id={id} />;
}

function AllSessions({ path }: { path: string }) {
  const { say } = useText();
  const roles = rolesNow(useStore(sessionState));
  const [isNew, setNew] = useState(false);
  const sessions = `${path}/assessment-sessions`;
  const pages = usePages<Session>(
    async (after, signal) => {
      const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
      const page = await call(`${sessions}${query}`, sessionsSchema, { signal });
      return { rows: page.sessions, next: page.next };
    },
    [sessions],
  );
  const mayPlan = roles.includes('clerk') || roles.includes('approver');
  return (
    <section class="stack">
      <h1>{say('exam.title')}</h1>
      {mayPlan && !isNew && (
        <div class="actions">
          <Button kind="primary" onClick={() => setNew(true)}>
            {say('exam.new')}
          </Button>
        </div>
      )}
      {isNew && (
        <PlanForm path={sessions} onSaved={({ id }) => navigate('sessions', id)} onCancel={() => setNew(false)} />
      )}
      <Invitations path={path} roles={roles} />
      <Problem error={pages.error} />
      <DataTable
        label={say('exam.title')}
        rows={pages.rows}
        rowKey={({ id }) => id}
        empty={say('exam.none')}
        pages={pages}
        columns={[
          {
            key: 'id',
            header: say('exam.id'),
            isRowHeader: true,
            cell: ({ id, partners }) => (
              <>
                <a href={routeHref('sessions', id)}>{id}</a>
                {partners > 0 && <span class="soft"> · {say('exam.joint-mark')}</span>}
              </>
            ),
          },
          {
            key: 'what',
            header: say('exam.what'),
            cell: ({ occupation, level }) => (
              <>
                {occupation.name} <LevelText {...level} />
              </>
            ),
          },
          {
            key: 'when',
            header: say('exam.when'),
            cell: ({ heldOn, place }) => (
              <>
                {heldOn} <span class="soft">{place}</span>
              </>
            ),
          },
          {
            key: 'counts',
            header: say('exam.counts'),
            cell: ({ candidates, seats }) => say('exam.counts-value', { candidates, seats }),
          },
          { key: 'passed', header: say('exam.passed'), cell: ({ passed }) => say('exam.passed-value', { passed }) },
          { key: 'state', header: say('exam.state'), cell: ({ state }) => say(`exam.state.${state}`) },
        ]}
      />
    </section>
  );
}
