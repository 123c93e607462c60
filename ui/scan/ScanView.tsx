import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { Button, FileButton, Notice } from '../parts/index.js';
import type { Camera } from './camera.js';
import type { CameraProblem } from './camera-problem.js';
import { CameraControls } from './CameraControls.js';
import { CameraTrouble } from './CameraTrouble.js';
import { controlScan } from './control-scan.js';
import { judgeCode, type OtherCode } from './judge-code.js';
import type { ScanHint } from './scan-hints.js';
import { chooseCamera, chosenCamera } from './scan-preferences.js';

/** How long a scan took, milliseconds. */
export interface ScanTiming {
  /** From when the camera took the frame to when it was read, which with the verifier is its verdict. */
  frameToVerdict: number;
  /** Of which: looking for the code in that frame, and verifying. */
  look: number;
  verify: number;
}

/** What may be in a file that is chosen instead of scanning. */
const FILE_TYPES = 'image/*,application/pdf,application/json,.json,.txt,.yz';
const FOREIGN_SHOWN_MS = 6_000;

/**
 * The camera, looking for a code of ours from when it is shown until it found one or is taken away; the camera is then off.
 * Codes of other things are named, and the search goes on. Files can be chosen at any time.
 */
export function ScanView<T>({
  title,
  read,
  onResult,
  onFiles,
  onError,
  onClose,
  children,
}: {
  /** What is looked for. */
  title: string;
  /** What is done with a code of ours; throws the codes of `openInput` for others. */
  read: (text: string) => Promise<T>;
  /** A code of ours was read. */
  onResult: (result: T, timing: ScanTiming) => void;
  /** Files were chosen instead. */
  onFiles: (files: File[]) => void;
  /** Nothing can be verified at all, e.g. YizhengError `TRUST_MISSING`. */
  onError: (error: unknown) => void;
  /** The reader has enough of it. */
  onClose: () => void;
  /** Choices below the picture. */
  children?: ComponentChildren;
}) {
  const { say } = useText();
  const place = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [start, setStart] = useState({ camera: chosenCamera() });
  const [camera, setCamera] = useState<Camera>();
  const [problem, setProblem] = useState<CameraProblem>();
  const [hint, setHint] = useState<ScanHint>();
  const [other, setOther] = useState<OtherCode>();
  const tell = useRef({ read, onResult, onError });
  tell.current = { read, onResult, onError };

  useEffect(() => {
    place.current?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'start' });
  }, []);
  // A layout effect is undone as the view goes, not after the next frame was painted: the camera is off at once.
  useLayoutEffect(() => {
    const screen = video.current;
    if (!screen) return;
    let last: { text: string; at: number } | undefined;
    setProblem(undefined);
    setCamera(undefined);
    setHint(undefined);
    const control = controlScan(screen, start.camera, {
      onCamera: setCamera,
      onProblem: (found) => {
        setCamera(undefined);
        setProblem(found);
      },
      onHint: (next) => {
        setHint(next);
        if (last && performance.now() - last.at > FOREIGN_SHOWN_MS) {
          last = undefined;
          setOther(undefined);
        }
      },
      onCode: async (text, { frameMs, capturedAt }) => {
        if (last?.text === text) {
          last.at = performance.now();
          return false;
        }
        const began = performance.now();
        try {
          const judged = await judgeCode(text, tell.current.read);
          const done = performance.now();
          if (judged.kind === 'ours') {
            performance.measure('yizheng.look', { start: capturedAt, end: began });
            performance.measure('yizheng.verify', { start: began, end: done });
            tell.current.onResult(judged.result, {
              frameToVerdict: done - capturedAt,
              look: frameMs,
              verify: done - began,
            });
            return true;
          }
          last = { text, at: done };
          setOther(judged);
          return false;
        } catch (error) {
          tell.current.onError(error);
          return true;
        }
      },
    });
    return () => control.release();
  }, [start]);

  return (
    <section ref={place} class="scan" tabIndex={-1} aria-label={title}>
      <div class="scan-stage" hidden={problem !== undefined}>
        <video ref={video} class="scan-video" playsInline muted aria-label={say('scan.picture')} />
        <div class="scan-guide" aria-hidden="true">
          <i />
          <i />
          <i />
          <i />
        </div>
        <p class="scan-hint" role="status">
          {say(camera ? `scan.hint.${hint ?? 'aim'}` : 'scan.starting')}
        </p>
      </div>
      {problem !== undefined && (
        <CameraTrouble problem={problem} onRetry={() => setStart({ camera: chosenCamera() })} />
      )}
      {other && <OtherCodeNotice judged={other} />}
      {camera && (
        <CameraControls
          key={camera.id ?? ''}
          camera={camera}
          onChoose={(id) => {
            chooseCamera(id);
            setStart({ camera: id });
          }}
        />
      )}
      <div class="actions">
        <FileButton label={say('scan.files')} onFiles={onFiles} accept={FILE_TYPES} multiple />
      </div>
      {problem === undefined && children}
      <div class="actions">
        <Button icon={problem === undefined ? 'close' : 'back'} onClick={onClose}>
          {say(problem === undefined ? 'scan.stop' : 'app.back')}
        </Button>
      </div>
    </section>
  );
}

function OtherCodeNotice({ judged }: { judged: OtherCode }) {
  const { say } = useText();
  if (judged.kind === 'damaged') return <Notice kind="care" live title={say('scan.damaged')} />;
  const { foreign, link } = judged;
  return (
    <Notice kind={link && link.kind !== 'foreign' ? 'bad' : 'info'} live title={say(`scan.foreign.${foreign}`)}>
      {link && <p>{say(`link.${link.kind}`, { host: link.host })}</p>}
      <p>{say('scan.goes-on')}</p>
    </Notice>
  );
}
