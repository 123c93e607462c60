import { useState } from 'preact/hooks';
import { timeText } from '../../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../../ui/parts/index.js';
import { call } from '../../api/call.js';
import { Problem } from '../../api/Problem.js';
import { useAction } from '../../api/use-action.js';
import { useCall } from '../../api/use-call.js';
import { useText } from '../../i18n/index.js';
import { DataTable } from '../../parts/index.js';
import { publicationSchema, updateSchema } from '../schemas.js';
import { useDesk } from '../use-desk.js';

const COUNTED = ['accreditation', 'recognition', 'event', 'review', 'supply-chain', 'statusLists'] as const;

/** What is published and what waits, how fresh it is, and until when verifiers accept it without a network. */
export function PublicationView() {
  const { say } = useText();
  const desk = useDesk();
  const { path, roles, names } = desk;
  const known = useCall((signal) => call(`${path}/publication`, publicationSchema, { signal }), [path]);
  const [done, setDone] = useState<{ sequence: number; problems: number }>();
  const publish = useAction(async () => {
    const { sequence, problems } = await call(`${path}/publish`, updateSchema, { method: 'POST' });
    setDone({ sequence, problems: problems.length });
    known.again();
  });
  const now = known.value;
  const state = !now
    ? undefined
    : now.sequence === 0 || now.staleAfter === undefined || now.nextUpdate === undefined
      ? 'never'
      : Date.parse(now.staleAfter) < Date.now()
        ? 'stale'
        : Date.parse(now.nextUpdate) < Date.now()
          ? 'late'
          : 'fresh';
  return (
    <section class="stack">
      <h1>{say('nav.publication')}</h1>
      <Problem error={desk.error ?? known.error ?? publish.error} />
      {done && (
        <Notice kind={done.problems === 0 ? 'good' : 'care'} live>
          {say(done.problems === 0 ? 'publication.done' : 'publication.done-problems', { ...done })}
        </Notice>
      )}
      {now && state && (
        <Notice kind={state === 'fresh' ? 'good' : state === 'stale' ? 'bad' : 'care'}>
          {say(`publication.${state}`, { at: timeText(now.issuedAt), until: timeText(now.staleAfter) })}
        </Notice>
      )}
      {now && (
        <div class="card">
          <dl class="facts">
            <div>
              <dt>{say('publication.sequence')}</dt>
              <dd>{now.sequence}</dd>
            </div>
            <div>
              <dt>{say('publication.issued')}</dt>
              <dd>{timeText(now.issuedAt)}</dd>
            </div>
            <div>
              <dt>{say('publication.next')}</dt>
              <dd>{timeText(now.nextUpdate)}</dd>
            </div>
            <div>
              <dt>{say('publication.offline')}</dt>
              <dd>{timeText(now.staleAfter)}</dd>
            </div>
            {COUNTED.map((kind) => (
              <div key={kind}>
                <dt>{say(`publication.count.${kind}`)}</dt>
                <dd>{now.published[kind] ?? 0}</dd>
              </div>
            ))}
          </dl>
          <p class="soft">{say('publication.offline-help')}</p>
        </div>
      )}
      {now && (
        <>
          <h2>{say('publication.waiting-title', { count: now.waiting.length })}</h2>
          <DataTable
            label={say('publication.waiting-title', { count: now.waiting.length })}
            columns={[
              {
                key: 'kind',
                header: say('batches.what'),
                isRowHeader: true,
                cell: ({ kind }) => say(`statement.${kind}` as 'statement.event'),
              },
              { key: 'about', header: say('fact.subject'), cell: ({ about }) => names.get(about) ?? about },
              { key: 'id', header: say('fact.statement'), cell: ({ id }) => <span class="mono">{id}</span> },
            ]}
            rows={now.waiting}
            rowKey={({ id }) => id}
            empty={say('publication.nothing-waits')}
          />
          {roles.some((role) => role === 'officer' || role === 'custodian') && (
            <div class="actions">
              <Button kind="primary" icon="upload" busy={publish.busy} onClick={() => publish.run()}>
                {say('publication.publish')}
              </Button>
            </div>
          )}
          <h2>{say('publication.partners')}</h2>
          <p class="soft">{say('publication.partners-help')}</p>
          <DataTable
            label={say('publication.partners')}
            columns={[
              { key: 'name', header: say('recognitions.subject'), isRowHeader: true, cell: ({ name }) => name },
              { key: 'asOf', header: say('publication.as-of'), cell: ({ asOf }) => timeText(asOf) },
              { key: 'stale', header: say('publication.offline'), cell: ({ staleAfter }) => timeText(staleAfter) },
              {
                key: 'problem',
                header: say('batches.state'),
                cell: ({ problem, sequence }) =>
                  problem === undefined
                    ? say(sequence === undefined ? 'publication.no-data' : 'publication.taken')
                    : say('publication.problem', { code: problem }),
              },
            ]}
            rows={now.partners}
            rowKey={({ did }) => did}
            empty={say('recognitions.none')}
          />
        </>
      )}
    </section>
  );
}
