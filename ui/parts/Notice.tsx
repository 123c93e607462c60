import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.js';

const ICONS = { info: 'info', good: 'pass', care: 'warning', bad: 'warning' } as const satisfies Record<
  string,
  IconName
>;

/** A sentence that matters, with an icon and, where there is something to do, a button. */
export function Notice({
  kind = 'info',
  title,
  children,
  actions,
  live = false,
}: {
  kind?: keyof typeof ICONS;
  title?: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
  /** Appeared because of something just done: read it out. */
  live?: boolean;
}) {
  return (
    <div class={`notice notice-${kind}`} {...(live && { role: kind === 'bad' ? 'alert' : 'status' })}>
      <Icon name={ICONS[kind]} />
      <div class="notice-body">
        {title !== undefined && <p class="notice-title">{title}</p>}
        {children !== undefined && <div>{children}</div>}
        {actions !== undefined && <div class="actions">{actions}</div>}
      </div>
    </div>
  );
}
