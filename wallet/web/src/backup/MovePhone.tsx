import { useState } from 'preact/hooks';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { wallet } from '../app/wallet.js';
import { makeBackup } from '../core/backup/backup.js';
import { newRecoveryCode, TRANSFER_GROUPS } from '../core/backup/recovery-code.js';
import { useText } from '../i18n/index.js';
import { SendFrames } from './SendFrames.js';

/** Moves everything to a new phone lying beside this one: codes for its camera, and a short code to type there. */
export function MovePhone() {
  const { say } = useText();
  const [moving, setMoving] = useState<{ code: string; bytes: Uint8Array }>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const begin = async (): Promise<void> => {
    const { vault, platform } = wallet();
    setBusy(true);
    setProblem(undefined);
    try {
      const code = newRecoveryCode(platform.crypto, TRANSFER_GROUPS);
      setMoving({ code, bytes: await makeBackup(vault, code, platform) });
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="card no-print" aria-labelledby="move-title">
      <h2 id="move-title">{say('move.title')}</h2>
      <p>{say('move.what')}</p>
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
      {!moving && (
        <div class="actions">
          <Button icon="scan" busy={busy} onClick={() => void begin()}>
            {say(busy ? 'secret.working' : 'move.begin')}
          </Button>
        </div>
      )}
      {moving && (
        <>
          <p>{say('move.code')}</p>
          <p class="move-code" data-code={moving.code}>
            <code>{moving.code}</code>
          </p>
          <SendFrames bytes={moving.bytes} onDone={() => setMoving(undefined)} />
        </>
      )}
    </section>
  );
}
