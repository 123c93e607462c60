import { useState } from 'preact/hooks';
import type { ViewProps } from '../../../../../ui/app/LazyView.js';
import { Button } from '../../../../../ui/parts/index.js';
import { call } from '../../api/call.js';
import { Problem } from '../../api/Problem.js';
import { useCall } from '../../api/use-call.js';
import { navigate, routeHref } from '../../app/routes.js';
import { useText } from '../../i18n/index.js';
import { DataTable, type Column } from '../../parts/index.js';
import { lastDay } from '../../parts/china-time.js';
import { EventForm } from '../EventForm.js';
import { KeptCard } from '../KeptCard.js';
import { keptListSchema, type Kept } from '../schemas.js';
import { useDesk, useWording, type Desk } from '../use-desk.js';
import { DenyForm } from './DenyForm.js';
import { RecogniseForm } from './RecogniseForm.js';

/** Whom an authority recognises, whom it denies; one of them; a new one. */
export function RecognitionsView({ id }: ViewProps) {
  const { say } = useText();
  const desk = useDesk();
  if (id === undefined) return <List desk={desk} />;
  return (
    <section class="stack">
      <p>
        <a href={routeHref('recognitions')}>{say('recognitions.back')}</a>
      </p>
      {id === 'new' ? (
        <>
          <h1>{say('recognise.title')}</h1>
          {desk.authority && <RecogniseForm desk={desk} onDone={() => navigate('recognitions')} />}
        </>
      ) : id === 'deny' ? (
        <>
          <h1>{say('event.deny')}</h1>
          <DenyForm desk={desk} />
        </>
      ) : (
        <Detail desk={desk} id={id} />
      )}
    </section>
  );
}

/** The end of a statement's id, which is what stands in addresses. */
function shortId(id: string): string {
  return id.slice('urn:yizheng:recognition:'.length);
}

function useRecognitions(path: string) {
  return useCall(
    async (signal) => {
      const [recognitions, events] = await Promise.all(
        ['recognition', 'event'].map((kind) =>
          call(`${path}/statements?kind=${kind}&limit=500`, keptListSchema, { signal }),
        ),
      );
      const all = [...(recognitions?.statements ?? []), ...(events?.statements ?? [])];
      return all.filter(({ statement }) => statement.kind === 'recognition' || isDenial(statement));
    },
    [path],
  );
}

function isDenial(statement: Kept['statement']): boolean {
  return statement.kind === 'event' && statement.row.event === 'deny';
}

function List({ desk }: { desk: Desk }) {
  const { say } = useText();
  const words = useWording(desk.names);
  const known = useRecognitions(desk.path);
  const rows = known.value ?? [];
  const columns: Column<Kept>[] = [
    {
      key: 'subject',
      header: say('recognitions.subject'),
      isRowHeader: true,
      cell: ({ id, subject, statement }) =>
        statement.kind === 'recognition' ? (
          <a href={routeHref('recognitions', shortId(id))}>{subject.name}</a>
        ) : (
          words.name(subject.id)
        ),
    },
    {
      key: 'treatment',
      header: say('fact.treatment'),
      cell: ({ statement }) =>
        statement.kind === 'recognition'
          ? [...new Set(statement.row.actions.flatMap(({ treatment = [] }) => treatment))]
              .map((item) => words.say(`treatment.${item}`))
              .join(say('list.and'))
          : say('event.deny'),
    },
    {
      key: 'memorandum',
      header: say('fact.memorandum'),
      cell: ({ statement }) => (statement.kind === 'recognition' ? (statement.row.memorandum?.name ?? '—') : '—'),
    },
    { key: 'until', header: say('institutions.until'), cell: ({ ends }) => lastDay(ends) || say('institutions.open') },
    {
      key: 'state',
      header: say('batches.state'),
      cell: ({ state, isPublished }) => (
        <>
          {words.say(`state.${state}`)}
          {!isPublished && <span class="soft"> · {say('publication.waiting')}</span>}
        </>
      ),
    },
  ];
  return (
    <section class="stack">
      <h1>{say('nav.recognitions')}</h1>
      {desk.roles.includes('officer') && (
        <div class="actions">
          <a class="button button-primary" href={routeHref('recognitions', 'new')}>
            {say('recognise.title')}
          </a>
          <a class="button button-plain" href={routeHref('recognitions', 'deny')}>
            {say('event.deny')}
          </a>
        </div>
      )}
      <Problem error={desk.error ?? known.error} />
      {known.value && (
        <DataTable
          label={say('nav.recognitions')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          empty={say('recognitions.none')}
        />
      )}
    </section>
  );
}

function Detail({ desk, id }: { desk: Desk; id: string }) {
  const { say } = useText();
  const words = useWording(desk.names);
  const known = useRecognitions(desk.path);
  const [doing, setDoing] = useState<'change' | 'revoke'>();
  const kept = known.value?.find((row) => shortId(row.id) === id);
  const done = (): void => {
    setDoing(undefined);
    known.again();
  };
  if (kept?.statement.kind !== 'recognition')
    return known.value ? <p>{say('problem.NOT_FOUND')}</p> : <Problem error={known.error} />;
  const { row } = kept.statement;
  const mayChange = desk.roles.includes('officer') && kept.state !== 'ended' && kept.replacedBy === undefined;
  return (
    <>
      <h1>{kept.subject.name}</h1>
      {doing === 'change' && desk.authority ? (
        <>
          <h2>{say('recognise.change')}</h2>
          <RecogniseForm desk={desk} replaces={row} onDone={done} />
          <div class="actions">
            <Button onClick={() => setDoing(undefined)}>{say('app.back')}</Button>
          </div>
        </>
      ) : doing === 'revoke' ? (
        <EventForm
          desk={desk}
          about={kept.subject}
          event="statement-revoked"
          statement={kept.id}
          onDone={done}
          onClose={() => setDoing(undefined)}
        />
      ) : (
        <KeptCard kept={kept} words={words}>
          {mayChange && (
            <div class="actions">
              <Button onClick={() => setDoing('change')}>{say('recognise.change')}</Button>
              <Button kind="danger" onClick={() => setDoing('revoke')}>
                {say('event.statement-revoked')}
              </Button>
            </div>
          )}
        </KeptCard>
      )}
    </>
  );
}
