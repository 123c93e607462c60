import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { LazyView } from '../../../../ui/app/LazyView.js';
import { Navigation } from '../../../../ui/app/Navigation.js';
import { useStore } from '../../../../ui/app/store.js';
import { Button, Notice, type IconName } from '../../../../ui/parts/index.js';
import { loadSession, refreshRoles } from '../api/session.js';
import { refusalsState, sessionState } from '../api/session-state.js';
import { useText } from '../i18n/index.js';
import { AcceptInvitation } from '../sign-in/AcceptInvitation.js';
import { invitationToken } from '../sign-in/invitation-token.js';
import { forgetReturn, returnedFromProvider } from '../sign-in/provider-return.js';
import { ProviderReturn } from '../sign-in/ProviderReturn.js';
import { SecondFactor } from '../sign-in/SecondFactor.js';
import { SignIn } from '../sign-in/SignIn.js';
import { SignInAgain } from '../sign-in/SignInAgain.js';
import { newsState, useNews } from '../notices/index.js';
import { ConsoleHeader } from './ConsoleHeader.js';
import { parseRoute, routeHref, type View } from './routes.js';
import { viewsFor } from './view-access.js';
import { VIEW_MODULES } from './view-modules.js';

const ICONS: Record<View, IconName> = {
  work: 'receipt',
  issue: 'file',
  sessions: 'paste',
  exemptions: 'pass',
  batches: 'folder',
  certificates: 'search',
  printing: 'print',
  supervision: 'warning',
  institutions: 'building',
  recognitions: 'link',
  requests: 'folder',
  map: 'map',
  publication: 'upload',
  keys: 'lock',
  people: 'person',
  audit: 'history',
  account: 'settings',
};

/** The console: sign in, set up the second factor, then the view the address names. */
export function App() {
  const { say, tag } = useText();
  const session = useStore(sessionState);
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const [invited, setInvited] = useState(() => invitationToken());
  const [returned, setReturned] = useState(() => returnedFromProvider());
  useLayoutEffect(() => {
    const follow = (): void => setRoute(parseRoute(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  const { phase, signedIn, tenant } = session;
  useNews(session);
  const news = useStore(newsState)?.length ?? 0;
  const isWorking = phase === 'in' || phase === 'ended';
  const isReturning = returned?.purpose === 'sign-in' && (phase === 'out' || isWorking);
  const isReady = isWorking && signedIn?.isComplete && !isReturning;
  const views = viewsFor(session);
  const place = `${signedIn?.account.id ?? ''}/${route.view}/${tenant ?? ''}`;
  const shown = useRef('');
  const view = views.includes(route.view) || shown.current === place ? route.view : 'work';
  shown.current = view === route.view ? place : '';
  const refusals = useStore(refusalsState);
  useEffect(() => {
    if (refusals > 0)
      refreshRoles().catch(() => {
        // The roles shown stay; the next request says what is wrong.
      });
  }, [refusals]);
  useEffect(() => {
    document.documentElement.lang = tag;
    document.title = say('app.title', { view: say(isWorking ? `nav.${view}` : 'app.tagline') });
    window.scrollTo(0, 0);
  }, [tag, view, route.id, isWorking]);
  return (
    <div class="shell console" data-phase={phase}>
      <ConsoleHeader />
      <div class="shell-body">
        <main class="shell-main" id="content" tabIndex={-1}>
          {phase === 'starting' && <p class="soft">{say('app.loading')}</p>}
          {phase === 'offline' && (
            <Notice kind="bad" live actions={<Button onClick={() => void loadSession()}>{say('app.retry')}</Button>}>
              {say('problem.OFFLINE')}
            </Notice>
          )}
          {isReturning && (
            <ProviderReturn
              returned={returned}
              onDone={() => {
                forgetReturn();
                setReturned(undefined);
              }}
            />
          )}
          {phase === 'out' &&
            !isReturning &&
            (invited === undefined ? (
              <SignIn />
            ) : (
              <AcceptInvitation token={invited} onDone={() => setInvited(undefined)} />
            ))}
          {isWorking && !isReturning && signedIn?.isComplete === false && <SecondFactor />}
          {phase === 'ended' && !isReturning && <SignInAgain />}
          {isReady && (
            <LazyView
              key={place}
              modules={VIEW_MODULES}
              view={view}
              {...(route.id !== undefined && { id: route.id })}
            />
          )}
        </main>
      </div>
      <p class="visually-hidden" role="status">
        {news > 0 && say('news.count', { count: news })}
      </p>
      {isReady && (
        <Navigation
          items={views.map((one) => ({
            href: routeHref(one),
            icon: ICONS[one],
            label: say(`nav.${one}`),
            current: one === view,
            ...(one === 'work' && news > 0 && { note: { count: news, label: say('news.count', { count: news }) } }),
          }))}
        />
      )}
    </div>
  );
}
