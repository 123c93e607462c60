import { CameraError, openCamera, type Camera } from './camera.js';
import type { CameraProblem } from './camera-problem.js';
import { scanner } from './scanner-client.js';
import { startScan, type ScanListener, type ScanSession } from './scan-session.js';

/** What the scanning view is told. */
export interface ScanControlListener extends Omit<ScanListener, 'onSilence'> {
  onCamera(camera: Camera): void;
  onProblem(problem: CameraProblem): void;
}

/**
 * Keeps a camera on and its frames looked at while the page is seen. The camera is released when a code was taken, when the page is
 * hidden or left, on trouble, and by `release`; it comes back by itself when the page is seen again.
 * @param cameraId `id` of a camera chosen before
 */
export function controlScan(
  video: HTMLVideoElement,
  cameraId: string | undefined,
  listener: ScanControlListener,
): { release(): void } {
  let over = false;
  let attempt = 0;
  let camera: Camera | undefined;
  let session: ScanSession | undefined;

  const turnOff = (): void => {
    attempt++;
    session?.stop();
    camera?.stop();
    session = camera = undefined;
    video.srcObject = null;
  };
  const release = (): void => {
    over = true;
    turnOff();
    document.removeEventListener('visibilitychange', follow);
    window.removeEventListener('pagehide', turnOff);
  };
  const fail = (problem: CameraProblem): void => {
    if (over) return;
    release();
    listener.onProblem(problem);
  };
  const turnOn = async (): Promise<void> => {
    const mine = ++attempt;
    scanner().catch(() => undefined);
    const opened = await openCamera(cameraId, () => fail('unplugged'));
    if (mine !== attempt) {
      opened.stop();
      return;
    }
    camera = opened;
    video.srcObject = opened.stream;
    await video.play().catch(() => undefined);
    if (mine !== attempt) return;
    listener.onCamera(opened);
    session = startScan(video, {
      onHint: (hint) => listener.onHint(hint),
      onSilence: () => fail('busy'),
      onCode: async (text, found) => {
        const taken = await listener.onCode(text, found);
        if (taken) release();
        return taken;
      },
    });
  };
  const begin = (): void => {
    turnOn().catch((error: unknown) => fail(error instanceof CameraError ? error.problem : 'busy'));
  };
  function follow(): void {
    if (document.visibilityState === 'hidden') turnOff();
    else if (!camera) begin();
  }

  document.addEventListener('visibilitychange', follow);
  window.addEventListener('pagehide', turnOff);
  begin();
  return { release };
}
