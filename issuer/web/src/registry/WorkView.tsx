import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { sessionState } from '../api/session-state.js';
import { useCall } from '../api/use-call.js';
import { useNames } from '../api/use-names.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { DataTable, type Column } from '../parts/index.js';
import { ProposalDetail } from './ProposalDetail.js';
import { proposalsSchema, type Proposal } from './schemas.js';
import { useDesk, type Desk } from './use-desk.js';

/** Roles that may decide proposals of each kind, as the service has them. */
const DECIDERS = ['approver', 'officer', 'custodian', 'admin'];
const READERS = [...DECIDERS, 'auditor'];

/** What waits for this person at an authority: proposals of others to decide, one's own, and what was decided lately. */
export function WorkView({ id }: ViewProps) {
  const desk = useDesk();
  if (id !== undefined) return <ProposalDetail key={id} desk={desk} id={id} />;
  return <Waiting desk={desk} />;
}

const LATELY = 20;

function Waiting({ desk }: { desk: Desk }) {
  const { say } = useText();
  const { signedIn } = useStore(sessionState);
  const { path, roles, own } = desk;
  const reads = roles.some((role) => READERS.includes(role));
  const known = useCall(
    async (signal) => (reads ? (await call(`${path}/proposals`, proposalsSchema, { signal })).proposals : []),
    [path, reads],
  );
  const all = known.value ?? [];
  const decides = roles.some((role) => DECIDERS.includes(role));
  const open = all.filter(({ state }) => state === 'open');
  const lists = [
    ['officer.to-decide', decides ? open.filter(({ proposedBy }) => proposedBy !== own) : []],
    ['officer.own-waiting', open.filter(({ proposedBy }) => proposedBy === own || !decides)],
    ['officer.decided', all.filter(({ state }) => state !== 'open').slice(-LATELY).reverse()], // prettier-ignore
  ] as const;
  return (
    <section class="stack">
      <h1>{say('work.hello', { name: signedIn?.account.name ?? '' })}</h1>
      <Problem error={desk.error ?? known.error} />
      {known.value && open.length === 0 && <Notice kind="good">{say('work.nothing')}</Notice>}
      {lists
        .filter(([, rows]) => rows.length > 0)
        .map(([key, rows]) => (
          <div key={key} class="stack">
            <h2>
              {say(key)} ({rows.length})
            </h2>
            <ProposalTable path={path} rows={rows} label={say(key)} />
          </div>
        ))}
    </section>
  );
}

function ProposalTable({ path, rows, label }: { path: string; rows: readonly Proposal[]; label: string }) {
  const { say } = useText();
  const nameOf = useNames(
    path,
    rows.map(({ proposedBy }) => proposedBy),
  );
  const columns: Column<Proposal>[] = [
    {
      key: 'what',
      header: say('batches.what'),
      isRowHeader: true,
      cell: (row) => (
        <>
          <a href={routeHref('work', row.id)}>{say(proposalTitle(row))}</a>
          {row.urgentReason !== undefined && <strong> · {say('officer.urgent')}</strong>}
        </>
      ),
    },
    { key: 'about', header: say('fact.subject'), cell: subjectOf },
    { key: 'who', header: say('officer.proposed-by'), cell: (row) => nameOf(row.proposedBy) },
    { key: 'when', header: say('batches.when'), cell: (row) => timeText(row.proposedAt) },
    { key: 'state', header: say('batches.state'), cell: (row) => say(`proposal.${row.state}`) },
  ];
  return <DataTable label={label} columns={columns} rows={rows} rowKey={({ id }) => id} />;
}

/** What a proposal is about, in two or three words. */
export function proposalTitle({ operation, input }: Proposal) {
  if (operation === 'event') {
    const { event } = input;
    if (event === 'suspend' || event === 'withdraw' || event === 'deny') return `event.${event}` as const;
    if (event === 'key-revoked' || event === 'statement-revoked') return `event.${event}` as const;
  }
  if (operation === 'accredit' && Array.isArray(input['supersedes'])) return 'operation.change-accreditation' as const;
  if (operation === 'recognise' && Array.isArray(input['supersedes'])) return 'operation.change-recognition' as const;
  return `operation.${operation}` as const;
}

function subjectOf({ input }: Proposal): string {
  for (const name of ['legalName', 'about', 'id', 'statement']) {
    const text = input[name];
    if (typeof text === 'string') return text;
  }
  return '';
}
