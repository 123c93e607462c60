import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { tenantPath } from '../api/service.js';
import { hostRoles, rolesNow, sessionState } from '../api/session-state.js';
import { BoardView } from './BoardView.js';
import { CellView } from './CellView.js';
import { OverviewView } from './OverviewView.js';
import { RulesView } from './RulesView.js';

const READERS: readonly string[] = ['supervisor', 'officer', 'auditor'];
const CELL = /^([0-9a-f]{32})\.(\d{4}-\d{2})$/;

/** Over-issuance supervision: all institutions of the host, one institution, one number of its board. */
export function SupervisionView({ id }: ViewProps) {
  const session = useStore(sessionState);
  const { tenant } = session;
  const host = hostRoles(session);
  const reads = rolesNow(session).some((role) => READERS.includes(role));
  if (host.includes('admin') && (id === 'rules' || !reads)) return <RulesView />;
  const path = `${tenantPath(tenant)}/supervision`;
  const [, series, month] = CELL.exec(id ?? '') ?? [];
  if (series !== undefined && month !== undefined)
    return <CellView key={id} path={`${path}/lines/${series}/${month}`} month={month} />;
  const isHost = host.some((role) => READERS.includes(role));
  return isHost && id !== 'board' ? <OverviewView /> : <BoardView path={path} isHost={isHost} />;
}
