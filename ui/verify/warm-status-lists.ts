import { verifyStatusListOnce } from '../../shared/status/remembered-status-lists.js';
import type { TrustView } from '../../shared/trust/trust-view.js';

/** Lists verified before somebody asks: those of a few institutions; the others are when they are first needed. */
const MOST = 8;

/** Begins to verify the first status lists of the trust data held, so that the first certificate need not wait for that. */
export function warmStatusLists(view: TrustView, now: string): void {
  const lists = view.feeds.flatMap(({ authority }) =>
    (view.feedOf(authority)?.statusLists ?? []).map(({ credential }) => ({
      keyOf: view.keysOf(authority),
      credential,
    })),
  );
  for (const { keyOf, credential } of lists.slice(0, MOST))
    // Why a list is refused is said when a certificate asks for it.
    verifyStatusListOnce(credential, { keyOf, now }).catch(() => undefined);
}
