import { useState } from 'preact/hooks';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { tenantPath } from '../api/service.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { usePages } from '../api/use-pages.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { DataTable, SelectField, TextField } from '../parts/index.js';
import { ChosenRun } from '../printing/ChosenRun.js';
import { CertificateDetail } from './CertificateDetail.js';
import { LevelText } from './LevelText.js';
import { searchSchema, type Found } from './schemas.js';

const FIELDS = [
  ['number', 'text'],
  ['name', 'text'],
  ['assessment', 'text'],
  ['from', 'date'],
  ['until', 'date'],
] as const;
type Filter = Partial<Record<(typeof FIELDS)[number][0], string>> & { status?: Found['status'] };

/** Issued certificates: find, look at, hand out, suspend or revoke. */
export function CertificatesView({ id }: ViewProps) {
  const { tenant } = useStore(sessionState);
  const path = tenantPath(tenant);
  return id === undefined ? <Search path={path} /> : <CertificateDetail key={id} path={path} id={id} />;
}

function Search({ path }: { path: string }) {
  const { say } = useText();
  const [typed, setTyped] = useState<Filter>({});
  const [asked, setAsked] = useState<Filter>({});
  const prints = rolesNow(useStore(sessionState)).some((role) => role === 'clerk' || role === 'approver');
  /** Chosen ones stay chosen while others are searched for. */
  const [chosen, setChosen] = useState<ReadonlyMap<string, Found>>(new Map());
  const pages = usePages(
    async (after, signal) => {
      const query = new URLSearchParams(
        Object.entries({ ...asked, after }).flatMap(([name, value]) => (value ? [[name, value]] : [])),
      );
      const { certificates, next } = await call(`${path}/certificates?${query.toString()}`, searchSchema, { signal });
      return { rows: certificates, next };
    },
    [path, asked],
  );
  return (
    <section class="stack">
      <h1>{say('nav.certificates')}</h1>
      <form
        class="card search-form"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()])));
        }}
      >
        {FIELDS.map(([name, type]) => (
          <TextField
            key={name}
            label={say(`search.${name}`)}
            type={type}
            maxLength={60}
            value={typed[name] ?? ''}
            onInput={(value) => setTyped({ ...typed, [name]: value })}
          />
        ))}
        <SelectField
          label={say('search.status')}
          empty={say('search.any')}
          value={typed.status ?? ''}
          onChange={(status) => setTyped({ ...typed, status })}
          choices={(['active', 'suspended', 'revoked'] as const).map((value) => ({
            value,
            label: say(`status.${value}`),
          }))}
        />
        <div class="actions">
          <Button type="submit" kind="primary" icon="search" busy={pages.busy}>
            {say('search.submit')}
          </Button>
        </div>
        <p class="soft">{say('search.audited')}</p>
      </form>
      <Problem error={pages.error} />
      {prints && pages.rows.length > 0 && chosen.size === 0 && <p class="soft">{say('printing.choose-help')}</p>}
      {chosen.size > 0 && <ChosenRun path={path} chosen={[...chosen.values()]} onClear={() => setChosen(new Map())} />}
      <DataTable<Found>
        label={say('nav.certificates')}
        empty={say('search.none')}
        rows={pages.rows}
        rowKey={({ id }) => id}
        pages={pages}
        {...(prints && {
          selection: {
            chosen: new Set(chosen.keys()),
            onChange: (keys) => setChosen(chosenOf(keys, [...chosen.values(), ...pages.rows])),
            labelOf: ({ certificateNumber, holder }) => `${certificateNumber} ${holder.name}`,
          },
        })}
        columns={[
          {
            key: 'number',
            header: say('search.number'),
            isRowHeader: true,
            cell: ({ certificateNumber, revision }) => (
              <>
                <a class="whole" href={routeHref('certificates', certificateNumber)}>
                  {certificateNumber}
                </a>
                {revision > 1 && <span class="soft"> {say('certificate.revision', { revision })}</span>}
              </>
            ),
          },
          { key: 'name', header: say('people.name'), cell: ({ holder }) => <span class="keep">{holder.name}</span> },
          { key: 'document', header: say('ready.document'), cell: ({ holder }) => holder.idLastFour },
          {
            key: 'occupation',
            header: say('ready.occupation'),
            cell: ({ occupation, level }) => (
              <>
                {occupation?.name} {occupation?.trade} {level && <LevelText {...level} />}
              </>
            ),
          },
          {
            key: 'issued',
            header: say('certificate.issued'),
            cell: ({ issuedOn }) => <span class="whole">{issuedOn}</span>,
          },
          {
            key: 'status',
            header: say('search.status'),
            cell: ({ status }) => <span class="whole">{say(`status.${status}`)}</span>,
          },
        ]}
      />
    </section>
  );
}

function chosenOf(keys: ReadonlySet<string>, known: readonly Found[]): ReadonlyMap<string, Found> {
  return new Map(known.flatMap((one) => (keys.has(one.id) ? [[one.id, one]] : [])));
}
