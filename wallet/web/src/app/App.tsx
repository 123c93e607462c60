import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { AppNotices } from '../../../../ui/app/AppNotices.js';
import { LazyView } from '../../../../ui/app/LazyView.js';
import { Navigation } from '../../../../ui/app/Navigation.js';
import { ShellHeader } from '../../../../ui/app/ShellHeader.js';
import { useStore } from '../../../../ui/app/store.js';
import type { IconName } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import { DamagedWallet } from '../start/DamagedWallet.js';
import { FirstStart } from '../start/FirstStart.js';
import { NoStorage } from '../start/NoStorage.js';
import { Unlock } from '../start/Unlock.js';
import { takeArrival } from './arrival.js';
import { MAIN_VIEWS, parseRoute, routeHref, type View } from './routes.js';
import { VIEW_MODULES } from './view-modules.js';
import { walletState } from './wallet.js';

const ICONS: Record<(typeof MAIN_VIEWS)[number], IconName> = {
  certificates: 'folder',
  receive: 'scan',
  history: 'history',
  backup: 'download',
  settings: 'settings',
};

/** Under which entry of the navigation the other views stand. */
const BELOW: Partial<Record<View, View>> = {
  certificate: 'certificates',
  show: 'certificates',
  paper: 'certificates',
  link: 'certificates',
  worth: 'certificates',
  share: 'receive',
};

/** The wallet: what its phase calls for, and once it is open the view the address names. */
export function App() {
  const { say, tag } = useText();
  const state = useStore(walletState);
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const [visit, setVisit] = useState(0);
  useLayoutEffect(() => {
    const follow = (): void => {
      takeArrival();
      setRoute(parseRoute(location.hash));
    };
    // A link to where one is already changes no address, but is meant as "from the beginning".
    const again = ({ target }: MouseEvent): void => {
      const link = target instanceof Element ? target.closest('a') : null;
      if (link?.getAttribute('href') === location.hash) setVisit((n) => n + 1);
    };
    window.addEventListener('hashchange', follow);
    document.addEventListener('click', again);
    follow();
    return () => {
      window.removeEventListener('hashchange', follow);
      document.removeEventListener('click', again);
    };
  }, []);
  const open = state.phase === 'open';
  useEffect(() => {
    document.documentElement.lang = tag;
    document.title = say('app.title', { view: say(open ? `nav.${route.view}` : 'app.tagline') });
    window.scrollTo(0, 0);
  }, [tag, route.view, route.id, open]);
  return (
    <div class="shell" data-phase={state.phase}>
      <ShellHeader brand={say('app.brand')} tagline={say('app.tagline')} home={routeHref('certificates')} />
      <div class="shell-body">
        <AppNotices />
        <main class="shell-main" id="content" tabIndex={-1}>
          {state.phase === 'starting' && <p class="soft">{say('app.loading')}</p>}
          {state.phase === 'unavailable' && <NoStorage code={state.code} />}
          {state.phase === 'damaged' && <DamagedWallet />}
          {state.phase === 'new' && <FirstStart />}
          {state.phase === 'locked' && <Unlock />}
          {open && <LazyView key={`${route.view}/${route.id ?? ''}/${visit}`} modules={VIEW_MODULES} {...route} />}
          <footer class="shell-footer no-print">
            <p>{say('app.privacy')}</p>
          </footer>
        </main>
      </div>
      {open && (
        <Navigation
          items={MAIN_VIEWS.map((view) => ({
            href: routeHref(view),
            icon: ICONS[view],
            label: say(`nav.${view}`),
            current: (BELOW[route.view] ?? route.view) === view,
          }))}
        />
      )}
    </div>
  );
}
