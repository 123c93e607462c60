import { useState } from 'preact/hooks';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Icon, Notice, type IconName } from '../../../../ui/parts/index.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { VerdictView } from '../../../../ui/verdict/VerdictView.js';
import { navigate, routeHref, type View } from '../app/routes.js';
import { wallet, walletState } from '../app/wallet.js';
import { removeCertificate } from '../core/certificates/certificates.js';
import { formOf, mainForm, type HeldCertificate } from '../core/certificates/held-certificate.js';
import { useText } from '../i18n/index.js';
import { certificateCard } from './certificate-facts.js';
import { NotHeld } from './NotHeld.js';
import { StandingBadge } from './StandingBadge.js';

/** One certificate as a person reads it, what can be done with it, and the five answers about it. */
export function CertificateView({ id }: ViewProps) {
  const state = useStore(walletState);
  const certificate = state.phase === 'open' ? state.certificates.find((item) => item.id === id) : undefined;
  return certificate ? <Shown certificate={certificate} /> : <NotHeld />;
}

function Shown({ certificate }: { certificate: HeldCertificate }) {
  const text = useText();
  const { say } = text;
  const trust = useStore(trustState);
  const card = certificateCard(certificate, text);
  const { verdict } = certificate;
  const main = mainForm(certificate);
  const rows = [
    ['certificate.holder', card.holder],
    ['certificate.institution', card.institution],
    ['certificate.number', card.number],
    ['certificate.issued-on', card.issuedOn],
    ['certificate.expires-on', card.expiresOn],
  ] as const;
  return (
    <div class="stack">
      <article class="certificate" aria-labelledby="certificate-title">
        <p class="certificate-kind">{card.group}</p>
        <h1 id="certificate-title">
          <bdi>{card.title}</bdi>
        </h1>
        <dl class="rows rows-strong">
          {rows.map(([label, value]) =>
            value === undefined
              ? null
              : [
                  <dt key={label}>{say(label)}</dt>,
                  <dd key={`${label}-value`}>
                    <bdi>{value}</bdi>
                  </dd>,
                ],
          )}
        </dl>
        <StandingBadge certificate={certificate} why />
      </article>
      <nav class="tiles" aria-label={say('certificate.actions')}>
        {formOf(certificate, 'ldp_vc') && (
          <>
            {main.holder !== undefined && (
              <Tile view="show" id={certificate.id} icon="scan" title={say('certificate.show')} primary>
                {say('certificate.show-what')}
              </Tile>
            )}
            <Tile view="paper" id={certificate.id} icon="print" title={say('certificate.paper')}>
              {say('certificate.paper-what')}
            </Tile>
            {main.holder !== undefined && (
              <Tile view="link" id={certificate.id} icon="upload" title={say('certificate.link')}>
                {say('certificate.link-what')}
              </Tile>
            )}
          </>
        )}
        <Tile view="worth" id={certificate.id} icon="search" title={say('certificate.worth')}>
          {say('certificate.worth-what')}
        </Tile>
      </nav>
      {main.holder === undefined && <Notice kind="info">{say('certificate.not-bound')}</Notice>}
      {trust.phase === 'none' && (
        <Notice kind="care" actions={<a href={routeHref('settings')}>{say('certificates.choose')}</a>}>
          {say('certificates.no-authority')}
        </Notice>
      )}
      {verdict && (
        <section class="stack" aria-labelledby="answers-title">
          <h2 id="answers-title">{say('certificate.answers')}</h2>
          <p class="soft">{say('certificate.answers-what')}</p>
          <VerdictView result={{ verdict, json: main.text, carrier: 'json', memoranda: [] }} own />
        </section>
      )}
      <section class="card" aria-labelledby="kept-title">
        <h2 id="kept-title">{say('certificate.kept')}</h2>
        <dl class="rows">
          <dt>{say('certificate.received')}</dt>
          <dd>{timeText(certificate.receivedAt)}</dd>
          {certificate.issuerHost !== undefined && (
            <>
              <dt>{say('certificate.from-host')}</dt>
              <dd>
                <bdi>{certificate.issuerHost}</bdi>
              </dd>
            </>
          )}
          <dt>{say('certificate.forms')}</dt>
          <dd>{certificate.forms.map(({ format }) => say(`form.${format}`)).join(say('list.and'))}</dd>
        </dl>
        <Remove id={certificate.id} />
      </section>
    </div>
  );
}

function Tile(props: { view: View; id: string; icon: IconName; title: string; children: string; primary?: boolean }) {
  const { view, id, icon, title, children, primary = false } = props;
  return (
    <a class={primary ? 'tile tile-primary' : 'tile'} href={routeHref(view, id)}>
      <Icon name={icon} large />
      <strong>{title}</strong>
      <span>{children}</span>
    </a>
  );
}

function Remove({ id }: { id: string }) {
  const { say } = useText();
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const remove = (): void => {
    removeCertificate(wallet().vault, id).then(() => navigate('certificates'), setProblem);
  };
  return (
    <>
      {!sure && (
        <div class="actions">
          <Button kind="danger" icon="delete" onClick={() => setSure(true)}>
            {say('certificate.remove')}
          </Button>
        </div>
      )}
      {sure && (
        <Notice
          kind="bad"
          live
          actions={
            <>
              <Button kind="danger" onClick={remove}>
                {say('certificate.remove-yes')}
              </Button>
              <Button onClick={() => setSure(false)}>{say('anew.no')}</Button>
            </>
          }
        >
          {say('certificate.remove-sure')}
        </Notice>
      )}
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
    </>
  );
}
