import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';
import { enlargeMiddle } from './enlarge-middle.js';
import { frameQuality, type FrameQuality } from './frame-quality.js';
import type { QrDecoder } from './qr-decoder.js';

/** What one camera frame showed. */
export interface FrameReport extends FrameQuality {
  /** Content of a QR code. */
  bytes?: Uint8Array;
  /** A code is there, but it could not be read. */
  broken: boolean;
  /** Milliseconds of looking. */
  ms: number;
}

/**
 * Looks for a code in a camera frame. Of three frames one is looked at whole and quickly, one in the middle enlarged and thoroughly, one
 * softened besides: together they read more than any alone (`npm run bench:scan`).
 * @param round number of the frame
 */
export async function lookAtFrame(decoder: QrDecoder, frame: RgbaImage, round: number): Promise<FrameReport> {
  const began = performance.now();
  const seen =
    round % 3 === 0
      ? await decoder.look(frame, 'quick')
      : await decoder.look(enlargeMiddle(frame, { soften: round % 3 === 2 }), 'thorough');
  const bytes = seen && 'bytes' in seen ? seen.bytes : undefined;
  return {
    ...frameQuality(frame),
    ...(bytes && { bytes }),
    broken: seen !== undefined && !bytes,
    ms: performance.now() - began,
  };
}
