import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { NativeEd25519 } from '../keys/signing/native-ed25519.js';
import { administer, type DatabaseKind } from '../test/database/fresh-database.js';
import { startPostgres } from '../test/database/start-postgres.js';
import type { EndToEnd } from './end-to-end.js';
import { interleave, median, type Measured, type Work } from './measure.js';
import { raw } from './raw-ed25519.js';

/** `--small` looks whether everything runs; its figures mean little. */
const IS_SMALL = process.argv.includes('--small');
const RAW_ROUNDS = 25;
/**
 * Sheets for the rate of whole batches, of each kind of database in turn. One is issued before and not counted, as in a service that
 * has been running for a while: a fresh process spends the time of some 20,000 rows on getting its code compiled.
 */
const SHEET_ROWS = IS_SMALL ? 2000 : 100_000;
const WARM_UP_ROWS = IS_SMALL ? 500 : 20_000;
const SHEET_ROUNDS = IS_SMALL ? 1 : 3;
/** Sheets for the memory of a batch. */
const MEMORY_ROWS = IS_SMALL ? [] : [100_000, 1_000_000];
/**
 * Node lets garbage pile up as long as the machine has memory to spare, so its peak says little of a program. These bounds make it
 * collect: what is live of a batch is some 50 MB. On two processors, both busy, threads that help to collect take them from what signs and
 * stores.
 */
const HEAP_BOUNDS = ['--max-old-space-size=200', '--max-semi-space-size=4', '--single-threaded-gc'];
/**
 * As much does the allocator of glibc, which gives each thread a pool of its own and keeps ever more of what it was given back, unless these
 * are set (mallopt(3), docs/operating.md).
 */
const ALLOCATOR = {
  MALLOC_ARENA_MAX: '4',
  MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(4 * 1024 * 1024),
};
/** The longest sheet is left out where it would take longer, unless `--full` is given. */
export const PATIENCE_SECONDS = 300;
/** A batch beside the machine as it was then: its speed changes within minutes, by half where others use it too. */
export interface SheetRun extends EndToEnd {
  /** Raw signatures on one core right before and after, on average; nothing else runs then. */
  raw: Measured;
}

/** Whole batches, each in a process of its own. */
export interface Sheets {
  sqlite: SheetRun[];
  postgres: SheetRun[];
  /** By rows; undefined where it was left out. */
  memory: Map<number, EndToEnd | undefined>;
}

/** Measures whole batches, with raw signatures right before and after each. */
export async function measureSheets(native: NativeEd25519): Promise<Sheets> {
  const sheets: Sheets = { sqlite: [], postgres: [], memory: new Map() };
  const server = await startPostgres();
  try {
    for (let round = 0; round < SHEET_ROUNDS; round++) {
      sheets.sqlite.push(await besideRaw(native, 'sqlite'));
      // One server for all sheets: it writes its log over files of before, where a new one fills files with zeros first.
      await administer(server.url, 'checkpoint');
      sheets.postgres.push(await besideRaw(native, 'postgres', { YIZHENG_TEST_POSTGRES: server.url }));
    }
  } finally {
    await server.stop();
  }
  const expected = (many: number): number => many / median(sheets.sqlite.map(perSecondOf));
  for (const many of MEMORY_ROWS) {
    const isLong = expected(many) > PATIENCE_SECONDS && !process.argv.includes('--full');
    sheets.memory.set(many, isLong ? undefined : await sheetInChild('sqlite', many, 0));
  }
  return sheets;
}

async function besideRaw(
  native: NativeEd25519,
  database: DatabaseKind,
  environment: NodeJS.ProcessEnv = {},
): Promise<SheetRun> {
  const before = await rawNow(native);
  const run = await sheetInChild(database, SHEET_ROWS, WARM_UP_ROWS, environment);
  const after = await rawNow(native);
  return {
    ...run,
    raw: {
      perSecond: (before.perSecond + after.perSecond) / 2,
      cpuMicroseconds: (before.cpuMicroseconds + after.cpuMicroseconds) / 2,
    },
  };
}

/** Raw signatures of the fastest library, medians of short rounds. */
async function rawNow(native: NativeEd25519): Promise<Measured> {
  const [sign] = Object.entries(raw(native.library, native)) as [[string, Work]];
  const [measured] = (await interleave(Object.fromEntries([sign]), RAW_ROUNDS)).values();
  if (!measured) throw new Error('nothing was measured');
  return measured;
}

/** Certificates per second of the clock. */
export function perSecondOf({ rows: many, seconds }: EndToEnd): number {
  return many / seconds;
}

function sheetInChild(
  database: DatabaseKind,
  many: number,
  warmUp: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<EndToEnd> {
  return new Promise((resolve, reject) => {
    const args = [database, String(many), String(warmUp)];
    const child = fork(fileURLToPath(new URL('./sheet-process.js', import.meta.url)), args, {
      execArgv: HEAP_BOUNDS,
      env: { ...process.env, ...ALLOCATOR, ...environment },
    });
    child.on('message', (message) => resolve(message as EndToEnd));
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the run on ${database} ended with ${String(code)}`)));
  });
}

/** {@link perSecondOf}, the median of some runs. */
export function sheetRate(runs: readonly EndToEnd[]): number {
  return median(runs.map(perSecondOf));
}

/** Prints a line about runs of one kind. */
export function reportSheets(label: string, runs: readonly SheetRun[]): void {
  const ofRaw = runs.map((run) => perSecondOf(run) / run.raw.perSecond);
  const units = median(runs.map((run) => (run.cpuSeconds * 1e6) / run.rows / run.raw.cpuMicroseconds));
  const cpuEach = median(runs.map(({ cpuSeconds, rows: many }) => (cpuSeconds * 1e6) / many));
  const dryRun = median(runs.map(({ dryRunSeconds, seconds }) => dryRunSeconds / seconds));
  console.log(
    `${label.padEnd(44)}${sheetRate(runs).toFixed(0).padStart(8)}/s${cpuEach.toFixed(0).padStart(7)} µs   ` +
      `${median([...ofRaw]).toFixed(3)} of (a) on the clock as it was beside each run (${ofRaw.map((one) => one.toFixed(3)).join(', ')}); ` +
      `${units.toFixed(1)} signatures of processor time; the dry run is ${(dryRun * 100).toFixed(0)} % of the time`,
  );
}
