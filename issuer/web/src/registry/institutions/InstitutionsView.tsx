import { useState } from 'preact/hooks';
import type { ViewProps } from '../../../../../ui/app/LazyView.js';
import { call } from '../../api/call.js';
import { Problem } from '../../api/Problem.js';
import { usePages } from '../../api/use-pages.js';
import { navigate, routeHref } from '../../app/routes.js';
import { useText } from '../../i18n/index.js';
import { DataTable, SelectField, TextField, type Column } from '../../parts/index.js';
import { lastDay } from '../../parts/china-time.js';
import { didOfAddress, didToAddress } from '../did-in-address.js';
import { keptListSchema, type Kept } from '../schemas.js';
import { useDesk, useWording, type Desk } from '../use-desk.js';
import { AccreditForm } from './AccreditForm.js';
import { InstitutionDetail } from './InstitutionDetail.js';

const STATES = ['live', 'future', 'suspended', 'ended'] as const;
const PAGE = 500;

/** The institutions an authority accredits; one of them; a new one. */
export function InstitutionsView({ id }: ViewProps) {
  const { say } = useText();
  const desk = useDesk();
  if (id === 'new')
    return (
      <section class="stack">
        <p>
          <a href={routeHref('institutions')}>{say('institutions.back')}</a>
        </p>
        <h1>{say('accredit.title')}</h1>
        <AccreditForm desk={desk} onDone={() => navigate('institutions')} />
      </section>
    );
  if (id !== undefined) return <InstitutionDetail key={id} desk={desk} did={didOfAddress(id)} />;
  return <List desk={desk} />;
}

function List({ desk }: { desk: Desk }) {
  const { say } = useText();
  const words = useWording(desk.names);
  const [state, setState] = useState<(typeof STATES)[number] | ''>('live');
  const [filter, setFilter] = useState('');
  const { path } = desk;
  const pages = usePages(
    async (after, signal) => {
      const query = `kind=accreditation&limit=${PAGE}${state === '' ? '' : `&state=${state}`}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`;
      const { statements, next } = await call(`${path}/statements?${query}`, keptListSchema, { signal });
      return { rows: statements, next };
    },
    [path, state],
  );
  const wanted = filter.trim().toLowerCase();
  const rows = pages.rows.filter(({ id, subject }) =>
    [id, subject.id, subject.name].some((text) => text.toLowerCase().includes(wanted)),
  );
  const columns: Column<Kept>[] = [
    {
      key: 'name',
      header: say('institutions.name'),
      isRowHeader: true,
      cell: ({ subject }) => <a href={routeHref('institutions', didToAddress(subject.id))}>{subject.name}</a>,
    },
    {
      key: 'kind',
      header: say('fact.institution-kind'),
      cell: ({ statement }) =>
        statement.kind === 'accreditation' ? words.say(`institutionKind.${statement.row.institutionKind}`) : '',
    },
    {
      key: 'code',
      header: say('fact.code'),
      cell: ({ statement }) => (statement.kind === 'accreditation' ? statement.row.institutionCode : ''),
    },
    {
      key: 'levels',
      header: say('institutions.scope'),
      cell: ({ statement }) =>
        statement.kind === 'accreditation'
          ? [
              ...new Set(
                statement.row.actions.flatMap(({ scope }) => scope.kind ?? []).map((kind) => words.kind(kind)),
              ),
            ].join(say('list.and'))
          : '',
    },
    { key: 'ends', header: say('institutions.until'), cell: ({ ends }) => lastDay(ends) || say('institutions.open') },
    {
      key: 'state',
      header: say('batches.state'),
      cell: ({ state: now, isPublished }) => (
        <>
          {words.say(`state.${now}`)}
          {!isPublished && <span class="soft"> · {say('publication.waiting')}</span>}
        </>
      ),
    },
  ];
  return (
    <section class="stack">
      <h1>{say('nav.institutions')}</h1>
      {desk.roles.includes('officer') && (
        <div class="actions">
          <a class="button button-primary" href={routeHref('institutions', 'new')}>
            {say('accredit.title')}
          </a>
        </div>
      )}
      <div class="card search-form">
        <TextField label={say('institutions.filter')} type="search" value={filter} onInput={setFilter} />
        <SelectField
          label={say('batches.state')}
          value={state}
          onChange={setState}
          empty={say('institutions.all')}
          choices={STATES.map((value) => ({ value, label: words.say(`state.${value}`) }))}
        />
      </div>
      <Problem error={desk.error ?? pages.error} />
      <DataTable
        label={say('nav.institutions')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        empty={say('institutions.none')}
        pages={pages}
      />
    </section>
  );
}
