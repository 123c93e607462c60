import { useMemo, useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { navigate, type View } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { ShortcutHelp } from './ShortcutHelp.js';
import { useShortcuts } from './use-shortcuts.js';

/** The keys of the console, and the button that says which there are. */
export function Shortcuts({ views }: { views: readonly View[] }) {
  const { say } = useText();
  const [isOpen, setOpen] = useState(false);
  const shortcuts = useMemo(
    () => ({
      '?': () => setOpen(true),
      '/': focusSearch,
      ...(views.includes('issue') && { n: () => navigate('issue') }),
      ...Object.fromEntries(views.slice(0, 9).map((view, at) => [String(at + 1), () => navigate(view)])),
    }),
    [views.join(' ')],
  );
  useShortcuts(shortcuts);
  return (
    <>
      <Button kind="link" onClick={() => setOpen(true)}>
        {say('shortcuts.title')}
      </Button>
      {isOpen && <ShortcutHelp views={views} onClose={() => setOpen(false)} />}
    </>
  );
}

/** The first field of the page that looks for something; where there is none, the certificates are searched. */
function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('main [type="search"], main [role="search"] input');
  if (field) field.focus();
  else navigate('certificates');
}
