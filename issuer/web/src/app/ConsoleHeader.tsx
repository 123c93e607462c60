import { useEffect, useId, useState } from 'preact/hooks';
import { ShellHeader } from '../../../../ui/app/ShellHeader.js';
import { useStore } from '../../../../ui/app/store.js';
import { Button } from '../../../../ui/parts/index.js';
import { Problem } from '../api/Problem.js';
import { chooseTenant, signOut } from '../api/session.js';
import { serviceState } from '../api/service.js';
import { sessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import { knownInstitutions } from '../api/institutions.js';
import type { Institution } from '../api/schemas.js';
import { useText } from '../i18n/index.js';
import { Shortcuts } from '../shortcuts/Shortcuts.js';
import { routeHref } from './routes.js';
import { viewsFor } from './view-access.js';

/** Name of the console, whose work is shown, who is signed in. */
export function ConsoleHeader() {
  const { say } = useText();
  const session = useStore(sessionState);
  const { phase, signedIn, tenant } = session;
  const service = useStore(serviceState);
  const [institutions, setInstitutions] = useState<readonly Institution[]>([]);
  const id = useId();
  const leave = useAction(signOut);
  useEffect(() => {
    if (phase !== 'in' || !signedIn?.isComplete) return;
    let wanted = true;
    void knownInstitutions(signedIn).then((found) => {
      if (!wanted) return;
      setInstitutions(found);
      const [first] = found;
      if (sessionState.get().tenant === undefined && first) chooseTenant(first.code);
    });
    return () => void (wanted = false);
  }, [phase, signedIn?.account.id, signedIn?.isComplete]);
  return (
    <div>
      <ShellHeader
        brand={say('app.brand')}
        tagline={say(service === 'registry' ? 'registry.tagline' : 'app.tagline')}
        home={routeHref('work')}
      />
      {signedIn && phase !== 'out' && (
        <section class="console-bar" aria-label={say('console.bar')}>
          <div class="console-bar-inner">
            {institutions.length > 1 ? (
              <>
                <label class="visually-hidden" for={id}>
                  {say(service === 'registry' ? 'registry.tenant' : 'console.tenant')}
                </label>
                <select id={id} value={tenant} onChange={(event) => chooseTenant(event.currentTarget.value)}>
                  {institutions.map(({ code, name }) => (
                    <option key={code} value={code}>
                      {name}
                    </option>
                  ))}
                </select>
              </>
            ) : (
              <strong>{institutions[0]?.name}</strong>
            )}
            <span class="console-who">
              {signedIn.account.name}
              {signedIn.isComplete && <Shortcuts views={viewsFor(session)} />}
              <Button kind="link" busy={leave.busy} onClick={() => leave.run()}>
                {say('console.sign-out')}
              </Button>
            </span>
            <Problem error={leave.error} />
          </div>
        </section>
      )}
    </div>
  );
}
