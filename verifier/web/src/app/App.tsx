import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { takeArrival } from './arrival.js';
import { AppNotices } from './AppNotices.js';
import { LazyView } from './LazyView.js';
import { Navigation } from './Navigation.js';
import { parseRoute } from './routes.js';
import { ShellHeader } from './ShellHeader.js';

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
      <ShellHeader />
      <div class="shell-body">
        <AppNotices />
        <main class="shell-main" id="content" tabIndex={-1}>
          <LazyView {...route} />
          <footer class="shell-footer">
            <p>{say('app.privacy')}</p>
          </footer>
        </main>
      </div>
      <Navigation current={route.view} />
    </div>
  );
}
