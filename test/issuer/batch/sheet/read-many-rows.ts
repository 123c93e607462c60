import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openIssueSheet } from '../../../../issuer/batch/sheet/index.js';
import { writeXlsx } from '../../../../issuer/batch/sheet/xlsx-writer/write-xlsx.js';
import { contextWith, goodRow, HEADER } from './sheet-world.js';

/** Worker: writes and reads an XLSX of so many rows; posts how many were good. */
const { count } = workerData as { count: number };
const folder = await mkdtemp(join(tmpdir(), 'yizheng-many-'));
function* rows(): Generator<readonly string[]> {
  yield HEADER;
  for (let n = 1; n <= count; n++) yield goodRow(n);
}

const path = join(folder, 'many.xlsx');
await pipeline(Readable.from(writeXlsx([{ name: '一', columns: [], rows: rows() }])), createWriteStream(path));
const sheet = await openIssueSheet({ path, name: 'many.xlsx' }, contextWith());
let good = 0;
for await (const row of sheet.rows()) if ('exam' in row) good++;
await rm(folder, { recursive: true });
parentPort?.postMessage(good);
