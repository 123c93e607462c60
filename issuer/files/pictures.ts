import { createCanvas, loadImage, type Image } from '@napi-rs/canvas';
import { readImageHeader } from '../../shared/carrier/image-header.js';
import { YizhengError } from '../../shared/errors.js';
import { MAX_PICTURE_BYTES } from './picture-limit.js';

const MAX_SIDE_PX = 6000;
const MIN_SIDE_PX = 100;
/** 25 × 35 mm and 40 × 40 mm at 300 dpi. */
const PORTRAIT = { width: 295, height: 413 };
const SEAL_PX = 472;

/**
 * A photo fit for its place: cut to 25 × 35 mm about its middle, on white, as JPEG at 300 dpi. Drawn anew, so that nothing but what is
 * seen remains of the file (no place or camera).
 * @throws YizhengError `PICTURE_UNREADABLE`, `PICTURE_SIZE` (422)
 */
export async function portrait(file: Uint8Array): Promise<Uint8Array> {
  const image = await readPicture(file);
  const { width, height } = PORTRAIT;
  const scale = Math.max(width / image.width, height / image.height);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  const [w, h] = [image.width * scale, image.height * scale];
  context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
  return new Uint8Array(await canvas.encode('jpeg', 92));
}

/**
 * A seal fit for print: at most 40 × 40 mm at 300 dpi, PNG, what is transparent stays so. Drawn anew, as {@link portrait}.
 * @throws YizhengError `PICTURE_UNREADABLE`, `PICTURE_SIZE` (422)
 */
export async function sealPicture(file: Uint8Array): Promise<Uint8Array> {
  const image = await readPicture(file);
  const scale = Math.min(SEAL_PX / image.width, SEAL_PX / image.height);
  const canvas = createCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Uint8Array(await canvas.encode('png'));
}

async function readPicture(file: Uint8Array): Promise<Image> {
  const header = file.length <= MAX_PICTURE_BYTES ? readImageHeader(file) : undefined;
  if (header?.width === undefined || header.height === undefined || header.truncated) throw unreadable();
  const sides = [header.width, header.height];
  if (Math.min(...sides) < MIN_SIDE_PX || Math.max(...sides) > MAX_SIDE_PX)
    throw new YizhengError(
      'PICTURE_SIZE',
      `The picture must be from ${MIN_SIDE_PX} to ${MAX_SIDE_PX} pixels wide and high.`,
      { status: 422 },
    );
  return loadImage(Buffer.from(file)).catch((cause: unknown) => {
    throw unreadable(cause);
  });
}

function unreadable(cause?: unknown): YizhengError {
  return new YizhengError('PICTURE_UNREADABLE', 'The picture must be a whole PNG or JPEG file of at most 2 MB.', {
    status: 422,
    cause,
  });
}
