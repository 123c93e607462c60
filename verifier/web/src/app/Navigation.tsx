import { useText } from '../i18n/index.js';
import { Icon, type IconName } from '../ui/index.js';
import { routeHref, VIEWS, type View } from './routes.js';

const ICONS: Record<View, IconName> = {
  verify: 'scan',
  roster: 'folder',
  receipt: 'receipt',
  history: 'history',
  settings: 'settings',
};

/** The views, at the bottom of a phone and at the top of a desktop. */
export function Navigation({ current }: { current: View }) {
  const { say } = useText();
  return (
    <nav class="nav" aria-label={say('nav.label')}>
      <ul>
        {VIEWS.map((view) => (
          <li key={view}>
            <a href={routeHref(view)} {...(view === current && { 'aria-current': 'page' as const })}>
              <Icon name={ICONS[view]} />
              {say(`nav.${view}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
