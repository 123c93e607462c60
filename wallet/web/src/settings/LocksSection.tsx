import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Field, Notice } from '../../../../ui/parts/index.js';
import { wallet, walletState } from '../app/wallet.js';
import type { Secret } from '../core/vault/locks.js';
import type { VaultLocks } from '../core/vault/vault.js';
import { useText } from '../i18n/index.js';
import { askPasskey } from '../start/passkey.js';
import { ChooseSecret } from '../start/ChooseSecret.js';

/** What opens the wallet: a new passphrase or passkey is added only by who can open it now. */
export function LocksSection() {
  const { say } = useText();
  const state = useStore(walletState);
  const [locks, setLocks] = useState<VaultLocks>();
  const [current, setCurrent] = useState<Secret>();
  const [passphrase, setPassphrase] = useState('');
  const [adding, setAdding] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [added, setAdded] = useState(false);
  const read = (): void => {
    wallet().vault.locks().then(setLocks, setProblem);
  };
  useEffect(read, [state]);
  const stop = (): void => {
    setAdding(false);
    setCurrent(undefined);
    setPassphrase('');
  };
  const removePasskey = (id: string): void => {
    setProblem(undefined);
    wallet().vault.removePasskey(id).then(read, setProblem);
  };
  return (
    <section class="card" aria-labelledby="locks-title">
      <h2 id="locks-title">{say('locks.title')}</h2>
      {locks && (
        <ul class="plain-list">
          {locks.passphrase && <li>{say('secret.passphrase')}</li>}
          {locks.passkeys.map(({ credentialId }) => (
            <li key={credentialId}>
              {say('locks.passkey')}{' '}
              <Button kind="link" onClick={() => removePasskey(credentialId)}>
                {say('locks.remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {added && (
        <Notice kind="good" live>
          {say('locks.changed')}
        </Notice>
      )}
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
      {!adding && (
        <div class="actions">
          <Button
            icon="lock"
            onClick={() => {
              setAdded(false);
              setAdding(true);
            }}
          >
            {say('locks.change')}
          </Button>
        </div>
      )}
      {adding && !current && locks && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            setCurrent({ passphrase });
          }}
        >
          {locks.passphrase && (
            <>
              <Field label={say('locks.current')}>
                {(control) => (
                  <input
                    {...control}
                    type="password"
                    autocomplete="current-password"
                    value={passphrase}
                    onInput={(event) => setPassphrase(event.currentTarget.value)}
                  />
                )}
              </Field>
              <div class="actions">
                <Button kind="primary" type="submit">
                  {say('locks.next')}
                </Button>
              </div>
            </>
          )}
          <div class="actions">
            {locks.passkeys.length > 0 && (
              <Button
                icon="person"
                onClick={() => void askPasskey(locks.passkeys).then((passkey) => setCurrent({ passkey }), setProblem)}
              >
                {say('unlock.passkey')}
              </Button>
            )}
            <Button onClick={stop}>{say('app.back')}</Button>
          </div>
        </form>
      )}
      {adding && current && (
        <>
          <ChooseSecret
            submit={say('locks.save')}
            onSecret={async (next) => {
              await wallet().vault.addLock(current, next);
              setAdded(true);
              stop();
              read();
            }}
          />
          <div class="actions">
            <Button onClick={stop}>{say('app.back')}</Button>
          </div>
        </>
      )}
    </section>
  );
}
