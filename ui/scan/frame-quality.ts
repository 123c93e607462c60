import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';

/** How a frame looks, for telling the person what to change. */
export interface FrameQuality {
  /** Brightness of the brighter things in the middle, 0 to 1. */
  light: number;
  /** Steepest edges in the middle as a part of all contrast there, 0 to 1: about 0.7 in focus, under 0.3 blurred. */
  sharpness: number;
}

const STEP = 3;

/** Measures the middle of a frame by every third pixel of every third row. */
export function frameQuality({ data, width, height }: RgbaImage): FrameQuality {
  const histogram = new Uint32Array(256);
  const steps = new Uint32Array(256);
  const [left, right] = [Math.floor(width * 0.25), Math.floor(width * 0.75)];
  const [top, bottom] = [Math.floor(height * 0.2), Math.floor(height * 0.8)];
  let count = 0;
  const grey = (at: number): number => (data[at] ?? 0) + 2 * (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
  for (let y = top; y < bottom; y += STEP)
    for (let x = left; x < right; x += STEP) {
      const at = 4 * (y * width + x);
      const here = grey(at);
      // Two pixels apart, and the mean of two rows: noise counts less, an edge as much.
      const there = (grey(at + 8) + grey(at + 8 + 4 * width)) >> 1;
      const before = (here + grey(at + 4 * width)) >> 1;
      histogram[here >> 2] = (histogram[here >> 2] ?? 0) + 1;
      const step = Math.abs(there - before) >> 2;
      steps[step] = (steps[step] ?? 0) + 1;
      count++;
    }
  const bright = percentile(histogram, count, 0.9);
  const contrast = bright - percentile(histogram, count, 0.05);
  const steepest = percentile(steps, count, 0.985);
  return { light: bright / 255, sharpness: contrast < 12 ? 0 : Math.min(1, steepest / contrast) };
}

function percentile(histogram: Uint32Array, count: number, part: number): number {
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    sum += histogram[value] ?? 0;
    if (sum >= count * part) return value;
  }
  return 255;
}
