import { Notice } from '../../../../ui/parts/index.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';

/** The address names a certificate that is not in the wallet. */
export function NotHeld() {
  const { say } = useText();
  return (
    <div class="stack">
      <h1>{say('certificate.not-held')}</h1>
      <Notice kind="info" actions={<a href={routeHref('certificates')}>{say('certificates.title')}</a>}>
        {say('certificate.not-held-what')}
      </Notice>
    </div>
  );
}
