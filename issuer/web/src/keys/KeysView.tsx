import { useStore } from '../../../../ui/app/store.js';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { tenantPath } from '../api/service.js';
import { sessionState } from '../api/session-state.js';
import { CeremonyDetail } from './CeremonyDetail.js';
import { CompromisePage } from './CompromisePage.js';
import { KeyOverview } from './KeyOverview.js';

const COMPROMISE = 'compromise.';

/** Address of the page about a key that may be in other hands. */
export function compromiseRoute(name: string): string {
  return `${COMPROMISE}${name}`;
}

/** Keys of the institution: what they are, what two custodians do to them, what a loss would mean. */
export function KeysView({ id }: ViewProps) {
  const { tenant } = useStore(sessionState);
  const path = tenantPath(tenant);
  if (id === undefined) return <KeyOverview path={path} />;
  if (id.startsWith(COMPROMISE)) return <CompromisePage key={id} path={path} name={id.slice(COMPROMISE.length)} />;
  return <CeremonyDetail key={id} path={path} id={id} />;
}
