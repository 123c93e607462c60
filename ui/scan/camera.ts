import { cameraProblem, type CameraProblem } from './camera-problem.js';

/** A camera that can be chosen. */
export interface CameraChoice {
  id: string;
  /** As the system calls it; may be empty. */
  label: string;
}

/** A camera that is on. */
export interface Camera {
  stream: MediaStream;
  /** Identifies it for the next visit; undefined where the browser does not say. */
  id: string | undefined;
  /** Every camera of the device; their names are only known once one is allowed. */
  choices: CameraChoice[];
  /** Switches the light; undefined where it has none. */
  torch?: (on: boolean) => Promise<void>;
  zoom?: { min: number; max: number; step: number; value: number; set: (value: number) => Promise<void> };
  /** Releases it; may be called again. */
  stop(): void;
}

/** A camera could not be had. */
export class CameraError extends Error {
  override readonly name = 'CameraError';
  constructor(readonly problem: CameraProblem) {
    super(`no camera: ${problem}`);
  }
}

interface MoreCapabilities extends MediaTrackCapabilities {
  torch?: boolean;
  zoom?: { min: number; max: number; step: number };
  focusMode?: string[];
}

/** All ideals: an `exact` or `min` above what a camera has would give no picture at all. */
const WANTED = { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 30 } };

/**
 * Turns a camera on: the one remembered, or the one on the back.
 * @param wantedId `id` of an earlier visit
 * @param onEnded it was unplugged, or its permission was taken back
 * @throws CameraError
 */
export async function openCamera(wantedId: string | undefined, onEnded: () => void): Promise<Camera> {
  const media = (navigator as Partial<Navigator>).mediaDevices;
  if (!media) throw new CameraError(isSecureContext ? 'unsupported' : 'insecure');
  const stream = await openStream(media, wantedId);
  const [track] = stream.getVideoTracks();
  if (!track) throw new CameraError('none');
  track.addEventListener('ended', onEnded);
  const devices = await media.enumerateDevices().catch(() => []);
  const capabilities = (track.getCapabilities as (() => MoreCapabilities) | undefined)?.call(track) ?? {};
  if (capabilities.focusMode?.includes('continuous')) await adjust(track, { focusMode: 'continuous' });
  const { zoom } = capabilities;
  return {
    stream,
    id: track.getSettings().deviceId,
    choices: devices
      .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label })),
    ...(capabilities.torch === true && { torch: (on: boolean) => adjust(track, { torch: on }) }),
    ...(zoom &&
      zoom.max > zoom.min && {
        zoom: {
          min: zoom.min,
          max: zoom.max,
          step: zoom.step > 0 ? zoom.step : 0.1,
          value: track.getSettings().zoom ?? zoom.min,
          set: (value: number) => adjust(track, { zoom: value }),
        },
      }),
    stop: () => {
      track.removeEventListener('ended', onEnded);
      for (const each of stream.getTracks()) each.stop();
    },
  };
}

async function openStream(media: MediaDevices, wantedId: string | undefined): Promise<MediaStream> {
  if (wantedId !== undefined)
    try {
      return await media.getUserMedia({ audio: false, video: { ...WANTED, deviceId: { exact: wantedId } } });
    } catch (error) {
      // Gone, or under a new name: any other camera will do.
      if (!['none', 'busy'].includes(cameraProblem(error))) throw new CameraError(cameraProblem(error));
    }
  try {
    return await media.getUserMedia({ audio: false, video: { ...WANTED, facingMode: { ideal: 'environment' } } });
  } catch (error) {
    throw new CameraError(cameraProblem(error));
  }
}

/** Asks for what not every camera can; one that cannot stays as it is. */
async function adjust(track: MediaStreamTrack, setting: object): Promise<void> {
  await track.applyConstraints({ advanced: [setting] }).catch(() => undefined);
}
