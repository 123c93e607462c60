import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { singleFilePath } from '../../verifier/web-pages.js';

/** Sizes in bytes. */
export interface AppSize {
  /** Every file of the app, each compressed by brotli: what installing it costs on the wire. */
  appBrotli: number;
  /** The largest of them, compressed. */
  largest: [name: string, bytes: number][];
  /** The single HTML file, as it is and compressed. */
  singleFile: number;
  singleFileBrotli: number;
}

/** Measures the app as it was built. */
export function appSize(): AppSize {
  const single = singleFilePath();
  const folder = join(dirname(single), 'app');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name): [string, number] => [name, brotliCompressSync(readFileSync(join(folder, name))).length])
    .sort(([, a], [, b]) => b - a);
  const html = readFileSync(single);
  return {
    appBrotli: files.reduce((sum, [, bytes]) => sum + bytes, 0),
    largest: files.slice(0, 6),
    singleFile: html.length,
    singleFileBrotli: brotliCompressSync(html).length,
  };
}
