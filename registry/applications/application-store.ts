import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { DAY } from '../../shared/trust/time.js';
import { PROPOSAL_DAYS } from '../periods.js';
import type { Application, ApplicationContent, ApplicationState } from './application.js';

/** Row of `registry_applications`, with what became of its proposal. */
export interface ApplicationRow {
  id: string;
  institution: string;
  content: string;
  state: ApplicationState;
  revision: number;
  handed_in_by: string;
  handed_in_at: string;
  decided_by: string | null;
  decided_at: string | null;
  reason: string | null;
  proposal: string | null;
  accreditation: string | null;
}

interface JoinedRow extends ApplicationRow {
  proposal_state: string | null;
  proposed_at: string | null;
  proposal_reason: string | null;
  proposal_decided_by: string | null;
  proposal_decided_at: string | null;
  proposal_result: string | null;
}

/** Applications of an authority as they stand now. */
export async function readApplications(
  knex: Knex,
  slug: string,
  where: Partial<ApplicationRow>,
  now: Date,
): Promise<Application[]> {
  const rows = await knex<ApplicationRow>('registry_applications as application')
    .leftJoin('registry_proposals as proposal', (join) => {
      join.on('proposal.slug', 'application.slug').andOn('proposal.id', 'application.proposal');
    })
    .where('application.slug', slug)
    .where(Object.fromEntries(Object.entries(where).map(([name, value]) => [`application.${name}`, value])))
    .orderBy(['application.handed_in_at', 'application.id'])
    .select<JoinedRow[]>(
      'application.*',
      'proposal.state as proposal_state',
      'proposal.proposed_at as proposed_at',
      'proposal.reason as proposal_reason',
      'proposal.decided_by as proposal_decided_by',
      'proposal.decided_at as proposal_decided_at',
      'proposal.result as proposal_result',
    );
  return rows.map((row) => shown(row, now));
}

/** One of them. @throws YizhengError `NOT_FOUND` (404) */
export async function readApplication(knex: Knex, slug: string, id: string, now: Date): Promise<Application> {
  const [found] = await readApplications(knex, slug, { id }, now);
  if (!found) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
  return found;
}

function shown(row: JoinedRow, now: Date): Application {
  const { institution, legalName, ...content } = JSON.parse(row.content) as ApplicationContent;
  const decided = decisionOf(row, now);
  return {
    id: row.id,
    institution: { id: institution, name: legalName },
    ...content,
    revision: row.revision,
    handedInBy: row.handed_in_by,
    handedInAt: row.handed_in_at,
    ...(row.proposal !== null && { proposal: row.proposal }),
    ...decided,
  };
}

/** What became of it, where its proposal was decided by what became of that. */
function decisionOf(
  row: JoinedRow,
  now: Date,
): Pick<Application, 'state' | 'decidedBy' | 'decidedAt' | 'reason' | 'accreditation'> {
  const text = (values: Record<string, string | null>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Record<string, string>;
  const { proposal_state: proposal, proposed_at } = row;
  if (row.state !== 'proposed' || proposal === null)
    return {
      state: row.state,
      ...text({
        decidedBy: row.decided_by,
        decidedAt: row.decided_at,
        reason: row.reason,
        accreditation: row.accreditation,
      }),
    };
  const isOver = now.getTime() - Date.parse(proposed_at ?? '') > PROPOSAL_DAYS * DAY;
  if (proposal === 'open' && !isOver)
    return { state: 'proposed', ...text({ decidedBy: row.decided_by, decidedAt: row.decided_at }) };
  const decided = text({
    decidedBy: row.proposal_decided_by,
    decidedAt: row.proposal_decided_at,
    reason: row.proposal_reason,
  });
  if (proposal !== 'approved') return { state: 'submitted', ...decided };
  const { id } = JSON.parse(row.proposal_result ?? '{}') as { id?: string };
  return { state: 'accredited', ...decided, ...(id !== undefined && { accreditation: id }) };
}
