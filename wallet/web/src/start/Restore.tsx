import { useState } from 'preact/hooks';
import { remember } from '../../../../ui/app/preferences.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Field, FileButton, Notice } from '../../../../ui/parts/index.js';
import { ReceiveFrames } from '../backup/ReceiveFrames.js';
import { wallet } from '../app/wallet.js';
import { readRecoveryCode } from '../core/backup/recovery-code.js';
import { restoreBackup } from '../core/backup/backup.js';
import { nowText } from '../core/platform.js';
import { useText } from '../i18n/index.js';
import { ChooseSecret } from './ChooseSecret.js';

/** Everything back: the backup from a file or the old phone's screen, the code from paper, and a new secret for this device. */
export function Restore() {
  const { say } = useText();
  const [backup, setBackup] = useState<{ name: string; bytes: Uint8Array }>();
  const [scanning, setScanning] = useState(false);
  const [code, setCode] = useState('');
  const [checked, setChecked] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const take = async ([file]: readonly File[]): Promise<void> => {
    if (file) setBackup({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
  };
  const check = (): void => {
    setProblem(undefined);
    try {
      setChecked(readRecoveryCode(code));
    } catch (error) {
      setProblem(error);
    }
  };
  if (scanning)
    return (
      <ReceiveFrames
        onBackup={(bytes) => {
          setScanning(false);
          setBackup({ name: say('restore.from-phone'), bytes });
        }}
        onClose={() => setScanning(false)}
      />
    );
  return (
    <div class="stack">
      <section class="card" aria-labelledby="restore-file">
        <h2 id="restore-file">{say('restore.step-backup')}</h2>
        {backup && (
          <Notice kind="good" live>
            <bdi>{backup.name}</bdi>
          </Notice>
        )}
        <div class="actions">
          <FileButton
            label={say('restore.file')}
            kind={backup ? 'plain' : 'primary'}
            onFiles={(files) => void take(files)}
          />
          <Button icon="scan" onClick={() => setScanning(true)}>
            {say('restore.scan')}
          </Button>
        </div>
      </section>
      {backup && (
        <section class="card" aria-labelledby="restore-code">
          <h2 id="restore-code">{say('restore.step-code')}</h2>
          <form
            class="stack"
            onSubmit={(event) => {
              event.preventDefault();
              check();
            }}
          >
            <Field
              label={say('recovery.title')}
              help={say('restore.code-help')}
              error={problem === undefined ? undefined : problemText(problem, say)}
            >
              {(control) => (
                <input
                  {...control}
                  type="text"
                  class="code-input"
                  autocomplete="off"
                  autocapitalize="characters"
                  spellcheck={false}
                  value={code}
                  onInput={(event) => {
                    setCode(event.currentTarget.value);
                    setChecked(undefined);
                  }}
                />
              )}
            </Field>
            {checked === undefined && (
              <div class="actions">
                <Button kind="primary" type="submit">
                  {say('locks.next')}
                </Button>
              </div>
            )}
          </form>
        </section>
      )}
      {backup && checked !== undefined && (
        <section class="card" aria-labelledby="restore-secret">
          <h2 id="restore-secret">{say('restore.step-secret')}</h2>
          <ChooseSecret
            submit={say('restore.restore')}
            onSecret={async (secret) => {
              const { vault, platform } = wallet();
              await restoreBackup(backup.bytes, checked, vault, platform, secret);
              remember('wallet-backed-up', nowText(platform));
            }}
          />
        </section>
      )}
    </div>
  );
}
