import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { takeArrival } from './arrival.js';
import { AppNotices } from '../../../../ui/app/AppNotices.js';
import { LazyView } from '../../../../ui/app/LazyView.js';
import { Navigation } from '../../../../ui/app/Navigation.js';
import { VIEW_MODULES } from './view-modules.js';
import { NAVIGATION, parseRoute, routeHref, type View } from './routes.js';
import type { IconName } from '../../../../ui/parts/index.js';
import { ShellHeader } from '../../../../ui/app/ShellHeader.js';

const ICONS: Record<View, IconName> = {
  verify: 'scan',
  roster: 'folder',
  receipt: 'receipt',
  history: 'history',
  settings: 'settings',
  request: 'person',
};

/** The app: header, navigation, and the view the address names. */
export function App() {
  const { say, tag } = useText();
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useLayoutEffect(() => {
    const follow = (): void => {
      takeArrival();
      setRoute(parseRoute(location.hash));
    };
    window.addEventListener('hashchange', follow);
    follow();
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    document.documentElement.lang = tag;
    document.title = say('app.title', { view: say(`nav.${route.view}`) });
  }, [tag, route.view]);
  return (
    <div class="shell">
      <ShellHeader brand={say('app.brand')} tagline={say('app.tagline')} home={routeHref('verify')} />
      <div class="shell-body">
        <AppNotices />
        <main class="shell-main" id="content" tabIndex={-1}>
          <LazyView modules={VIEW_MODULES} {...route} />
          <footer class="shell-footer">
            <p>{say('app.privacy')}</p>
          </footer>
        </main>
      </div>
      <Navigation
        items={NAVIGATION.map((view) => ({
          href: routeHref(view),
          icon: ICONS[view],
          label: say(`nav.${view}`),
          current: view === (route.view === 'request' ? 'verify' : route.view),
        }))}
      />
    </div>
  );
}
