import { useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { tenantPath } from '../api/service.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { LayoutForm } from './LayoutForm.js';
import { NewRun } from './NewRun.js';
import { RunTable } from './RunTable.js';
import { layoutSchema, runsSchema } from './schemas.js';
import { SealCard } from './SealCard.js';

/** Paper: print runs, and what the institution chose about how its certificates look. */
export function PrintingView() {
  const { say } = useText();
  const session = useStore(sessionState);
  const path = tenantPath(session.tenant);
  const roles = rolesNow(session);
  const prints = roles.some((role) => role === 'clerk' || role === 'approver');
  const isAdmin = roles.includes('admin');
  const layout = useCall((signal) => call(`${path}/print-layout`, layoutSchema, { signal }), [path]);
  const [drawn, setDrawn] = useState(Date.now);
  const drawAgain = (): void => {
    setDrawn(Date.now());
    layout.again();
  };
  const runs = useCall((signal) => call(`${path}/print-runs`, runsSchema, { signal }), [path]);
  return (
    <section class="stack">
      <h1>{say('nav.printing')}</h1>
      {prints && <NewRun path={path} onMade={runs.again} />}
      <h2>{say('printing.runs')}</h2>
      <Problem error={runs.error} />
      {runs.value && <RunTable runs={runs.value.runs} path={path} canOpen={prints} />}
      <h2>{say('printing.layout')}</h2>
      <Problem error={layout.error} />
      {layout.value && (
        <>
          {isAdmin && (
            <>
              <LayoutForm path={path} known={layout.value} onSaved={drawAgain} />
              <SealCard path={path} hasSeal={layout.value.hasSeal} drawn={drawn} onChanged={drawAgain} />
            </>
          )}
          <img
            class="page-preview"
            src={`.${path}/print-layout/preview.png?drawn=${drawn}`}
            alt={say('printing.preview')}
          />
        </>
      )}
    </section>
  );
}
