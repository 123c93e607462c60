import { detectNatively } from './native-detector.js';
import type { FrameReport } from './look-at-frame.js';
import { endScanner, scanner } from './scanner-client.js';
import { watchForHints, type ScanHint } from './scan-hints.js';
import { nextFrame, pictureOf } from './video-frame.js';

/** What a session tells. */
export interface ScanListener {
  /** A code was read; nothing about it is known. The session waits for the promise; true ends it. */
  onCode(text: string, found: { frameMs: number; capturedAt: number }): Promise<boolean>;
  onHint(hint: ScanHint): void;
  /** No frame came for some seconds: another program has the camera, or its shutter is closed. */
  onSilence(): void;
}

/** A scan under way. */
export interface ScanSession {
  /** Ends it; the camera is the caller's. */
  stop(): void;
}

const SILENCE_MS = 6_000;
const utf8 = new TextDecoder();

/** Looks at the frames of a playing video, one at a time, the newest whenever the last was done with. */
export function startScan(video: HTMLVideoElement, listener: ScanListener): ScanSession {
  const ended = new AbortController();
  const { signal } = ended;
  const over = (): boolean => signal.aborted;
  const hints = watchForHints();
  let silence: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    ended.abort();
    clearTimeout(silence);
  };
  const giveUp = (): void => {
    endScanner();
    listener.onSilence();
  };
  const expectFrame = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => document.visibilityState === 'visible' && giveUp(), SILENCE_MS);
  };
  const give = async (text: string, found: { frameMs: number; capturedAt: number }): Promise<void> => {
    if (!over() && (await listener.onCode(text, found))) stop();
  };

  const run = async (): Promise<void> => {
    const { ask } = await scanner();
    expectFrame();
    for (let round = 0; !over(); round++) {
      const capturedAt = await nextFrame(video, signal);
      if (over()) return;
      expectFrame();
      const frame = await pictureOf(video);
      if (!frame) continue;
      const transfer = 'close' in frame ? frame : frame.data.buffer;
      const began = performance.now();
      const [report, native] = await Promise.all<FrameReport | string | undefined>([
        ask('look', { frame, round }, [transfer]),
        detectNatively(video),
      ]);
      const seen = report as FrameReport;
      const text = seen.bytes ? utf8.decode(seen.bytes) : (native as string | undefined);
      if (over()) return;
      if (text === undefined) listener.onHint(hints.see(seen, performance.now()));
      else await give(text, { frameMs: performance.now() - began, capturedAt });
    }
  };
  run().catch(() => !over() && giveUp());
  return { stop };
}
