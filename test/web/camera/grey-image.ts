/** A picture with one byte a pixel: 0 is black, 255 white. */
export interface GreyImage {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** The brightness of pixels with four bytes each. */
export function greyOf({ data, width, height }: { data: Uint8ClampedArray; width: number; height: number }): GreyImage {
  const grey = new Uint8ClampedArray(width * height);
  for (let at = 0; at < grey.length; at++)
    grey[at] = 0.299 * (data[4 * at] ?? 0) + 0.587 * (data[4 * at + 1] ?? 0) + 0.114 * (data[4 * at + 2] ?? 0);
  return { data: grey, width, height };
}

/** The same with four bytes a pixel, as a canvas takes it. */
export function rgbaOf({ data, width, height }: GreyImage): {
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
} {
  const words = new Uint32Array(data.length);
  for (let at = 0; at < words.length; at++) words[at] = 0xff000000 | ((data[at] ?? 0) * 0x010101);
  return { data: new Uint8ClampedArray(words.buffer), width, height };
}

/** Half the size, each pixel the mean of four. */
export function halved({ data, width, height }: GreyImage): GreyImage {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1];
  const half = new Uint8ClampedArray(halfWidth * halfHeight);
  for (let y = 0, to = 0; y < halfHeight; y++)
    for (let x = 0, from = 2 * y * width; x < halfWidth; x++, from += 2)
      half[to++] =
        ((data[from] ?? 0) + (data[from + 1] ?? 0) + (data[from + width] ?? 0) + (data[from + width + 1] ?? 0)) / 4;
  return { data: half, width: halfWidth, height: halfHeight };
}
