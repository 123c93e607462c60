import { routeHref } from '../app/routes.js';
import { useStore } from '../../../../ui/app/store.js';
import { useText } from '../i18n/index.js';
import { historyChanges, retention } from './history.js';

/** Says that a verification is remembered on this device, for how long, and where to turn that off; nothing when it is off. */
export function HistoryNote() {
  const { say } = useText();
  useStore(historyChanges);
  const days = retention();
  if (days === 0) return null;
  return (
    <p class="soft no-print">
      {say('history.noted', { days })} <a href={routeHref('history')}>{say('history.change')}</a>
    </p>
  );
}
