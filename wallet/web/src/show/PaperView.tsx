import { useMemo } from 'preact/hooks';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { Button, Icon, QrPicture } from '../../../../ui/parts/index.js';
import { routeHref } from '../app/routes.js';
import { wallet, walletState } from '../app/wallet.js';
import { certificateCard } from '../certificates/certificate-facts.js';
import { NotHeld } from '../certificates/NotHeld.js';
import { formOf, type HeldCertificate } from '../core/certificates/held-certificate.js';
import { plainCode } from '../core/show/live.js';
import { useText } from '../i18n/index.js';

/** The certificate's own code, for paper: it proves what the certificate says, not who holds it. */
export function PaperView({ id }: ViewProps) {
  const state = useStore(walletState);
  const certificate = state.phase === 'open' ? state.certificates.find((item) => item.id === id) : undefined;
  return certificate && formOf(certificate, 'ldp_vc') ? <Paper certificate={certificate} /> : <NotHeld />;
}

function Paper({ certificate }: { certificate: HeldCertificate }) {
  const text = useText();
  const { say } = text;
  const code = useMemo(() => plainCode(certificate, wallet().platform.verifier), [certificate]);
  const card = certificateCard(certificate, text);
  return (
    <div class="stack">
      <h1>{say('certificate.paper')}</h1>
      <p class="no-print">{say('paper.what')}</p>
      <section class="card paper">
        <p class="certificate-kind">{card.group}</p>
        <h2>
          <bdi>{card.title}</bdi>
        </h2>
        {card.holder !== undefined && (
          <p>
            <bdi>{card.holder}</bdi>
          </p>
        )}
        {card.number !== undefined && (
          <p>
            {say('certificate.number')} <bdi>{card.number}</bdi>
          </p>
        )}
        <div class="paper-code">
          <QrPicture segments={code.segments} label={say('paper.code')} text={code.text} />
        </div>
        <p class="soft">{say('paper.check', { verifier: wallet().platform.verifier })}</p>
      </section>
      <div class="actions">
        <Button kind="primary" icon="print" onClick={() => window.print()}>
          {say('paper.print')}
        </Button>
        <a class="button" href={routeHref('certificate', certificate.id)}>
          <Icon name="back" />
          <span>{say('app.back')}</span>
        </a>
      </div>
    </div>
  );
}
