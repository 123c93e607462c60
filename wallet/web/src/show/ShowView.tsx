import { useEffect, useRef, useState } from 'preact/hooks';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Icon, Notice, QrPicture } from '../../../../ui/parts/index.js';
import { routeHref } from '../app/routes.js';
import { wallet, walletState } from '../app/wallet.js';
import { certificateCard } from '../certificates/certificate-facts.js';
import { NotHeld } from '../certificates/NotHeld.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { LIVE_REFRESH_MS, makeLiveCode, type LiveCode } from '../core/show/live.js';
import { useText } from '../i18n/index.js';
import { keepAwake } from './keep-awake.js';

/** A certificate's code over the whole screen, signed anew every half minute while it is looked at. */
export function ShowView({ id }: ViewProps) {
  const state = useStore(walletState);
  const certificate = state.phase === 'open' ? state.certificates.find((item) => item.id === id) : undefined;
  return certificate ? <Live certificate={certificate} /> : <NotHeld />;
}

function Live({ certificate }: { certificate: HeldCertificate }) {
  const text = useText();
  const { say } = text;
  const { id } = certificate;
  const [code, setCode] = useState<LiveCode & { madeAt: number }>();
  const [problem, setProblem] = useState<unknown>();
  const [now, setNow] = useState(() => Date.now());
  const title = useRef<HTMLHeadingElement>(null);
  const due = code === undefined ? 0 : Math.max(0, code.madeAt + LIVE_REFRESH_MS - now);

  useEffect(() => {
    title.current?.focus({ preventScroll: true });
    return keepAwake();
  }, []);
  useEffect(() => {
    let wanted = true;
    let making = false;
    let last: number | undefined;
    const renew = async (): Promise<void> => {
      const { vault, platform } = wallet();
      making = true;
      try {
        const made = await makeLiveCode(vault, id, platform);
        last = Date.now();
        if (wanted) setCode({ ...made, madeAt: last });
      } catch (error) {
        if (wanted) setProblem(error);
      } finally {
        making = false;
      }
    };
    const tick = (): void => {
      const at = Date.now();
      setNow(at);
      // The clock may have been set back: a code from the future would be refused.
      const stale = last === undefined || at - last >= LIVE_REFRESH_MS || at < last;
      if (stale && !making && document.visibilityState === 'visible') void renew();
    };
    tick();
    const timer = setInterval(tick, 500);
    document.addEventListener('visibilitychange', tick);
    return () => {
      wanted = false;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [id]);

  const card = certificateCard(certificate, text);
  const seconds = Math.min(LIVE_REFRESH_MS / 1000, Math.ceil(due / 1000));
  const isOver = code !== undefined && now >= code.validUntil;
  return (
    <section class="live" aria-labelledby="live-title">
      <h1 id="live-title" ref={title} tabIndex={-1} class="live-title">
        <bdi>{card.title}</bdi>
      </h1>
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
      {code && !isOver && (
        <div class="live-code" data-made-at={code.madeAt}>
          <QrPicture segments={code.segments} label={say('show.code')} text={code.text} />
        </div>
      )}
      {code === undefined && problem === undefined && <p role="status">{say('show.signing')}</p>}
      {code && (
        <p class="live-time">
          <Icon name="update" />
          {say('show.renewed-in', { seconds })}
        </p>
      )}
      <progress class="live-bar" max={LIVE_REFRESH_MS} value={due} aria-hidden="true" />
      <p class="live-help">{say('show.what')}</p>
      <p class="live-help">{say('show.bright')}</p>
      <div class="actions live-actions">
        <FullScreen />
        <a class="button" href={routeHref('certificate', id)}>
          <Icon name="close" />
          <span>{say('show.close')}</span>
        </a>
      </div>
    </section>
  );
}

function FullScreen() {
  const { say } = useText();
  const root = document.documentElement as Partial<HTMLElement>;
  if (!root.requestFullscreen) return null;
  const toggle = (): void => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void document.documentElement.requestFullscreen().catch(() => undefined);
  };
  return (
    <Button icon="enlarge" onClick={toggle}>
      {say('show.full')}
    </Button>
  );
}
