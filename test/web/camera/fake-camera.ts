import { closeSync, openSync, writeSync } from 'node:fs';
import type { GreyImage } from './grey-image.js';

/**
 * Writes frames as a YUV4MPEG2 file (4:2:0) that Chromium plays as its camera, over and over:
 * `--use-fake-device-for-media-stream --use-file-for-fake-video-capture=PATH`.
 * @param frames all of one size, both sides even
 */
export function writeY4m(path: string, frames: Iterable<GreyImage>, { fps }: { fps: number }): void {
  const file = openSync(path, 'w');
  try {
    let colour: Uint8Array | undefined;
    for (const { data, width, height } of frames) {
      if (!colour) {
        writeSync(file, `YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\n`);
        colour = new Uint8Array((width * height) / 2).fill(128);
      }
      writeSync(file, 'FRAME\n');
      writeSync(file, data);
      writeSync(file, colour);
    }
  } finally {
    closeSync(file);
  }
}

/** Flags that make a file Chromium's camera, granted without asking. */
export function fakeCameraFlags(path?: string): string[] {
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    ...(path === undefined ? [] : [`--use-file-for-fake-video-capture=${path}`]),
  ];
}
