import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { request as httpRequest, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type NextFunction, type Request, type Response } from 'express';
import { Slots } from '../../../issuer/batch/output/slots.js';
import { sheetUpload, withSheet } from '../../../issuer/routes/upload-sheet.js';
import { errorCode } from '../../../shared/errors.js';

describe('room for uploads and long answers', () => {
  let server: Server;
  let folder: string;
  let port: number;
  let arrived: number;
  /** What the handler of an upload waits for, and what asking who somebody is waits for. */
  let work: Promise<void>;
  let open: () => void;
  let authenticationMs: number;
  const { TMPDIR } = process.env;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yizheng-slots-'));
    process.env['TMPDIR'] = folder;
    authenticationMs = 0;
    arrived = 0;
    work = Promise.resolve();
    const app = express();
    const archives = new Slots({ all: 8, each: 3 });
    app.use(async (_request, _response, next) => {
      arrived++;
      await sleep(authenticationMs);
      next();
    });
    app.post(
      '/:institutionCode/upload',
      sheetUpload({ fileBytes: 1e6, atOnce: 4, each: 3 }),
      async (request: Request, response: Response) => {
        await withSheet(request, () => work);
        response.send('done');
      },
    );
    app.get('/:institutionCode/zip', (request: Request, response: Response) => {
      archives.take(request, 'a');
      response.send('done');
    });
    app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
      response.status(500).send(errorCode(error));
    });
    server = app.listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(async () => {
    mock.timers.reset();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    await rm(folder, { recursive: true, force: true });
  });

  const upload = async (tenant = 'a', signal?: AbortSignal): Promise<string> => {
    const form = new FormData();
    form.set('file', new Blob(['a,b\n']), 'x.csv');
    const to = `http://127.0.0.1:${port}/${tenant}/upload`;
    return (await fetch(to, { method: 'POST', body: form, ...(signal ? { signal } : {}) })).text();
  };
  const zip = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/a/zip`)).text();
  const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
    for (let i = 0; i < 3000 && !(await what()); i++) await sleep(10);
    assert.ok(await what());
  };
  const folders = async (): Promise<string[]> => (await readdir(folder)).map((name) => join(folder, name));
  const slowWork = (): void => {
    work = new Promise((resolve) => (open = resolve));
  };

  it('is not lost to senders who leave while they are still asked who they are', async () => {
    authenticationMs = 100;
    for (const [method, path] of [
      ...Array<[string, string]>(4).fill(['POST', '/a/upload']),
      ['GET', '/a/zip'],
      ['GET', '/a/zip'],
      ['GET', '/a/zip'],
    ] as const) {
      const before = arrived;
      const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': 100 };
      const leaving = httpRequest({ port, host: '127.0.0.1', method, path, headers });
      leaving.on('error', () => undefined);
      leaving.flushHeaders();
      await until(() => arrived > before);
      leaving.destroy();
    }
    await until(async () => (await upload()) === 'done');
    await until(async () => (await zip()) === 'done');
    await until(async () => (await folders()).length === 0);
  });

  it('is not lost to requests that wait for another on one connection that is closed', async () => {
    authenticationMs = 50;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    slowWork();
    const body = '--x\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\na,b\r\n--x--\r\n';
    const post = `POST /a/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    socket.write(`${post}${'GET /a/zip HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3)}`);
    await until(() => arrived === 4);
    await sleep(500);
    assert.equal(await zip(), 'TOO_MANY_STREAMS');
    socket.destroy();
    open();
    await until(async () => (await zip()) === 'done');
  });

  it('is taken by a sheet until its rows are checked, also when its sender has left', async () => {
    slowWork();
    const leaving = new AbortController();
    const left = [1, 2, 3].map(() => upload('a', leaving.signal).catch(() => 'left'));
    await until(async () => (await folders()).length === 3 && arrived === 3);
    await sleep(100);
    leaving.abort();
    await Promise.all(left);
    assert.equal(await upload('a'), 'UPLOAD_BUSY', 'three dry runs still go on');
    open();
    await until(async () => (await folders()).length === 0);
    assert.equal(await upload('a'), 'done');
  });

  it('is never taken whole by one institution', async () => {
    slowWork();
    const first = [1, 2, 3].map(() => upload('a'));
    await until(async () => (await folders()).length === 3);
    assert.equal(await upload('a'), 'UPLOAD_BUSY');
    const other = upload('b');
    await until(async () => (await folders()).length === 4);
    assert.equal(await upload('c'), 'UPLOAD_BUSY');
    open();
    assert.deepEqual(await Promise.all([...first, other]), ['done', 'done', 'done', 'done']);
  });

  it('keeps the folder of a dry run that takes hours while others sweep', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    slowWork();
    const slow = upload('a');
    await until(async () => (await folders()).length === 1);
    await sleep(100);
    const [own = ''] = await folders();
    const old = new Date(Date.now() - 7_200_000);
    await utimes(own, old, old);
    mock.timers.tick(600_000);
    await sleep(50);
    const other = upload('b');
    await until(async () => (await folders()).length === 2);
    assert.ok((await folders()).includes(own));
    open();
    assert.deepEqual(await Promise.all([slow, other]), ['done', 'done']);
  });
});
