import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { startWorld, CODE } from '../test/issuer/world.js';
import type { DatabaseKind } from '../test/database/fresh-database.js';
import type { IssuerService } from '../issuer/service.js';

/** What a whole batch took: sheet in, durable rows with signed credentials and QR texts out. */
export interface EndToEnd {
  rows: number;
  /** Seconds of the clock from the first byte read to the last row stored, and of that the dry run. */
  seconds: number;
  dryRunSeconds: number;
  /** Seconds of processor time of the issuing process, all its threads; a database server has its own. */
  cpuSeconds: number;
  /** Peak resident memory of the issuing process, MiB. */
  peakRssMiB: number;
}

const HEADER =
  '姓名,证件号码,职业编码,工种,等级,考核计划编号,考核方式,考核标准,标准类型,考核日期,证书类别,理论成绩,实操成绩';
const NAMES = ['张伟', '王秀英', '欧阳建国', '阿卜杜热合曼·买买提', '李娜', '扎西顿珠'];
const LEVELS = ['五级', '四级', '三级', '二级'];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CLERK = 'clerk';

/**
 * Uploads a sheet of `rows` people, confirms it and waits until the last certificate is stored. In a process of its own, the memory
 * is that of a batch.
 * @param warmUp rows of a sheet that is issued before, as in a service that has been running for a while; not counted
 */
export async function issueSheet(kind: DatabaseKind, rows: number, warmUp: number): Promise<EndToEnd> {
  const world = await startWorld({ kind, batches: { threads: 2 } });
  try {
    const { batches } = world.issuer.service;
    if (warmUp > 0) {
      const before = await writeSheet(join(world.folder, 'before.csv'), rows, warmUp);
      await issued(batches, await confirmed(batches, before), warmUp);
    }
    const sheet = await writeSheet(join(world.folder, 'sheet.csv'), 0, rows);
    const cpu = process.cpuUsage();
    const began = performance.now();
    const id = await confirmed(batches, sheet);
    const checked = performance.now();
    await issued(batches, id, rows);
    const ended = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    return {
      rows,
      seconds: (ended - began) / 1000,
      dryRunSeconds: (checked - began) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    await world.remove();
  }
}

type Batches = IssuerService['batches'];

/** Uploads a sheet and has it issued. @returns id of the batch */
async function confirmed(batches: Batches, path: string): Promise<string> {
  const { id, wrong } = await batches.upload({
    institution: CODE,
    actor: CLERK,
    operation: 'issue',
    file: { path, name: 'sheet.csv' },
  });
  if (wrong > 0) throw new Error(`wrong rows: ${JSON.stringify(await batches.problems(CODE, id, { limit: 3 }))}`);
  await batches.confirm(CODE, id, { actor: CLERK, rows: 'all' });
  return id;
}

/** Waits for the end of a batch. */
async function issued(batches: Batches, id: string, rows: number): Promise<void> {
  for (;;) {
    const { state, done } = await batches.get(CODE, id);
    if (state === 'done' && done === rows) break;
    if (state !== 'running' && state !== 'done') throw new Error(`the batch is ${state}`);
    await pause(50);
  }
}

/** Writes a sheet of people from the `first` on. @returns where it lies */
async function writeSheet(path: string, first: number, rows: number): Promise<string> {
  const out = createWriteStream(path);
  out.write(`\ufeff${HEADER}\r\n`);
  for (let start = 0; start < rows; start += 1000) {
    const count = Math.min(1000, rows - start);
    const text = Array.from({ length: count }, (_, i) => `${line(first + start + i)}\r\n`).join('');
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return path;
}

/** Another person, level, plan and scores in every line. */
function line(n: number): string {
  return [
    `${NAMES[n % NAMES.length] ?? ''}${n % 7 === 0 ? '甲' : ''}`,
    citizen(n),
    '6-18-02-04',
    '电焊工',
    LEVELS[n % LEVELS.length],
    `2026-PJ-${String(n % 40).padStart(4, '0')}`,
    '考试',
    'GZB 6-18-02-04-2018',
    '国家职业标准',
    '2026-11-15',
    '职业技能等级证书',
    60 + (n % 40),
    `${60 + (n % 37)}.5`,
  ].join(',');
}

/** A citizen number of its own for each of twenty million. */
function citizen(n: number): string {
  const day = new Date(Date.UTC(1950, 0, 1 + Math.floor(n / 999)));
  const digits = `510105${day.toISOString().slice(0, 10).replaceAll('-', '')}${String((n % 999) + 1).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return `${digits}${'10X98765432'[sum % 11] ?? ''}`;
}
