import { createCanvas, loadImage } from '@napi-rs/canvas';
import { greyOf, type GreyImage } from './grey-image.js';

const FRAME = { width: 1280, height: 720 };

/** What a camera sees that looks at nothing. */
export function blankFrame(): GreyImage {
  return { ...FRAME, data: new Uint8ClampedArray(FRAME.width * FRAME.height).fill(90) };
}

/** A picture, e.g. a screenshot of a code, as a camera sees it that is held in front of it. */
export async function heldInFront(png: Buffer): Promise<GreyImage> {
  const image = await loadImage(png);
  const canvas = createCanvas(FRAME.width, FRAME.height);
  const drawing = canvas.getContext('2d');
  drawing.fillStyle = '#5a5a5a';
  drawing.fillRect(0, 0, FRAME.width, FRAME.height);
  const side = FRAME.height * 0.92;
  drawing.drawImage(image, (FRAME.width - side) / 2, (FRAME.height - side) / 2, side, side);
  return greyOf({ ...FRAME, data: drawing.getImageData(0, 0, FRAME.width, FRAME.height).data });
}
