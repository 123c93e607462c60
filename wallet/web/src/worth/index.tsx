import { useEffect, useState } from 'preact/hooks';
import { judgingNow } from '../../../../ui/app/clock.js';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Icon, Notice } from '../../../../ui/parts/index.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { routeHref } from '../app/routes.js';
import { walletState } from '../app/wallet.js';
import { certificateCard } from '../certificates/certificate-facts.js';
import { NotHeld } from '../certificates/NotHeld.js';
import { mainForm, type HeldCertificate } from '../core/certificates/held-certificate.js';
import { askWallet } from '../engine/wallet-engine-client.js';
import type { WorthRow } from '../engine/wallet-engine.js';
import { useText } from '../i18n/index.js';
import { Exemptions } from './Exemptions.js';
import { NextLevelCard } from './NextLevelCard.js';
import { WorthList } from './WorthList.js';

/** What a certificate is worth: where it counts, what comes next, what it spares. */
export function WorthView({ id }: ViewProps) {
  const state = useStore(walletState);
  const certificate = state.phase === 'open' ? state.certificates.find((item) => item.id === id) : undefined;
  return certificate ? <Worth certificate={certificate} /> : <NotHeld />;
}

function Worth({ certificate }: { certificate: HeldCertificate }) {
  const text = useText();
  const { say, sentences } = text;
  const trust = useStore(trustState);
  const [rows, setRows] = useState<readonly WorthRow[]>();
  const [problem, setProblem] = useState<unknown>();
  const ready = trust.phase === 'ready';
  const main = mainForm(certificate).text;
  useEffect(() => {
    if (!ready) return;
    let wanted = true;
    askWallet('worth', { text: main, now: judgingNow(), language: sentences }).then(
      (found) => wanted && setRows(found),
      (error: unknown) => wanted && setProblem(error),
    );
    return () => void (wanted = false);
  }, [main, sentences, ready && trust.summary.dataAsOf]);
  const card = certificateCard(certificate, text);
  return (
    <div class="stack">
      <h1>
        <bdi>{card.title}</bdi>
      </h1>
      <section class="stack" aria-labelledby="where-title">
        <h2 id="where-title">{say('worth.where')}</h2>
        {!ready && (
          <Notice kind="care" actions={<a href={routeHref('settings')}>{say('certificates.choose')}</a>}>
            {say('certificates.no-authority')}
          </Notice>
        )}
        {ready && <p class="soft">{say('worth.where-what')}</p>}
        {problem !== undefined && (
          <Notice kind="bad" live>
            {problemText(problem, say)}
          </Notice>
        )}
        {rows?.length === 0 && <Notice kind="care">{say('worth.nowhere')}</Notice>}
        {rows && <WorthList rows={rows} />}
      </section>
      <NextLevelCard certificate={certificate} />
      <Exemptions certificate={certificate} />
      <div class="actions">
        <a class="button" href={routeHref('certificate', certificate.id)}>
          <Icon name="back" />
          <span>{say('app.back')}</span>
        </a>
      </div>
    </div>
  );
}
