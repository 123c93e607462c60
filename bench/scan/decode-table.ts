import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { Browser, Page } from 'playwright-core';
import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';
import { GRADES, shotOf, type Grade } from '../../test/web/camera/grades.js';
import { rgbaOf, type GreyImage } from '../../test/web/camera/grey-image.js';
import { photograph, type PrintedPage } from '../../test/web/camera/photograph.js';
import { symbolOfVersion, withSymbol } from '../../test/web/camera/printed-page.js';
import { bundleWebModule } from '../../test/web/load-web-module.js';

/** Ways of looking at one frame that are compared. */
export const WAYS = [
  'zxing whole',
  'zxing harder',
  'zxing enlarged',
  'zxing softened',
  'app (all)',
  'qr whole',
  'BarcodeDetector',
] as const;
export type Way = (typeof WAYS)[number];

/** Frames read and milliseconds spent, of one code at one grade. */
export interface Cell {
  code: string;
  grade: Grade;
  frames: number;
  read: Record<Way, number>;
  ms: Record<Way, number>;
}

const FRAME = { width: 1280, height: 720 };
const WASM = 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm';
const JPEG_QUALITY = 85;

/** Symbols printed equally wide in the same place: ours, and fuller ones as other formats need for the same certificate. */
export function printedCodes(
  page: PrintedPage & { text: string; version: number },
): [code: string, page: PrintedPage, text: string][] {
  return [
    [`ours v${page.version}`, page, page.text],
    ...[15, 20, 25].map((version): [string, PrintedPage, string] => {
      const { symbol, text } = symbolOfVersion(version);
      return [`v${version}`, withSymbol(page, symbol), text];
    }),
  ];
}

/** Takes the pictures and has Chromium read each in every way. @param frames pictures of each code at each grade */
export async function decodeTable(
  browser: Browser,
  codes: ReturnType<typeof printedCodes>,
  frames: number,
): Promise<Cell[]> {
  const page = await browser.newPage();
  await page.goto('about:blank');
  for (const name of ['look-at-frame', 'qr-decoder', 'enlarge-middle'])
    await page.addScriptTag({
      content: await bundleWebModule(resolve(`ui/scan/${name}.ts`), 'iife', camelCase(name)),
    });
  await page.evaluate(prepare, readFileSync(WASM).toString('base64'));
  const cells: Cell[] = [];
  for (const [code, printed, text] of codes)
    for (const grade of GRADES) {
      const cell: Cell = { code, grade, frames, read: none(), ms: none() };
      for (let seed = 1; seed <= frames; seed++)
        add(cell, await lookEveryWay(page, await jpegOf(photograph(printed, shotOf(grade, seed, FRAME))), text));
      cells.push(cell);
    }
  await page.close();
  return cells;
}

function none(): Record<Way, number> {
  return Object.fromEntries(WAYS.map((way) => [way, 0])) as Record<Way, number>;
}

function add(cell: Cell, looks: Partial<Record<Way, { read: boolean; ms: number }>>): void {
  for (const [way, { read, ms }] of Object.entries(looks) as [Way, { read: boolean; ms: number }][]) {
    cell.read[way] += Number(read);
    cell.ms[way] += ms;
  }
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

async function jpegOf(frame: GreyImage): Promise<string> {
  const { data, width, height } = rgbaOf(frame);
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(data, width, height), 0, 0);
  return (await canvas.encode('jpeg', JPEG_QUALITY)).toString('base64');
}

type Look = { bytes: Uint8Array } | { broken: true } | undefined;
interface Decoder {
  look(image: RgbaImage, effort: 'quick' | 'thorough'): Promise<Look>;
}
/** What the page holds after `prepare`. */
interface BenchGlobals {
  qrDecoder: { zxingDecoder: (wasm: ArrayBuffer) => Promise<Decoder>; plainDecoder: () => Promise<Decoder> };
  enlargeMiddle: { enlargeMiddle: (image: RgbaImage, options?: { soften: boolean }) => RgbaImage };
  decoders: { zxing: Decoder; plain: Decoder };
  BarcodeDetector?: new (options: object) => { detect(image: ImageBitmap): Promise<{ rawValue: string }[]> };
}

async function prepare(wasm: string): Promise<void> {
  const globals = globalThis as unknown as BenchGlobals;
  const bytes = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
  const { zxingDecoder, plainDecoder } = globals.qrDecoder;
  globals.decoders = { zxing: await zxingDecoder(bytes.buffer), plain: await plainDecoder() };
}

function lookEveryWay(
  page: Page,
  jpeg: string,
  text: string,
): Promise<Partial<Record<Way, { read: boolean; ms: number }>>> {
  return page.evaluate(
    async ({ jpeg, text }) => {
      const { decoders, enlargeMiddle, BarcodeDetector } = globalThis as unknown as BenchGlobals;
      const file = Uint8Array.from(atob(jpeg), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([file], { type: 'image/jpeg' }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no canvas');
      context.drawImage(bitmap, 0, 0);
      const image = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const timed = async (look: () => Promise<Look | string>): Promise<{ read: boolean; ms: number }> => {
        const began = performance.now();
        const seen = await look();
        const ms = performance.now() - began;
        const got =
          typeof seen === 'string' ? seen : seen && 'bytes' in seen ? new TextDecoder().decode(seen.bytes) : '';
        return { read: got === text, ms };
      };
      const whole = await timed(() => decoders.zxing.look(image, 'quick'));
      const enlarged = await timed(() => decoders.zxing.look(enlargeMiddle.enlargeMiddle(image), 'thorough'));
      const softened = await timed(() =>
        decoders.zxing.look(enlargeMiddle.enlargeMiddle(image, { soften: true }), 'thorough'),
      );
      const native = BarcodeDetector && new BarcodeDetector({ formats: ['qr_code'] });
      return {
        'zxing whole': whole,
        'zxing harder': await timed(() => decoders.zxing.look(image, 'thorough')),
        'zxing enlarged': enlarged,
        'zxing softened': softened,
        'app (all)': {
          read: whole.read || enlarged.read || softened.read,
          ms: (whole.ms + enlarged.ms + softened.ms) / 3,
        },
        'qr whole': await timed(() => decoders.plain.look(image, 'quick')),
        ...(native && {
          BarcodeDetector: await timed(async () => (await native.detect(bitmap))[0]?.rawValue ?? ''),
        }),
      };
    },
    { jpeg, text },
  );
}
