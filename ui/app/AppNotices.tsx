import { useEffect, useState } from 'preact/hooks';
import { timeText } from '../i18n/format.js';
import { useText } from '../i18n/index.js';
import { trustState } from '../trust/trust-state.js';
import { Button, Notice } from '../parts/index.js';
import { appState, takeNewVersion } from './app-update.js';
import { clockProblem } from './clock.js';
import { useStore } from './store.js';

const CLOCK_CHECK_MS = 60_000;
const OFFLINE_READY_MS = 8_000;

/** What the reader should know whatever he is doing: a wrong clock, a new version, ready for offline use. */
export function AppNotices() {
  const { say } = useText();
  const state = useStore(appState);
  const trust = useStore(trustState);
  const [hidden, setHidden] = useState<string>();
  const [, tick] = useState(0);
  const hide = (kind: string) => () => setHidden(kind);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), CLOCK_CHECK_MS);
    return () => clearInterval(timer);
  }, []);
  const offlineReady = state === 'just-kept' && trust.phase === 'ready';
  useEffect(() => {
    if (!offlineReady) return;
    const timer = setTimeout(hide('just-kept'), OFFLINE_READY_MS);
    return () => clearTimeout(timer);
  }, [offlineReady]);
  const clock = clockProblem(trust.phase === 'ready' ? trust.summary : undefined);
  return (
    <div class="shell-notices" aria-live="polite">
      {clock && <Notice kind="bad">{say(`clock.${clock}`, { device: timeText(new Date().toISOString()) })}</Notice>}
      {state === 'update-ready' && hidden !== 'update-ready' && (
        <Notice
          kind="care"
          actions={
            <>
              <Button icon="update" onClick={takeNewVersion}>
                {say('app.update-now')}
              </Button>
              <Button onClick={hide('update-ready')}>{say('app.later')}</Button>
            </>
          }
        >
          {say('app.update-ready')}
        </Notice>
      )}
      {offlineReady && hidden !== 'just-kept' && <Notice kind="good">{say('app.offline-ready')}</Notice>}
      {state === 'unsupported' && hidden !== 'unsupported' && (
        <Notice kind="care" actions={<Button onClick={hide('unsupported')}>{say('app.close')}</Button>}>
          {say('app.not-offline')}
        </Notice>
      )}
    </div>
  );
}
