import { createTrustView, type TrustView } from './trust-view.js';
import type { RegistryEvent } from './types.js';

/**
 * What would be believed if an authority published one more event: for showing consequences before anything is done.
 * @param anchor the authority whose clock and ages stand for the view
 * @returns a new view; the same facts where the view holds no feed of the event's maker
 */
export function viewWithEvent(view: TrustView, anchor: string, event: RegistryEvent): TrustView {
  const contents = view.feeds.flatMap(({ authority }) => {
    const feed = view.feedOf(authority);
    if (!feed) return [];
    return [authority === event.authority ? { ...feed, events: [...feed.events, event] } : feed];
  });
  return createTrustView(contents, anchor);
}
