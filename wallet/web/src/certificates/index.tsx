import { useEffect, useState } from 'preact/hooks';
import { remembered } from '../../../../ui/app/preferences.js';
import { useStore } from '../../../../ui/app/store.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Icon, Notice } from '../../../../ui/parts/index.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { refreshAll } from '../app/refresh.js';
import { routeHref } from '../app/routes.js';
import { wallet, walletState } from '../app/wallet.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { useText } from '../i18n/index.js';
import { certificateCard } from './certificate-facts.js';
import { PendingList } from './PendingList.js';
import { Reminders } from './Reminders.js';
import { StandingBadge } from './StandingBadge.js';

/** Everything in the wallet, by kind, with what is due and what is still to come. */
export function CertificatesView() {
  const text = useText();
  const { say } = text;
  const state = useStore(walletState);
  const trust = useStore(trustState);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ kind: 'good' | 'care'; text: string }>();
  const certificates = state.phase === 'open' ? state.certificates : [];
  const refresh = async (): Promise<void> => {
    setBusy(true);
    setTold(undefined);
    try {
      await refreshAll(wallet(), 'update');
      setTold({ kind: 'good', text: say('certificates.refreshed') });
    } catch (error) {
      setTold({ kind: 'care', text: problemText(error, say) });
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    if (state.phase === 'open' && trust.phase === 'ready') void refreshAll(wallet(), 'judge').catch(() => undefined);
  }, [trust.phase === 'ready' && trust.summary.dataAsOf]);
  const items = certificates.map((certificate) => ({ certificate, card: certificateCard(certificate, text) }));
  const groups = [...new Set(items.map(({ card }) => card.group))].map(
    (group) => [group, items.filter(({ card }) => card.group === group)] as const,
  );
  return (
    <div class="stack">
      <h1>{say('certificates.title')}</h1>
      {trust.phase === 'none' && certificates.length > 0 && (
        <Notice kind="care" actions={<a href={routeHref('settings')}>{say('certificates.choose')}</a>}>
          {say('certificates.no-authority')}
        </Notice>
      )}
      {certificates.length > 0 && !isBackedUp(certificates) && (
        <Notice kind="info" actions={<a href={routeHref('backup')}>{say('certificates.back-up')}</a>}>
          {say('certificates.no-backup')}
        </Notice>
      )}
      <Reminders certificates={certificates} />
      <PendingList />
      {certificates.length === 0 && <Empty />}
      {groups.map(([group, ofGroup]) => (
        <section key={group} class="stack" aria-label={group}>
          <h2 class="group">{group}</h2>
          <ul class="cards">
            {ofGroup.map(({ certificate, card }) => (
              <li key={certificate.id}>
                <a class="certificate-card" href={routeHref('certificate', certificate.id)}>
                  <span class="certificate-card-title">
                    <bdi>{card.title}</bdi>
                  </span>
                  {card.institution !== undefined && (
                    <span class="soft">
                      <bdi>{card.institution}</bdi>
                    </span>
                  )}
                  <StandingBadge certificate={certificate} />
                  {card.expiresOn !== undefined && (
                    <span class="soft">{say('certificate.until', { date: card.expiresOn })}</span>
                  )}
                  <Icon name="next" />
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {told && (
        <Notice kind={told.kind} live>
          {told.text}
        </Notice>
      )}
      {certificates.length > 0 && (
        <div class="actions">
          <a class="button button-primary" href={routeHref('receive')}>
            <Icon name="scan" />
            <span>{say('certificates.more')}</span>
          </a>
          {trust.phase === 'ready' && (
            <Button icon="update" busy={busy} onClick={() => void refresh()}>
              {say(busy ? 'trust.updating' : 'certificates.refresh')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Empty() {
  const { say } = useText();
  return (
    <section class="card empty">
      <p>{say('certificates.none')}</p>
      <div class="actions">
        <a class="button button-primary" href={routeHref('receive')}>
          <Icon name="scan" />
          <span>{say('certificates.first')}</span>
        </a>
      </div>
    </section>
  );
}

/** Whether the last backup is younger than everything received. */
function isBackedUp(certificates: readonly HeldCertificate[]): boolean {
  const at = remembered('wallet-backed-up') ?? '';
  return certificates.every(({ receivedAt }) => receivedAt <= at);
}
