import { useState } from 'preact/hooks';
import { z } from 'zod';
import { Button } from '../../../../../ui/parts/index.js';
import { call } from '../../api/call.js';
import { Problem } from '../../api/Problem.js';
import { useAction } from '../../api/use-action.js';
import { useCall } from '../../api/use-call.js';
import { routeHref } from '../../app/routes.js';
import { useText } from '../../i18n/index.js';
import { DataTable, SelectField, TextField, type Column } from '../../parts/index.js';
import { EventForm } from '../EventForm.js';
import { useWording, type Desk } from '../use-desk.js';
import { reviewsSchema, type ReviewRow } from './schemas.js';

const RESULTS = ['pass', 'concern', 'fail'] as const;

/** What cross-reviews found about institutions, and what an officer does because of it. A finding decides nothing by itself. */
export function Reviews({ desk }: { desk: Desk }) {
  const { say } = useText();
  const words = useWording(desk.names);
  const path = `${desk.path}/reviews`;
  const known = useCall((signal) => call(path, reviewsSchema, { signal }), [path]);
  const [about, setAbout] = useState<{ row: ReviewRow; event: 'suspend' | 'withdraw' }>();
  const [isAdding, setAdding] = useState(false);
  const isOfficer = desk.roles.includes('officer');
  const done = (): void => {
    setAbout(undefined);
    setAdding(false);
    known.again();
  };
  const columns: Column<ReviewRow>[] = [
    { key: 'about', header: say('institutions.name'), isRowHeader: true, cell: (row) => row.about.name },
    { key: 'criteria', header: say('fact.criteria'), cell: ({ review }) => review.criteria },
    { key: 'result', header: say('fact.result'), cell: ({ review }) => say(`review.${review.result}`) },
    {
      key: 'period',
      header: say('fact.period'),
      cell: ({ review }) => words.period(review.validFrom, review.validUntil),
    },
    {
      key: 'measures',
      header: say('review.measures'),
      cell: (row) => (
        <div class="actions">
          {row.measures.map(({ proposal, event }) =>
            proposal === undefined ? (
              <span key={event}>{say('review.done')}</span>
            ) : (
              <a key={proposal} href={routeHref('work', proposal)}>
                {say('review.proposal')}
              </a>
            ),
          )}
          {isOfficer && row.review.result !== 'pass' && row.measures.length === 0 && (
            <>
              <Button onClick={() => setAbout({ row, event: 'suspend' })}>{say('event.suspend')}</Button>
              <Button kind="danger" onClick={() => setAbout({ row, event: 'withdraw' })}>
                {say('event.withdraw')}
              </Button>
            </>
          )}
        </div>
      ),
    },
  ];
  return (
    <>
      <h2>{say('review.title')}</h2>
      <p class="soft">{say('review.help')}</p>
      <Problem error={known.error} />
      {about ? (
        <EventForm
          desk={desk}
          about={about.row.about}
          event={about.event}
          path={`${path}/${encodeURIComponent(about.row.review.id)}/measure`}
          onDone={done}
          onClose={() => setAbout(undefined)}
        />
      ) : (
        known.value && (
          <DataTable
            label={say('review.title')}
            columns={columns}
            rows={known.value.reviews}
            rowKey={({ review }) => review.id}
            empty={say('review.none')}
          />
        )
      )}
      {isOfficer &&
        !about &&
        (isAdding ? (
          <AddReview path={path} onDone={done} onClose={() => setAdding(false)} />
        ) : (
          <div class="actions">
            <Button onClick={() => setAdding(true)}>{say('review.add')}</Button>
          </div>
        ))}
    </>
  );
}

function AddReview({ path, onDone, onClose }: { path: string; onDone: () => void; onClose: () => void }) {
  const { say } = useText();
  const [draft, setDraft] = useState({ about: '', criteria: '', result: '' as (typeof RESULTS)[number] | '' });
  const add = useAction(async () => {
    const body = { about: draft.about.trim(), criteria: draft.criteria.trim(), result: draft.result };
    await call(path, z.object({ id: z.string() }), { method: 'POST', body });
    onDone();
  });
  return (
    <form
      class="card issue-form"
      onSubmit={(event) => {
        event.preventDefault();
        add.run();
      }}
    >
      <h3>{say('review.add')}</h3>
      <TextField
        label={say('accredit.did')}
        value={draft.about}
        onInput={(about) => setDraft({ ...draft, about })}
        maxLength={300}
        plain
        required
        markRequired
        isFocused
      />
      <TextField
        label={say('fact.criteria')}
        value={draft.criteria}
        onInput={(criteria) => setDraft({ ...draft, criteria })}
        maxLength={120}
        required
        markRequired
      />
      <SelectField
        label={say('fact.result')}
        value={draft.result}
        onChange={(result) => setDraft({ ...draft, result })}
        choices={RESULTS.map((value) => ({ value, label: say(`review.${value}`) }))}
        empty={say('change.choose')}
        required
        markRequired
      />
      <Problem error={add.error} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={add.busy}>
          {say('review.add')}
        </Button>
        <Button onClick={onClose}>{say('app.back')}</Button>
      </div>
    </form>
  );
}
