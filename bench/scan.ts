import { availableParallelism } from 'node:os';
import { brotliCompressSync } from 'node:zlib';
import { launchBrowser } from '../test/web/browser.js';
import { GRADES } from '../test/web/camera/grades.js';
import { printedCertificate } from '../test/web/camera/printed-page.js';
import { presentBundle, startPresentVerifier } from '../test/web/open-verifier.js';
import { signedSample } from '../test/issuer/files/signed-sample.js';
import { appSize } from './scan/app-size.js';
import { coldStarts } from './scan/cold-start.js';
import { decodeTable, printedCodes, WAYS, type Cell } from './scan/decode-table.js';
import { scanTimes } from './scan/time-to-verdict.js';

const FRAMES = Number(process.env['BENCH_FRAMES'] ?? 6);
const PEOPLE = 3;
const SCANS = 3;
const STARTS = 5;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function print(cells: readonly Cell[]): void {
  console.log(
    `\nFrames of 1280 × 720 read, and milliseconds a frame; ${FRAMES} pictures a cell, codes printed 36 mm wide`,
  );
  const used = WAYS.filter((way) => cells.some(({ ms }) => ms[way] > 0));
  console.log(['code     grade', ...used.map((way) => way.padStart(16))].join(''));
  for (const { code, grade, frames, read, ms } of cells)
    console.log(
      [
        `${code.padEnd(9)}${grade}    `,
        ...used.map((way) =>
          `${Math.round((100 * read[way]) / frames)} % ${Math.round(ms[way] / frames)} ms`.padStart(16),
        ),
      ].join(''),
    );
  if (!used.includes('BarcodeDetector')) console.log('BarcodeDetector: this Chromium has none (Linux).');
}

const began = Date.now();
const page = await printedCertificate(await signedSample());

const browser = await launchBrowser();
const cells = await decodeTable(browser, printedCodes(page), FRAMES);
await browser.close();
print(cells);

const verifier = await startPresentVerifier();
const { toVerdict, verify } = await scanTimes(verifier.url, page, { people: PEOPLE, scans: SCANS });
await verifier.stop();
console.log(`\nCode in view to verdict, seconds: ${toVerdict.map((value) => value.toFixed(2)).join(' ')}`);
console.log(`Verifying alone, milliseconds: ${verify.map((value) => value.toFixed(1)).join(' ')}`);

const starts = await coldStarts(STARTS);
console.log(
  `Installed app, browser just started, no server, to ready, seconds: ${starts.map((value) => value.toFixed(2)).join(' ')}`,
);

const { appBrotli, largest, singleFile, singleFileBrotli } = appSize();
const bundle = brotliCompressSync((await presentBundle()).bundle).length;
console.log(
  `App ${appBrotli} bytes by brotli, the sample's bundle ${bundle}; single file ${singleFile}, by brotli ${singleFileBrotli}`,
);
for (const [name, bytes] of largest) console.log(`  ${String(bytes).padStart(7)} ${name}`);
console.log(`${availableParallelism()} cores, ${Math.round((Date.now() - began) / 1000)} s`);

const ours = cells.slice(0, GRADES.length);
console.log(
  JSON.stringify({
    decoded: Object.fromEntries(
      ours.map(({ grade, read, frames }) => [`grade${grade}`, round(read['app (all)'] / frames, 2)]),
    ),
    medianSecondsToVerdict: round(median(toVerdict), 2),
    verifyMs: round(median(verify), 1),
    coldStartSeconds: round(median(starts), 2),
    appBytesBrotli: appBrotli + bundle,
    singleFileBytes: singleFile,
  }),
);
