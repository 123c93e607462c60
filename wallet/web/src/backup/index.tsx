import { useState } from 'preact/hooks';
import { remember, remembered } from '../../../../ui/app/preferences.js';
import { saveFile } from '../../../../ui/app/save-file.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { wallet } from '../app/wallet.js';
import { makeBackup } from '../core/backup/backup.js';
import { newRecoveryCode } from '../core/backup/recovery-code.js';
import { nowText } from '../core/platform.js';
import { useText } from '../i18n/index.js';
import { MovePhone } from './MovePhone.js';
import { RecoverySheet } from './RecoverySheet.js';

interface Made {
  code: string;
  bytes: Uint8Array;
  at: string;
}

/** An encrypted backup as a file, the code that opens it on paper, and the way to a new phone. */
export function BackupView() {
  const { say } = useText();
  const [made, setMade] = useState<Made>();
  const [saved, setSaved] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const last = remembered('wallet-backed-up');
  const make = async (): Promise<void> => {
    const { vault, platform } = wallet();
    setBusy(true);
    setProblem(undefined);
    try {
      const code = newRecoveryCode(platform.crypto);
      const at = nowText(platform);
      setMade({ code, at, bytes: await makeBackup(vault, code, platform) });
      setSaved(false);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const save = ({ bytes, at }: Made): void => {
    saveFile(`yizheng-wallet-${at.slice(0, 10)}.yzbackup`, bytes, 'application/octet-stream');
    remember('wallet-backed-up', at);
    setSaved(true);
  };
  return (
    <div class="stack">
      <h1>{say('backup.title')}</h1>
      {!made && (
        <section class="card">
          <p>{say('backup.what')}</p>
          <ul class="steps">
            <li>{say('backup.step-file')}</li>
            <li>{say('backup.step-code')}</li>
            <li>{say('backup.step-restore')}</li>
          </ul>
          <p class="soft">{last === undefined ? say('backup.never') : say('backup.last', { time: timeText(last) })}</p>
          <div class="actions">
            <Button kind="primary" icon="download" busy={busy} onClick={() => void make()}>
              {say(busy ? 'secret.working' : 'backup.make')}
            </Button>
          </div>
        </section>
      )}
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
      {made && (
        <>
          <RecoverySheet code={made.code} at={made.at} />
          <section class="card no-print" aria-labelledby="backup-file">
            <h2 id="backup-file">{say('backup.file')}</h2>
            <p>{say('backup.file-what')}</p>
            <div class="actions">
              <Button kind="primary" icon="download" onClick={() => save(made)}>
                {say('backup.save')}
              </Button>
            </div>
            {saved && (
              <Notice kind="good" live>
                {say('backup.saved')}
              </Notice>
            )}
          </section>
        </>
      )}
      <MovePhone />
    </div>
  );
}
