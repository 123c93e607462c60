import { useState } from 'preact/hooks';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { usePages } from '../api/use-pages.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { DataTable, SelectField, TextField } from '../parts/index.js';
import { applicationsSchema, STATES } from './schemas.js';
import { qualificationText } from './wanted-text.js';

/** Applications, newest first, by name or state. */
export function ApplicationList({ path, mayWrite }: { path: string; mayWrite: boolean }) {
  const { say, sentences } = useText();
  const [typed, setTyped] = useState<{ name: string; state: (typeof STATES)[number] | '' }>({ name: '', state: '' });
  const [asked, setAsked] = useState(typed);
  const pages = usePages(
    async (after, signal) => {
      const query = new URLSearchParams(
        Object.entries({ ...asked, after }).flatMap(([name, value]) => (value ? [[name, value]] : [])),
      );
      const { applications, next } = await call(`${path}/applications?${query.toString()}`, applicationsSchema, {
        signal,
      });
      return { rows: applications, next };
    },
    [path, asked],
  );
  return (
    <section class="stack">
      <h1>{say('nav.exemptions')}</h1>
      <p class="soft">{say('exempt.help')}</p>
      {mayWrite && (
        <p>
          <a class="button button-primary" href={routeHref('exemptions', 'new')}>
            {say('exempt.new')}
          </a>
        </p>
      )}
      <form
        class="card search-form"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked({ ...typed, name: typed.name.trim() });
        }}
      >
        <TextField
          label={say('exempt.search-name')}
          value={typed.name}
          maxLength={60}
          onInput={(name) => setTyped({ ...typed, name })}
        />
        <SelectField
          label={say('exempt.search-state')}
          value={typed.state}
          empty={say('exempt.any')}
          choices={STATES.map((value) => ({ value, label: say(`exempt.state.${value}`) }))}
          onChange={(state) => setTyped({ ...typed, state })}
        />
        <div class="actions">
          <Button type="submit" icon="search" busy={pages.busy}>
            {say('exempt.search')}
          </Button>
        </div>
        <p class="soft">{say('search.audited')}</p>
      </form>
      <Problem error={pages.error} />
      <DataTable
        label={say('exempt.list')}
        rows={pages.rows}
        rowKey={({ id }) => id}
        pages={pages}
        empty={say('exempt.none')}
        columns={[
          {
            key: 'who',
            header: say('exempt.who'),
            isRowHeader: true,
            cell: ({ id, name, idLastFour }) => (
              <>
                <a href={routeHref('exemptions', id)}>{name}</a> <span class="soft">{idLastFour}</span>
              </>
            ),
          },
          {
            key: 'wanted',
            header: say('exempt.wanted'),
            cell: ({ wanted }) => qualificationText(wanted, sentences),
          },
          { key: 'state', header: say('exempt.state'), cell: ({ state }) => say(`exempt.state.${state}`) },
          { key: 'when', header: say('exempt.when'), cell: ({ createdAt }) => timeText(createdAt) },
        ]}
      />
    </section>
  );
}
