import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openPromise } from 'yauzl';
import { mapAhead } from '../../../issuer/batch/output/map-ahead.js';
import { progressEvents } from '../../../issuer/batch/output/progress-events.js';
import { zipStream, type ZipFile } from '../../../issuer/batch/output/zip-stream.js';
import type { BatchProgress } from '../../../issuer/batch/types.js';
import { readPdfAttachment } from '../../../shared/carrier/pdf-attachment.js';
import { readImageHeader } from '../../../shared/carrier/image-header.js';
import type { Problem } from '../../../server/index.js';
import { answer, CODE, startWorld, type World } from '../world.js';
import { line, people, sheetFile } from './sheets.js';

const COUNT = 100;

async function filesOf(archive: string): Promise<Map<string, Buffer>> {
  const zip = await openPromise(archive, { autoClose: false });
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry);
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    files.set(entry.fileName, Buffer.concat(parts));
  }
  zip.close();
  return files;
}

describe('issuer: what comes out of a batch', function () {
  this.timeout(60_000);
  let world: World;
  let folder: string;
  let batch: string;
  let numbers: string[];
  let archives = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yizheng-output-'));
    world = await startWorld();
    const { batches } = world.issuer.service;
    const path = await sheetFile(join(folder, 'sheet.csv'), [...people(COUNT), line(701, { level: '九级' })]);
    const { id } = await batches.upload({
      institution: CODE,
      actor: 'test',
      operation: 'issue',
      file: { path, name: 'sheet.csv' },
    });
    batch = id;
    await batches.confirm(CODE, id, { actor: 'test', rows: 'good' });
    while ((await batches.get(CODE, id)).state !== 'done') await sleep(50);
    numbers = (await batches.rows(CODE, id)).flatMap(({ certificate }) => certificate?.number ?? []);
  });
  after(async () => {
    await world.remove();
    await rm(folder, { recursive: true });
  });

  const zip = (query: string, secret = world.secrets.clerk) =>
    fetch(`${world.listener.url}/institutions/${CODE}/batches/${batch}/result.zip?${query}`, {
      headers: { authorization: `Bearer ${secret}` },
    });
  const fetched = async (query: string): Promise<string> => {
    const file = join(folder, `${++archives}.zip`);
    const { body, status } = await zip(query);
    assert.equal(status, 200);
    await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(file));
    return file;
  };

  const rename = async (number: string, name: string): Promise<() => Promise<unknown>> => {
    const { knex } = world.database;
    const { credential } = (await knex('certificates').where({ number }).first()) as { credential: string };
    await knex('certificates')
      .where({ number })
      .update({ credential: credential.replace(/"name":"张伟\d+"/, `"name":"${name}"`) });
    return () => knex('certificates').where({ number }).update({ credential }).then();
  };

  it(`packs ${COUNT} certificates so that other programs open the archive, byte for byte what was issued`, async () => {
    const archive = await fetched('files=qr,credential');
    const files = await filesOf(archive);
    assert.equal(files.size, 2 * COUNT + 2);
    assert.deepEqual([...files.keys()].slice(0, 2), ['办理结果.xlsx', 'batch-record.jwt']);
    for (const number of numbers) {
      const { json } = await world.issuer.service.certificate(CODE, number);
      assert.equal(files.get(`credential/${number}.json`)?.toString(), json);
      assert.equal(readImageHeader(files.get(`qr/${number}.png`) ?? new Uint8Array())?.format, 'png');
    }
    await promisify(execFile)('unzip', ['-tq', archive]).catch((error: unknown) => {
      assert.equal((error as { code?: unknown }).code, 'ENOENT', 'where the program is there, it finds no fault');
    });
  });

  it('packs a range of rows, with PDFs that hold the certificate they show', async () => {
    const files = await filesOf(await fetched('files=pdf&from=3&to=4&lang=en'));
    const wanted = numbers.slice(1, 3);
    assert.deepEqual(
      [...files.keys()],
      ['results.xlsx', 'batch-record.jwt', ...wanted.map((number) => `pdf/${number}.pdf`)],
    );
    for (const number of wanted) {
      const { json } = await world.issuer.service.certificate(CODE, number);
      assert.equal(await readPdfAttachment(new Uint8Array(files.get(`pdf/${number}.pdf`) ?? [])), json);
    }
  });

  it('tells what cannot be printed in a list, and gives the rest', async () => {
    const [first = ''] = numbers;
    const restore = await rename(first, '\u{2A6D6}');
    const files = await filesOf(await fetched('files=pdf&from=2&to=3'));
    await restore();
    assert.match(files.get('not-printed.csv')?.toString() ?? '', new RegExp(`${first},FONT_GLYPH_MISSING`));
    assert.ok(files.has(`pdf/${numbers[1] ?? ''}.pdf`));
  });

  it('makes names harmless that a spreadsheet program would take for formulas', async () => {
    const restore = await rename(numbers[0] ?? '', '=cmd|A1');
    const url = `${world.listener.url}/institutions/${CODE}/batches/${batch}/result.csv?to=2`;
    const text = await (await fetch(url, { headers: { authorization: `Bearer ${world.secrets.auditor}` } })).text();
    await restore();
    assert.match(text, /cmd\|A1/);
    assert.doesNotMatch(text, /(?:^|,|")[=+@]/m);
  });

  it('refuses too large an archive, another kind of file and a batch of somebody else', async () => {
    assert.equal((await answer<Problem>(zip('files=exe'), 422)).code, 'REQUEST_INVALID');
    assert.equal((await answer<Problem>(zip('', world.secrets.other), 404)).code, 'NOT_FOUND');
    const { knex } = world.database;
    const [row] = (await knex('certificates').where({ institution: CODE }).limit(1)) as Record<string, unknown>[];
    const many = Array.from({ length: 4950 }, (_, i) => ({
      ...row,
      id: `urn:yizheng:certificate:filler-${i}:1`,
      number: `filler-${i}`,
      list: 9,
      list_index: i,
      idempotency_key: `batch/${batch}/${String(i + 5000).padStart(7, '0')}`,
    }));
    await knex.batchInsert('certificates', many, 30);
    const problem = await answer<Problem>(zip('files=pdf'), 422);
    assert.equal(problem.code, 'BATCH_ZIP_TOO_LARGE');
    assert.match(problem.detail, /5050 certificates.*5000/);
    await knex('certificates').where({ list: 9 }).delete();
  });

  it('stops printing when the client leaves', async () => {
    const { files } = world.issuer.service;
    const print = files.print.bind(files);
    let printed = 0;
    files.print = async (...request) => {
      printed += 1;
      return print(...request);
    };
    const socket = connect(world.listener.port, '127.0.0.1');
    socket.write(
      `GET /institutions/${CODE}/batches/${batch}/result.zip?files=pdf HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.secrets.clerk}\r\n\r\n`,
    );
    for (let i = 0; i < 3000 && printed === 0; i++) await sleep(10);
    socket.destroy();
    await sleep(1000);
    const atLeaving = printed;
    await sleep(3000);
    files.print = print;
    assert.ok(atLeaving > 0);
    assert.ok(printed - atLeaving <= 1, `${printed - atLeaving} more were begun`);
    assert.ok(printed < COUNT / 2);
  });
});

describe('streams of a batch', () => {
  const progress = (done: number, state: BatchProgress['state'] = 'running') => ({ state, done }) as BatchProgress;

  it('keeps the newest state alone for a reader that does not read', async () => {
    let tell = (_: BatchProgress): void => undefined;
    let stopped = false;
    const events = progressEvents({
      subscribe: (listener) => {
        tell = listener;
        return () => (stopped = true);
      },
      signal: new AbortController().signal,
      closing: () => false,
    });
    const first = events.next();
    tell(progress(1));
    assert.match(String((await first).value), /"done":1\b/);
    for (let done = 2; done <= 100_000; done++) tell(progress(done));
    tell(progress(100_001, 'done'));
    assert.match(String((await events.next()).value), /"done":100001\b/);
    assert.match(String((await events.next()).value), /^event: end/);
    assert.equal((await events.next()).done, true);
    assert.ok(stopped);
  });

  it('gives signs of life while nothing happens, and ends with its reader, the service and its time', async () => {
    const quiet = (changes: object) =>
      progressEvents({
        subscribe: () => () => undefined,
        signal: new AbortController().signal,
        closing: () => false,
        heartbeatMs: 20,
        ...changes,
      });
    const living = quiet({});
    assert.match(String((await living.next()).value), /^:/);
    await living.return(undefined);
    assert.equal((await quiet({ closing: () => true }).next()).done, true);
    assert.equal((await quiet({ mostMs: 0 }).next()).done, true);
    const left = new AbortController();
    const waiting = quiet({ signal: left.signal, heartbeatMs: 60_000 }).next();
    left.abort();
    assert.equal((await waiting).done, true);
  });

  it('works ahead by a few and keeps the order', async () => {
    let begun = 0;
    const results = mapAhead(
      Array.from({ length: 50 }, (_, i) => i),
      4,
      async (i) => {
        begun += 1;
        await sleep(i % 3);
        return i;
      },
    );
    const seen: number[] = [];
    for await (const result of results) {
      seen.push(result);
      assert.ok(begun - seen.length <= 4);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 50 }, (_, i) => i),
    );
  });

  it('asks for the next file of an archive only when the one before has gone out', async () => {
    let asked = 0;
    async function* files(): AsyncGenerator<ZipFile> {
      for (; asked < 1000; asked++) {
        yield { name: `${asked}`, content: new Uint8Array(100_000), deflate: false };
        await sleep(0);
      }
    }
    const zip = zipStream(files(), new Date('2026-11-21T00:00:00Z'));
    await zip.next();
    await zip.next();
    assert.ok(asked <= 2, `${asked} files were made`);
    await zip.return(undefined);
  });

  it('writes names in any script, and dates', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yizheng-zip-'));
    const archive = join(folder, 'a.zip');
    const parts: Uint8Array[] = [];
    async function* files(): AsyncGenerator<ZipFile> {
      yield { name: '办理结果.txt', content: Buffer.from('一证'.repeat(1000)), deflate: true };
      yield { name: 'empty', content: new Uint8Array(), deflate: false };
      await sleep(0);
    }
    for await (const part of zipStream(files(), new Date('2026-11-21T00:00:00Z'))) parts.push(part);
    await writeFile(archive, Buffer.concat(parts));
    const found = await filesOf(archive);
    assert.equal(found.get('办理结果.txt')?.toString(), '一证'.repeat(1000));
    assert.equal(found.get('empty')?.length, 0);
    await rm(folder, { recursive: true });
  });
});
