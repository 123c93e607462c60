/**
 * Waits until the video shows another frame; where the browser does not tell, until it draws the screen again.
 * @returns when the camera took it, or else now, in milliseconds of `performance.now()`
 */
export function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const done = (time: number): void => {
      signal.removeEventListener('abort', give);
      resolve(time);
    };
    const give = (): void => done(performance.now());
    signal.addEventListener('abort', give, { once: true });
    if ('requestVideoFrameCallback' in video)
      video.requestVideoFrameCallback((now, { captureTime }) => done(captureTime ?? now));
    else requestAnimationFrame(done);
  });
}

let canvas: HTMLCanvasElement | undefined;

/** The frame a video shows, at the camera's full resolution; undefined when it shows none. */
export async function pictureOf(video: HTMLVideoElement): Promise<ImageBitmap | ImageData | undefined> {
  const { videoWidth: width, videoHeight: height } = video;
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || width === 0) return undefined;
  if (canDrawInWorkers()) return createImageBitmap(video).catch(() => undefined);
  canvas ??= document.createElement('canvas');
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  context?.drawImage(video, 0, 0);
  return context?.getImageData(0, 0, width, height);
}

let drawable: boolean | undefined;

function canDrawInWorkers(): boolean {
  return (drawable ??= 'OffscreenCanvas' in globalThis && new OffscreenCanvas(1, 1).getContext('2d') !== null);
}
