import { useEffect } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { Icon } from '../../../../ui/parts/index.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { askingOffer, findAskingOffer } from './asking.js';

/** The way to asking somebody for a certificate; there only where a host offers it. */
export function AskLink() {
  const { say } = useText();
  const offer = useStore(askingOffer);
  useEffect(() => void findAskingOffer(), []);
  if (!offer) return null;
  return (
    <p class="no-print">
      <a class="button button-plain" href={routeHref('request')}>
        <Icon name="person" />
        <span>{say('request.title')}</span>
      </a>
    </p>
  );
}
