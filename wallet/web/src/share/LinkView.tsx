import { useState } from 'preact/hooks';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Field, Icon, Notice, QrPicture } from '../../../../ui/parts/index.js';
import { routeHref } from '../app/routes.js';
import { wallet, walletState } from '../app/wallet.js';
import { certificateCard } from '../certificates/certificate-facts.js';
import { NotHeld } from '../certificates/NotHeld.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { makeShareLink, type LiveCode } from '../core/show/live.js';
import { useText } from '../i18n/index.js';

const HOUR_MS = 3_600_000;
const HOURS = [1, 24, 72, 24 * 7, 24 * 30] as const;

/** Makes a link with the certificate in it that ends when its owner says. */
export function LinkView({ id }: ViewProps) {
  const state = useStore(walletState);
  const certificate = state.phase === 'open' ? state.certificates.find((item) => item.id === id) : undefined;
  return certificate ? <MakeLink certificate={certificate} /> : <NotHeld />;
}

function MakeLink({ certificate }: { certificate: HeldCertificate }) {
  const text = useText();
  const { say } = text;
  const [hours, setHours] = useState<number>(24);
  const [audience, setAudience] = useState('');
  const [link, setLink] = useState<LiveCode>();
  const [problem, setProblem] = useState<unknown>();
  const [copied, setCopied] = useState(false);
  const card = certificateCard(certificate, text);
  const make = async (): Promise<void> => {
    const { vault, platform } = wallet();
    setProblem(undefined);
    setCopied(false);
    try {
      const until = platform.now() + hours * HOUR_MS;
      setLink(await makeShareLink(vault, certificate.id, { until, audience }, platform));
    } catch (error) {
      setProblem(error);
    }
  };
  const { share, clipboard } = navigator as Partial<Navigator>;
  return (
    <div class="stack">
      <h1>{say('certificate.link')}</h1>
      <section class="card">
        <p>
          <strong>
            <bdi>{card.title}</bdi>
          </strong>
        </p>
        <p>{say('link-share.what')}</p>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void make();
          }}
        >
          <Field label={say('link-share.until')}>
            {(control) => (
              <select
                {...control}
                value={String(hours)}
                onChange={(event) => setHours(Number(event.currentTarget.value))}
              >
                {HOURS.map((each) => (
                  <option key={each} value={String(each)}>
                    {each < 48 ? say('link-share.hours', { hours: each }) : say('link-share.days', { days: each / 24 })}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={say('link-share.audience')} help={say('link-share.audience-help')}>
            {(control) => (
              <input
                {...control}
                type="text"
                maxLength={40}
                value={audience}
                onInput={(event) => setAudience(event.currentTarget.value)}
              />
            )}
          </Field>
          {problem !== undefined && (
            <Notice kind="bad" live>
              {problemText(problem, say)}
            </Notice>
          )}
          <div class="actions">
            <Button kind={link ? 'plain' : 'primary'} type="submit" icon="upload">
              {say(link ? 'link-share.make-other' : 'link-share.make')}
            </Button>
          </div>
        </form>
      </section>
      {link && (
        <section class="card" aria-label={say('link-share.made')}>
          <Notice kind="good" live>
            {say('link-share.ready', { time: timeText(new Date(link.validUntil).toISOString()) })}
          </Notice>
          <Field label={say('link-share.address')}>
            {(control) => <textarea {...control} readOnly rows={3} value={link.text} data-link />}
          </Field>
          <div class="actions">
            {share && (
              <Button
                kind="primary"
                icon="upload"
                onClick={() => void navigator.share({ url: link.text }).catch(() => undefined)}
              >
                {say('link-share.send')}
              </Button>
            )}
            {clipboard && (
              <Button
                icon="paste"
                onClick={() => void clipboard.writeText(link.text).then(() => setCopied(true), setProblem)}
              >
                {say('link-share.copy')}
              </Button>
            )}
          </div>
          {copied && <p role="status">{say('link-share.copied')}</p>}
          <div class="paper-code">
            <QrPicture segments={link.segments} label={say('link-share.code')} text={link.text} />
          </div>
          <p class="soft">{say('link-share.warning')}</p>
        </section>
      )}
      <div class="actions">
        <a class="button" href={routeHref('certificate', certificate.id)}>
          <Icon name="back" />
          <span>{say('app.back')}</span>
        </a>
      </div>
    </div>
  );
}
