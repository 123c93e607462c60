import { useEffect } from 'preact/hooks';
import { call } from '../api/call.js';
import { serviceState, tenantPath } from '../api/service.js';
import { rolesNow, type SessionState } from '../api/session-state.js';
import { batchesSchema } from '../batches/schemas.js';
import { lastLook, newsState } from './news-state.js';
import { newsOf } from './news-of.js';

const READERS = ['clerk', 'approver', 'officer', 'auditor'];
/** So often it is asked while somebody works, ms. */
const ASK_EVERY_MS = 60_000;
/** Whoever has touched nothing for so long is not asked for, so that an unattended session still ends by itself, ms. */
const AWAY_MS = 5 * 60_000;

/** Follows what happens to batches while somebody works at the page. What cannot be asked just now is asked again later. */
export function useNews(session: SessionState): void {
  const { phase, tenant, signedIn } = session;
  const id = signedIn?.account.id;
  const roles = rolesNow(session);
  const reads = phase === 'in' && signedIn?.isComplete === true && roles.some((role) => READERS.includes(role));
  useEffect(() => {
    newsState.set(undefined);
    if (!reads || tenant === undefined || id === undefined || serviceState.get() !== 'issuer') return;
    const gone = new AbortController();
    const { signal } = gone;
    let touched = Date.now();
    let asked = 0;
    const ask = (): void => {
      asked = Date.now();
      call(`${tenantPath(tenant)}/batches`, batchesSchema, { signal }).then(
        ({ batches }) => newsState.set(newsOf(batches, { id, roles, since: lastLook(id, tenant) })),
        () => undefined,
      );
    };
    const touch = (): void => void (touched = Date.now());
    const askIfPresent = (): void => {
      const now = Date.now();
      if (document.visibilityState === 'visible' && now - touched < AWAY_MS && now - asked >= ASK_EVERY_MS / 2) ask();
    };
    const move = (): void => {
      touch();
      askIfPresent();
    };
    const timer = setInterval(askIfPresent, ASK_EVERY_MS);
    for (const event of ['pointerdown', 'keydown'] as const) document.addEventListener(event, touch, { signal });
    document.addEventListener('visibilitychange', move, { signal });
    window.addEventListener('hashchange', move, { signal });
    ask();
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [reads, tenant, id, roles.join(' ')]);
}
