import { useEffect } from 'preact/hooks';
import { call } from '../api/call.js';
import { isPresent } from '../api/presence.js';
import { serviceState, tenantPath } from '../api/service.js';
import { rolesNow, type SessionState } from '../api/session-state.js';
import { batchesSchema } from '../batches/schemas.js';
import { lastLook, newsState } from './news-state.js';
import { newsOf } from './news-of.js';

const READERS = ['clerk', 'approver', 'officer', 'auditor'];
/** So often it is asked while somebody works, ms. */
const ASK_EVERY_MS = 60_000;

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
    let asked = 0;
    const ask = (): void => {
      asked = Date.now();
      call(`${tenantPath(tenant)}/batches`, batchesSchema, { signal }).then(
        ({ batches }) => newsState.set(newsOf(batches, { id, roles, since: lastLook(id, tenant) })),
        () => undefined,
      );
    };
    const askIfPresent = (): void => {
      if (isPresent() && Date.now() - asked >= ASK_EVERY_MS / 2) ask();
    };
    const timer = setInterval(askIfPresent, ASK_EVERY_MS);
    document.addEventListener('visibilitychange', askIfPresent, { signal });
    window.addEventListener('hashchange', askIfPresent, { signal });
    ask();
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [reads, tenant, id, roles.join(' ')]);
}
