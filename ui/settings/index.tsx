import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../app/store.js';
import { ChooseAuthority } from '../authority/ChooseAuthority.js';
import { TrustStrip } from '../authority/TrustStrip.js';
import { useText } from '../i18n/index.js';
import { trustState } from '../trust/trust-state.js';
import { Button } from '../parts/index.js';
import { AppSection } from './AppSection.js';
import { BundleSection } from './BundleSection.js';

/** Authority and data, what is kept on this device, and the version of the app. */
export function SettingsView() {
  const { say } = useText();
  const trust = useStore(trustState);
  const [choosing, setChoosing] = useState(false);
  useEffect(() => setChoosing(false), [trust.phase === 'ready' && trust.summary.anchor]);
  return (
    <div class="stack">
      <h1>{say('settings.title')}</h1>
      {trust.phase === 'none' && <ChooseAuthority reason={trust.reason} />}
      {trust.phase === 'ready' && (
        <>
          <TrustStrip />
          {choosing ? (
            <>
              <ChooseAuthority reason="change" onDone={() => setChoosing(false)} />
              <div class="actions">
                <Button icon="back" onClick={() => setChoosing(false)}>
                  {say('app.back')}
                </Button>
              </div>
            </>
          ) : (
            <BundleSection trust={trust} onChooseOther={() => setChoosing(true)} />
          )}
        </>
      )}
      <AppSection />
    </div>
  );
}
