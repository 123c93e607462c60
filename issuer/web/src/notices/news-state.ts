import { createStore } from '../../../../ui/app/store.js';
import { remember, remembered } from '../../../../ui/app/preferences.js';
import type { News } from './news-of.js';

/** What is to be known now; undefined until it was asked for. */
export const newsState = createStore<readonly News[] | undefined>(undefined);

/** When the newest came about of what this account has seen of a tenant, on this device. */
export function lastLook(account: string, tenant: string): string | undefined {
  return remembered(`console-look-${account}-${tenant}`);
}

/** What only happened has been seen and is news no more; by the clock of the service, whatever that of this device says. */
export function looked(account: string, tenant: string): void {
  const news = newsState.get() ?? [];
  const newest = news.find(({ isTask }) => !isTask);
  if (newest) remember(`console-look-${account}-${tenant}`, newest.at);
  newsState.set(news.filter(({ isTask }) => isTask));
}
