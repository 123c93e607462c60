import { useStore } from '../../../../ui/app/store.js';
import { routeHref, type View } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { CheckField, Dialog } from '../parts/index.js';
import { shortcutsState, switchShortcuts } from './preference.js';

/** Which keys there are, and the switch that turns them off. */
export function ShortcutHelp({ views, onClose }: { views: readonly View[]; onClose: () => void }) {
  const { say } = useText();
  const isOn = useStore(shortcutsState);
  const keys = [
    ['?', say('shortcuts.help')],
    ['/', say('shortcuts.search')],
    ...(views.includes('issue') ? [['n', say('shortcuts.new')] as const] : []),
    ...views.slice(0, 9).map(
      (view, at) =>
        [
          String(at + 1),
          <a href={routeHref(view)} onClick={onClose}>
            {say(`nav.${view}`)}
          </a>,
        ] as const,
    ),
    ['↑ ↓ Home End', say('shortcuts.rows')],
  ] as const;
  return (
    <Dialog title={say('shortcuts.title')} onClose={onClose}>
      <dl class="rows">
        {keys.map(([key, does]) => (
          <div key={key} class="shortcut">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <CheckField
        label={say('shortcuts.on')}
        help={say('shortcuts.on-help')}
        checked={isOn}
        onChange={switchShortcuts}
      />
    </Dialog>
  );
}
