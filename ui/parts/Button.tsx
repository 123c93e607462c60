import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.js';

/** A button with words, and an icon beside them where it helps. */
export function Button({
  children,
  onClick,
  icon,
  kind = 'plain',
  type = 'button',
  busy = false,
  disabled = false,
}: {
  children: ComponentChildren;
  onClick?: () => void;
  icon?: IconName;
  /** `primary`: the one thing to do here; `danger`: cannot be undone. */
  kind?: 'plain' | 'primary' | 'danger' | 'link';
  type?: 'button' | 'submit';
  /** Something started by it is under way. */
  busy?: boolean;
  disabled?: boolean;
}) {
  return (
    <button
      type={type}
      class={`button button-${kind}`}
      onClick={onClick}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}
