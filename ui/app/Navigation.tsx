import { useText } from '../i18n/index.js';
import { Icon, type IconName } from '../parts/index.js';

/** One way to go. */
export interface NavigationItem {
  href: string;
  icon: IconName;
  label: string;
  current: boolean;
}

/** The views, at the bottom of a phone and at the top of a desktop. */
export function Navigation({ items }: { items: readonly NavigationItem[] }) {
  const { say } = useText();
  return (
    <nav class="nav" aria-label={say('nav.label')}>
      <ul>
        {items.map(({ href, icon, label, current }) => (
          <li key={href}>
            <a href={href} {...(current && { 'aria-current': 'page' as const })}>
              <Icon name={icon} />
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
