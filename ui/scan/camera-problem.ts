/** Why there is no picture from a camera. */
export type CameraProblem = 'insecure' | 'unsupported' | 'refused' | 'none' | 'busy' | 'unplugged';

/** Finds out what a failed `getUserMedia` means (Media Capture and Streams §10.3). */
export function cameraProblem(error: unknown): CameraProblem {
  switch ((error as { name?: unknown } | null)?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'TypeError':
      return 'unsupported';
    default:
      return 'busy';
  }
}

/** Where the person must go to allow the camera again. */
export type Platform = 'android' | 'ios' | 'desktop';

/** @param userAgent as the browser says; `touchPoints` tells an iPad from the Mac it says it is */
export function platformOf(userAgent: string, touchPoints: number): Platform {
  if (/android|harmonyos/i.test(userAgent)) return 'android';
  return /iphone|ipad|ipod/i.test(userAgent) || (/macintosh/i.test(userAgent) && touchPoints > 1) ? 'ios' : 'desktop';
}
