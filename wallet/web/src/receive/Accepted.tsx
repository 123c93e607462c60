import { useEffect } from 'preact/hooks';
import { Button, Icon, Notice } from '../../../../ui/parts/index.js';
import { askToPersist } from '../../../../ui/trust/trust-state.js';
import { routeHref } from '../app/routes.js';
import { certificateCard } from '../certificates/certificate-facts.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { useText } from '../i18n/index.js';

/** What is in the wallet now, and what to do next. */
export function Accepted({
  kept,
  deferred,
  onMore,
}: {
  kept: readonly HeldCertificate[];
  deferred: number;
  onMore: () => void;
}) {
  const text = useText();
  const { say } = text;
  useEffect(() => void askToPersist(), []);
  return (
    <div class="stack">
      {kept.length > 0 && (
        <Notice kind="good" live>
          {say('accepted.kept')}
        </Notice>
      )}
      {deferred > 0 && (
        <Notice kind="info" live>
          {say('accepted.deferred')}
        </Notice>
      )}
      <div class="actions">
        {kept.map((certificate, index) => (
          <a
            key={certificate.id}
            class={index === 0 ? 'button button-primary' : 'button'}
            href={routeHref('certificate', certificate.id)}
          >
            <Icon name="next" />
            <span>{certificateCard(certificate, text).title}</span>
          </a>
        ))}
        <a class="button" href={routeHref('backup')}>
          <Icon name="download" />
          <span>{say('certificates.back-up')}</span>
        </a>
        <Button icon="scan" onClick={onMore}>
          {say('accepted.more')}
        </Button>
      </div>
    </div>
  );
}
