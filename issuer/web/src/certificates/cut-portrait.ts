import { YizhengError } from '../../../../shared/errors.js';

/** 25 × 35 mm at 600 dpi: twice what is printed. */
const SIZE = { width: 590, height: 826 };

/**
 * A photo as it will stand on the certificate: upright, cut to 25 × 35 mm about its middle, JPEG. The file itself does not leave the browser.
 * @throws YizhengError `PICTURE_UNREADABLE`
 */
export async function cutPortrait(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  const { width, height } = SIZE;
  const scale = Math.max(width / picture.width, height / picture.height);
  const [w, h] = [picture.width * scale, picture.height * scale];
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw unreadable();
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(unreadable())), 'image/jpeg', 0.92);
  });
}

function unreadable(cause?: unknown): YizhengError {
  return new YizhengError('PICTURE_UNREADABLE', 'The picture must be a whole PNG or JPEG file.', { cause });
}
