import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';
import { serve, type Port } from '../worker/rpc.js';
import { lookAtFrame, type FrameReport } from './look-at-frame.js';
import { createQrDecoder, type QrDecoder } from './qr-decoder.js';

/** What the scanning thread can do. */
export type Scanner = ReturnType<typeof createScanner>;

/** Makes the scanner: it finds codes in frames, and believes nothing of them. */
export function createScanner() {
  let decoder: Promise<QrDecoder> | undefined;
  let canvas: OffscreenCanvas | undefined;
  const decoderOf = (): Promise<QrDecoder> => (decoder ??= createQrDecoder());

  const pixelsOf = (bitmap: ImageBitmap): RgbaImage => {
    const { width, height } = bitmap;
    if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
    if (!context) throw new TypeError('no canvas in this thread');
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    return context.getImageData(0, 0, width, height);
  };

  return {
    /** Looks at one frame; `round` counts them. */
    look: async ({ frame, round }: { frame: ImageBitmap | RgbaImage; round: number }): Promise<FrameReport> =>
      lookAtFrame(await decoderOf(), 'close' in frame ? pixelsOf(frame) : frame, round),
    /** Loads the decoder; gives its name. */
    warm: async (): Promise<QrDecoder['name']> => (await decoderOf()).name,
  };
}

/** Runs the scanner in a worker. */
export function start(port: Port): void {
  serve(port, createScanner());
}
