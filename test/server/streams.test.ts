import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp, createLogger, defineRoute, listen, type Listener } from '../../server/index.js';

const KIB = 1024;

describe('answers that stream, and bodies that take their time', () => {
  const lines: string[] = [];
  let listener: Listener;
  let made = 0;
  let ended = 0;

  before(async () => {
    const logger = createLogger({
      name: 'streams',
      level: 'trace',
      destination: { write: (line) => void lines.push(line) },
    });
    const app = createApp({ name: 'streams', version: '1', logger, requestsPerMinute: 1000 });
    const stream = (path: string, pieces: (signal: AbortSignal) => AsyncIterable<Uint8Array | string>): void =>
      defineRoute(app, {
        method: 'get',
        path,
        summary: path,
        access: 'public',
        responses: { 200: { description: 'pieces', type: 'text/plain' } },
        handler: () => ({ stream: pieces, type: 'text/plain' }),
      });
    stream('/endless', async function* () {
      try {
        for (;;) {
          made += 64 * KIB;
          yield new Uint8Array(64 * KIB);
          await sleep(0);
        }
      } finally {
        ended += 1;
      }
    });
    stream('/waiting', async function* (signal) {
      yield 'begun';
      await sleep(60_000, undefined, { signal }).catch(() => undefined);
      ended += 1;
    });
    stream('/broken', async function* () {
      yield 'half';
      await sleep(5);
      throw new Error('张伟');
    });
    defineRoute(app, {
      method: 'post',
      path: '/upload',
      summary: 'upload',
      access: 'public',
      bodyTimeoutMs: 300,
      idempotencyKey: 'required',
      middleware: [(request, _response, next) => void request.resume().once('end', next)],
      responses: {},
      handler: ({ idempotencyKey }) => ({ body: { idempotencyKey } }),
    });
    listener = await listen(app, { port: 0 });
  });
  after(() => listener.close());
  beforeEach(() => {
    made = 0;
    ended = 0;
  });
  const until = async (condition: () => boolean): Promise<void> => {
    for (let i = 0; i < 4000 && !condition(); i++) await sleep(5);
    assert.ok(condition());
  };

  it('makes no more than a slow client takes, and stops when it leaves', async () => {
    const socket = connect(listener.port, '127.0.0.1');
    socket.pause();
    socket.write('GET /endless HTTP/1.1\r\nHost: x\r\n\r\n');
    let still = 0;
    for (let round = 0; round < 100 && still < 3; round++) {
      const before = made;
      await sleep(200);
      still = made > 0 && made === before ? still + 1 : 0;
    }
    assert.equal(still, 3, 'it stands still while nobody reads');
    assert.ok(made < 16 * KIB * KIB, `${made} bytes were made for a client that reads nothing`);
    socket.destroy();
    await until(() => ended === 1);
  });

  it('tells a stream that waits that its client is gone', async () => {
    const reader = request(`${listener.url}/waiting`, (response) => response.once('data', () => reader.destroy()));
    reader.on('error', () => undefined).end();
    await until(() => ended === 1);
  });

  it('cuts an answer off that fails half-way, and logs it without what it says', async () => {
    const { error } = console;
    const printed: unknown[] = [];
    console.error = (...text) => void printed.push(text);
    try {
      const answer = await fetch(`${listener.url}/broken`);
      await assert.rejects(answer.text());
      await until(() => lines.some((line) => line.includes('an answer broke off')));
    } finally {
      console.error = error;
    }
    assert.ok(!lines.join('').includes('张伟'));
    assert.deepEqual(printed, [], 'nothing goes to the console');
  });

  it('makes nothing for a question about the headers only', async () => {
    assert.equal((await fetch(`${listener.url}/endless`, { method: 'HEAD' })).status, 200);
    assert.equal(made, 0);
  });

  it('closes the connection of a body that does not arrive in the time of its route', async () => {
    const socket = connect(listener.port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    const started = Date.now();
    socket.write('POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 50);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    assert.ok(Date.now() - started < 3000);
  });

  it('declares the Idempotency-Key of a route and hands it over', async () => {
    const send = (headers: Record<string, string>) =>
      fetch(`${listener.url}/upload`, { method: 'POST', headers, body: 'x' });
    assert.deepEqual(await (await send({ 'idempotency-key': 'key-00001' })).json(), { idempotencyKey: 'key-00001' });
    const missing = (await (await send({})).json()) as { code: string };
    assert.equal(missing.code, 'IDEMPOTENCY_KEY_MISSING');
    const document = (await (await fetch(`${listener.url}/openapi.json`)).json()) as {
      paths: Record<string, { post?: { parameters?: { in: string; name: string; required?: boolean }[] } }>;
    };
    const [parameter] = document.paths['/upload']?.post?.parameters ?? [];
    assert.deepEqual([parameter?.in, parameter?.name, parameter?.required], ['header', 'Idempotency-Key', true]);
  });
});
