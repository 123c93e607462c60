import { useEffect } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { shortcutsState } from './preference.js';

/** What each key does, by the character it types. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Where a key is typed and not pressed. */
const TYPING = 'input:not([type="checkbox"], [type="radio"], [type="file"]), textarea, select, [contenteditable]';

/** Does what single keys stand for; never while somebody types, while a dialog is open, or with a modifier the browser may need. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const isOn = useStore(shortcutsState);
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(TYPING)) return;
      if (document.querySelector('dialog[open]')) return;
      const act = Object.hasOwn(shortcuts, event.key) ? shortcuts[event.key] : undefined;
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [isOn, shortcuts]);
}
