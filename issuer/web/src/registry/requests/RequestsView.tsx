import { useState } from 'preact/hooks';
import type { ViewProps } from '../../../../../ui/app/LazyView.js';
import { timeText } from '../../../../../ui/i18n/format.js';
import { call } from '../../api/call.js';
import { Problem } from '../../api/Problem.js';
import { useNames } from '../../api/use-names.js';
import { usePages } from '../../api/use-pages.js';
import { routeHref } from '../../app/routes.js';
import { useText } from '../../i18n/index.js';
import { DataTable, SelectField, type Column } from '../../parts/index.js';
import { useDesk, useWording, type Desk } from '../use-desk.js';
import { ApplyForm } from './ApplyForm.js';
import { RequestDetail } from './RequestDetail.js';
import { Reviews } from './Reviews.js';
import { applicationsSchema, type Application } from './schemas.js';

const STATES = ['submitted', 'sent-back', 'proposed', 'accredited', 'refused', 'withdrawn'] as const;
const READERS = ['officer', 'approver', 'custodian', 'auditor', 'admin'];
const PAGE = 200;

/** Applications for accreditation, and what cross-reviews found. */
export function RequestsView({ id }: ViewProps) {
  const { say } = useText();
  const desk = useDesk();
  if (id === undefined) return <Overview desk={desk} />;
  return (
    <section class="stack">
      <p>
        <a href={routeHref('requests')}>{say('requests.back')}</a>
      </p>
      {id === 'new' ? <ApplyForm desk={desk} /> : <RequestDetail key={id} desk={desk} id={id} />}
    </section>
  );
}

function Overview({ desk }: { desk: Desk }) {
  const { say } = useText();
  const words = useWording(desk.names);
  const [state, setState] = useState<(typeof STATES)[number] | ''>('');
  const { path, roles } = desk;
  const pages = usePages(
    async (after, signal) => {
      const query = `limit=${PAGE}${state === '' ? '' : `&state=${state}`}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`;
      const { applications, next } = await call(`${path}/applications?${query}`, applicationsSchema, { signal });
      return { rows: applications, next };
    },
    [path, state],
  );
  const nameOf = useNames(
    path,
    pages.rows.map(({ handedInBy }) => handedInBy),
  );
  const columns: Column<Application>[] = [
    {
      key: 'name',
      header: say('institutions.name'),
      isRowHeader: true,
      cell: ({ id, institution }) => <a href={routeHref('requests', id)}>{institution.name}</a>,
    },
    {
      key: 'kind',
      header: say('fact.institution-kind'),
      cell: ({ institutionKind }) => words.say(`institutionKind.${institutionKind}`),
    },
    {
      key: 'who',
      header: say('requests.handed-in'),
      cell: ({ handedInBy, handedInAt }) => `${nameOf(handedInBy)} · ${timeText(handedInAt)}`,
    },
    { key: 'state', header: say('batches.state'), cell: ({ state: now }) => say(`request.${now}`) },
  ];
  return (
    <section class="stack">
      <h1>{say('nav.requests')}</h1>
      {roles.some((role) => role === 'clerk' || role === 'officer') && (
        <div class="actions">
          <a class="button button-plain" href={routeHref('requests', 'new')}>
            {say('requests.new')}
          </a>
        </div>
      )}
      <div class="narrow">
        <SelectField
          label={say('batches.state')}
          value={state}
          onChange={setState}
          empty={say('institutions.all')}
          choices={STATES.map((value) => ({ value, label: say(`request.${value}`) }))}
        />
      </div>
      <Problem error={desk.error ?? pages.error} />
      <DataTable
        label={say('nav.requests')}
        columns={columns}
        rows={pages.rows}
        rowKey={({ id }) => id}
        empty={say('requests.none')}
        pages={pages}
      />
      {roles.some((role) => READERS.includes(role)) && <Reviews desk={desk} />}
    </section>
  );
}
