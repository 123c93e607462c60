import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Field, Notice } from '../../../../ui/parts/index.js';
import { arrived } from '../app/arrival.js';
import { wallet } from '../app/wallet.js';
import type { Secret } from '../core/vault/locks.js';
import type { VaultLocks } from '../core/vault/vault.js';
import { useText } from '../i18n/index.js';
import { BeginAnew } from './BeginAnew.js';
import { askPasskey } from './passkey.js';

/** Opens the wallet of this device. Whoever forgot how is told what can still be done; nothing is deleted by trying. */
export function Unlock() {
  const { say } = useText();
  const waiting = useStore(arrived);
  const [locks, setLocks] = useState<VaultLocks>();
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [forgot, setForgot] = useState(false);
  useEffect(() => {
    wallet().vault.locks().then(setLocks, setProblem);
  }, []);
  const unlock = async (make: () => Promise<Secret> | Secret): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await wallet().vault.unlock(await make());
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <div class="stack">
      <h1>{say('unlock.title')}</h1>
      {waiting && (
        <Notice kind="info">{say(waiting.kind === 'request' ? 'unlock.request-waits' : 'unlock.offer-waits')}</Notice>
      )}
      <section class="card">
        {locks?.passphrase !== false && (
          <form
            class="stack"
            aria-busy={busy}
            onSubmit={(event) => {
              event.preventDefault();
              void unlock(() => ({ passphrase }));
            }}
          >
            <Field
              label={say('secret.passphrase')}
              error={problem === undefined ? undefined : problemText(problem, say)}
            >
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
              <Button kind="primary" type="submit" busy={busy}>
                {say(busy ? 'secret.working' : 'unlock.open')}
              </Button>
            </div>
          </form>
        )}
        {locks && locks.passkeys.length > 0 && (
          <div class="actions">
            <Button
              icon="person"
              kind={locks.passphrase ? 'plain' : 'primary'}
              disabled={busy}
              onClick={() => void unlock(async () => ({ passkey: await askPasskey(locks.passkeys) }))}
            >
              {say('unlock.passkey')}
            </Button>
          </div>
        )}
        {locks?.passphrase === false && problem !== undefined && (
          <Notice kind="bad" live>
            {problemText(problem, say)}
          </Notice>
        )}
      </section>
      <div class="actions">
        <Button kind="link" onClick={() => setForgot(!forgot)}>
          {say('unlock.forgot')}
        </Button>
      </div>
      {forgot && (
        <section class="card">
          <p>{say('unlock.forgot-what')}</p>
          <ul class="steps">
            <li>{say('unlock.forgot-backup')}</li>
            <li>{say('unlock.forgot-issuer')}</li>
          </ul>
          <BeginAnew />
        </section>
      )}
    </div>
  );
}
