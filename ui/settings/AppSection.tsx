import { useEffect, useState } from 'preact/hooks';
import { lookForNewVersion } from '../app/app-update.js';
import { BUILT_AT } from '../app/clock.js';
import { canInstall, install } from '../app/install.js';
import { useStore } from '../app/store.js';
import { VERSION } from '../app/version.js';
import { timeText } from '../i18n/format.js';
import { useText } from '../i18n/index.js';
import { askToPersist } from '../trust/trust-state.js';
import { Button, Notice } from '../parts/index.js';

/** What this browser promised to keep, and which version this is. */
export function AppSection() {
  const { say } = useText();
  const installable = useStore(canInstall);
  const [persisted, setPersisted] = useState<boolean>();
  const [current, setCurrent] = useState(false);
  useEffect(() => {
    const storage = navigator.storage as Partial<StorageManager> | undefined;
    void storage?.persisted?.().then(setPersisted);
  }, []);
  return (
    <section class="card" aria-labelledby="app-title">
      <h2 id="app-title">{say('settings.storage')}</h2>
      {persisted !== undefined && <p>{say(persisted ? 'settings.persisted' : 'settings.not-persisted')}</p>}
      <dl class="rows">
        <dt>{say('settings.version')}</dt>
        <dd>
          {VERSION} <span class="soft">{say('settings.built-at', { time: timeText(BUILT_AT) })}</span>
        </dd>
      </dl>
      {installable && <p class="soft">{say('settings.install-help')}</p>}
      {current && (
        <Notice kind="good" live>
          {say('settings.version-current')}
        </Notice>
      )}
      <div class="actions">
        {installable && (
          <Button icon="download" onClick={() => void install()}>
            {say('settings.install')}
          </Button>
        )}
        {persisted === false && (
          <Button onClick={() => void askToPersist().then(setPersisted)}>{say('settings.persist')}</Button>
        )}
        {!__SINGLE_FILE__ && (
          <Button icon="update" onClick={() => void lookForNewVersion().then((newer) => setCurrent(!newer))}>
            {say('settings.check-version')}
          </Button>
        )}
      </div>
    </section>
  );
}
