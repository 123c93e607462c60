import { Notice } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import { BeginAnew } from './BeginAnew.js';

/** The browser lost a part of what the wallet kept: only a backup helps. */
export function DamagedWallet() {
  const { say } = useText();
  return (
    <div class="stack">
      <h1>{say('damaged.title')}</h1>
      <Notice kind="bad">{say('damaged.what')}</Notice>
      <section class="card">
        <p>{say('damaged.do')}</p>
        <BeginAnew />
      </section>
    </div>
  );
}
