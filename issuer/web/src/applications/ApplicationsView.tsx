import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { tenantPath } from '../api/service.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { ApplicationDetail } from './ApplicationDetail.js';
import { ApplicationList } from './ApplicationList.js';
import { NewApplication } from './NewApplication.js';

/** Applications with exemptions: the list, a new one, or one with what its certificates spare. */
export function ApplicationsView({ id }: ViewProps) {
  const session = useStore(sessionState);
  const path = tenantPath(session.tenant);
  const mayWrite = rolesNow(session).some((role) => role === 'clerk' || role === 'approver');
  if (id === 'new' && mayWrite) return <NewApplication path={path} />;
  if (id !== undefined) return <ApplicationDetail key={id} path={path} id={id} mayWrite={mayWrite} />;
  return <ApplicationList path={path} mayWrite={mayWrite} />;
}
