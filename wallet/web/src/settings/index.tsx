import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { ChooseAuthority } from '../../../../ui/authority/ChooseAuthority.js';
import { TrustStrip } from '../../../../ui/authority/TrustStrip.js';
import { Button, Field } from '../../../../ui/parts/index.js';
import { AppSection } from '../../../../ui/settings/AppSection.js';
import { BundleSection } from '../../../../ui/settings/BundleSection.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { LOCK_MINUTES, lockMinutes, setLockMinutes } from '../app/auto-lock.js';
import { wallet } from '../app/wallet.js';
import { useText } from '../i18n/index.js';
import { BeginAnew } from '../start/BeginAnew.js';
import { LocksSection } from './LocksSection.js';

/** Lock, authority and data, what opens the wallet, what is kept, and deleting everything. */
export function SettingsView() {
  const { say } = useText();
  const trust = useStore(trustState);
  const [choosing, setChoosing] = useState(false);
  const [minutes, setMinutes] = useState(lockMinutes);
  useEffect(() => setChoosing(false), [trust.phase === 'ready' && trust.summary.anchor]);
  return (
    <div class="stack">
      <h1>{say('settings.title')}</h1>
      <section class="card" aria-labelledby="lock-title">
        <h2 id="lock-title">{say('lock.title')}</h2>
        <Field label={say('lock.after')} help={say('lock.after-help')}>
          {(control) => (
            <select
              {...control}
              value={String(minutes)}
              onChange={(event) => {
                const next = Number(event.currentTarget.value);
                setLockMinutes(next);
                setMinutes(next);
              }}
            >
              {LOCK_MINUTES.map((each) => (
                <option key={each} value={String(each)}>
                  {each === 0 ? say('lock.at-once') : say('lock.minutes', { minutes: each })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div class="actions">
          <Button kind="primary" icon="lock" onClick={() => wallet().vault.lock()}>
            {say('lock.now')}
          </Button>
        </div>
      </section>
      <LocksSection />
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
      <section class="card" aria-labelledby="anew-title">
        <h2 id="anew-title">{say('anew.title')}</h2>
        <p>{say('anew.what')}</p>
        <BeginAnew />
      </section>
    </div>
  );
}
