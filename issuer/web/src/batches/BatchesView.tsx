import { useStore } from '../../../../ui/app/store.js';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { tenantPath } from '../api/service.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { BatchDetail } from './BatchDetail.js';
import { BatchTable } from './BatchTable.js';
import { batchesSchema } from './schemas.js';
import { Upload } from './Upload.js';
import { VoidSession } from './VoidSession.js';

/** Batches: upload a sheet, and every batch with how far it is. */
export function BatchesView({ id }: ViewProps) {
  const { say } = useText();
  const session = useStore(sessionState);
  const path = tenantPath(session.tenant);
  if (id !== undefined) return <BatchDetail key={id} path={path} id={id} />;
  const roles = rolesNow(session);
  return (
    <section class="stack">
      <h1>{say('nav.batches')}</h1>
      {roles.some((role) => role === 'clerk' || role === 'approver') && <Upload path={path} roles={roles} />}
      {roles.some((role) => role === 'approver' || role === 'officer') && <VoidSession path={path} />}
      <AllBatches path={path} />
    </section>
  );
}

function AllBatches({ path }: { path: string }) {
  const { say } = useText();
  const known = useCall((signal) => call(`${path}/batches`, batchesSchema, { signal }), [path]);
  return (
    <>
      <h2>{say('batches.all')}</h2>
      <Problem error={known.error} />
      {known.value && <BatchTable batches={known.value.batches} path={path} label={say('batches.all')} />}
    </>
  );
}
