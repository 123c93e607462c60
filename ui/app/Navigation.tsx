import { useEffect, useRef } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { Icon, type IconName } from '../parts/index.js';

/** One way to go. */
export interface NavigationItem {
  href: string;
  icon: IconName;
  label: string;
  current: boolean;
  /** How much is new there, with words for whoever does not see it. */
  note?: { count: number; label: string };
}

/** The views, at the bottom of a phone and at the top of a desktop. Where they do not fit beside each other they are moved sideways. */
export function Navigation({ items }: { items: readonly NavigationItem[] }) {
  const { say } = useText();
  const list = useRef<HTMLUListElement>(null);
  const here = items.find(({ current }) => current)?.href;
  useEffect(() => {
    const bar = list.current;
    const link = bar?.querySelector<HTMLElement>('[aria-current]');
    if (bar && link) bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
  }, [here]);
  return (
    <nav class="nav" aria-label={say('nav.label')}>
      <ul ref={list}>
        {items.map(({ href, icon, label, current, note }) => (
          <li key={href}>
            <a href={href} {...(current && { 'aria-current': 'page' as const })}>
              <Icon name={icon} />
              {label}
              {note && (
                <>
                  {' '}
                  <span class="nav-note" aria-hidden="true">
                    {note.count}
                  </span>
                  <span class="visually-hidden">{note.label}</span>
                </>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
