import { useEffect, useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { parseRoute } from './routes.js';
import { LazyView } from './LazyView.js';

/** The app: header, navigation, and the view the address names. */
export function App() {
  const { say } = useText();
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(parseRoute(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return (
    <main>
      <h1>{say('app.brand')}</h1>
      <LazyView {...route} />
    </main>
  );
}
