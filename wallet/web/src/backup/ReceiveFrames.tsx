import { useEffect, useRef, useState } from 'preact/hooks';
import { errorCode, YizhengError } from '../../../../shared/errors.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { CameraTrouble } from '../../../../ui/scan/CameraTrouble.js';
import type { CameraProblem } from '../../../../ui/scan/camera-problem.js';
import { controlScan } from '../../../../ui/scan/control-scan.js';
import { chosenCamera } from '../../../../ui/scan/scan-preferences.js';
import { createAssembler } from '../core/backup/frames.js';
import { useText } from '../i18n/index.js';

/** Films the codes the old phone shows, in any order, until all are there. */
export function ReceiveFrames({ onBackup, onClose }: { onBackup: (bytes: Uint8Array) => void; onClose: () => void }) {
  const { say } = useText();
  const video = useRef<HTMLVideoElement>(null);
  const [progress, setProgress] = useState({ have: 0, total: 0 });
  const [trouble, setTrouble] = useState<CameraProblem>();
  const [problem, setProblem] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const tell = useRef(onBackup);
  tell.current = onBackup;
  useEffect(() => {
    const screen = video.current;
    if (!screen) return;
    const assembler = createAssembler();
    setTrouble(undefined);
    const control = controlScan(screen, chosenCamera(), {
      onCamera: () => undefined,
      onProblem: setTrouble,
      onHint: () => undefined,
      onCode: (text) => {
        try {
          const { have, total, done } = assembler.add(text);
          setProgress({ have, total });
          if (done) tell.current(assembler.bytes());
          return Promise.resolve(done);
        } catch (error) {
          // Another code than a frame is looked past; the codes of another backup are named.
          if (!(error instanceof YizhengError)) throw error;
          setProblem(errorCode(error) === 'TRANSFER_FRAME' ? undefined : error);
          return Promise.resolve(false);
        }
      },
    });
    return () => control.release();
  }, [attempt]);
  return (
    <section class="scan" aria-label={say('frames.receive')}>
      <h2>{say('frames.receive')}</h2>
      <p>{say('frames.receive-what')}</p>
      <div class="scan-stage" hidden={trouble !== undefined}>
        <video ref={video} class="scan-video" playsInline muted aria-label={say('scan.picture')} />
        <p class="scan-hint" role="status">
          {progress.total === 0 ? say('scan.hint.aim') : say('frames.have', progress)}
        </p>
      </div>
      {progress.total > 0 && (
        <progress class="live-bar" max={progress.total} value={progress.have} aria-hidden="true" />
      )}
      {trouble !== undefined && <CameraTrouble problem={trouble} onRetry={() => setAttempt((n) => n + 1)} />}
      {problem !== undefined && (
        <Notice kind="care" live>
          {problemText(problem, say)}
        </Notice>
      )}
      <div class="actions">
        <Button icon="close" onClick={onClose}>
          {say('scan.stop')}
        </Button>
      </div>
    </section>
  );
}
