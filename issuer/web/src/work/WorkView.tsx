import { useStore } from '../../../../ui/app/store.js';
import { Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { tenantPath } from '../api/service.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useCall } from '../api/use-call.js';
import { BatchTable } from '../batches/BatchTable.js';
import { batchesSchema, type Batch } from '../batches/schemas.js';
import { useText } from '../i18n/index.js';
import { NewsList } from '../notices/index.js';
import { OnePersonNotice } from '../second-person/OnePersonNotice.js';

const READERS = ['clerk', 'approver', 'officer', 'auditor'];

/** What waits for this person: batches to approve, sent back, stuck, or begun and not confirmed. */
export function WorkView() {
  const { say } = useText();
  const session = useStore(sessionState);
  const { tenant, signedIn } = session;
  const roles = rolesNow(session);
  const path = tenantPath(tenant);
  const reads = roles.some((role) => READERS.includes(role)) && tenant !== undefined;
  const known = useCall(
    (signal) => (reads ? call(`${path}/batches`, batchesSchema, { signal }) : Promise.resolve({ batches: [] })),
    [path, reads],
  );
  const own = ({ uploadedBy, confirmedBy }: Batch): boolean =>
    uploadedBy === signedIn?.account.id || confirmedBy === signedIn?.account.id;
  const batches = known.value?.batches ?? [];
  const approves = roles.includes('approver') || roles.includes('officer');
  const lists = [
    ['work.to-approve', approves ? batches.filter((one) => one.state === 'waiting-approval' && !own(one)) : []],
    ['work.sent-back', batches.filter((one) => one.state === 'checked' && own(one) && one.sentBack !== undefined)],
    ['work.stuck', batches.filter(({ trouble }) => trouble !== undefined)],
    ['work.to-confirm', batches.filter((one) => one.state === 'checked' && own(one) && one.sentBack === undefined)],
    ['work.waiting', batches.filter((one) => one.state === 'waiting-approval' && own(one))],
    ['work.running', batches.filter(({ state }) => state === 'running' || state === 'paused')],
  ] as const;
  const waiting = lists.filter(([, found]) => found.length > 0);
  return (
    <section class="stack">
      <h1>{say('work.hello', { name: signedIn?.account.name ?? '' })}</h1>
      <NewsList />
      {(reads || roles.includes('admin')) && tenant !== undefined && (
        <OnePersonNotice path={path} isAdmin={roles.includes('admin')} />
      )}
      <Problem error={known.error} />
      {known.value && waiting.length === 0 && <Notice kind="good">{say('work.nothing')}</Notice>}
      {waiting.map(([key, found]) => (
        <div key={key} class="stack">
          <h2>
            {say(key)} ({found.length})
          </h2>
          <BatchTable batches={found} path={path} label={say(key)} />
        </div>
      ))}
    </section>
  );
}
