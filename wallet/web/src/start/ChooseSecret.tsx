import { useEffect, useState } from 'preact/hooks';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Field, Notice } from '../../../../ui/parts/index.js';
import { wallet } from '../app/wallet.js';
import type { Secret } from '../core/vault/locks.js';
import { useText } from '../i18n/index.js';
import { canUsePasskeys, makePasskey } from './passkey.js';

/** Makes the secret that will lock the wallet: a passphrase, typed twice, or a passkey where the device has one. */
export function ChooseSecret({
  submit,
  onSecret,
}: {
  /** Words of the button. */
  submit: string;
  /** Uses the secret; what it throws is shown here. */
  onSecret: (secret: Secret) => Promise<void>;
}) {
  const { say } = useText();
  const [first, setFirst] = useState('');
  const [again, setAgain] = useState('');
  const [seen, setSeen] = useState(false);
  const [busy, setBusy] = useState<'passphrase' | 'passkey'>();
  const [problem, setProblem] = useState<unknown>();
  const [differ, setDiffer] = useState(false);
  const [passkeys, setPasskeys] = useState(false);
  useEffect(() => void canUsePasskeys().then(setPasskeys), []);

  const run = async (kind: 'passphrase' | 'passkey', make: () => Promise<Secret> | Secret): Promise<void> => {
    setBusy(kind);
    setProblem(undefined);
    try {
      await onSecret(await make());
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(undefined);
    }
  };
  const type = seen ? ({ type: 'text' } as const) : ({ type: 'password' } as const);
  return (
    <div class="stack">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setDiffer(first !== again);
          if (first === again) void run('passphrase', () => ({ passphrase: first }));
        }}
      >
        <Field label={say('secret.passphrase')} help={say('secret.passphrase-help')}>
          {(control) => (
            <input
              {...control}
              {...type}
              autocomplete="new-password"
              value={first}
              onInput={(event) => setFirst(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={say('secret.again')} error={differ ? say('secret.differ') : undefined}>
          {(control) => (
            <input
              {...control}
              {...type}
              autocomplete="new-password"
              value={again}
              onInput={(event) => setAgain(event.currentTarget.value)}
            />
          )}
        </Field>
        <label class="choice">
          <input type="checkbox" checked={seen} onChange={(event) => setSeen(event.currentTarget.checked)} />
          <span>{say('secret.show')}</span>
        </label>
        {problem !== undefined && (
          <Notice kind="bad" live>
            {problemText(problem, say)}
          </Notice>
        )}
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy === 'passphrase'} disabled={busy !== undefined}>
            {busy === 'passphrase' ? say('secret.working') : submit}
          </Button>
        </div>
      </form>
      {passkeys && (
        <div class="stack actions-apart">
          <p class="soft">{say('secret.passkey-help')}</p>
          <div class="actions">
            <Button
              icon="person"
              busy={busy === 'passkey'}
              disabled={busy !== undefined}
              onClick={() =>
                void run('passkey', async () => ({
                  passkey: await makePasskey(wallet().vault.newPasskeySalt(), say('app.brand')),
                }))
              }
            >
              {say('secret.passkey')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
