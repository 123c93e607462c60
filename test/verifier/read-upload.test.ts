import { strict as assert } from 'node:assert';
import { connect, type Socket } from 'node:net';
import { signedSample } from '../issuer/files/signed-sample.js';
import { startInformedVerifier, type RunningVerifier } from './service.js';

const MIB = 1024 * 1024;

describe('verifier: uploads', () => {
  let verifier: RunningVerifier;
  const sockets: Socket[] = [];
  before(async () => {
    verifier = await startInformedVerifier();
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
  after(() => verifier.stop());

  /** Begins an upload and never ends it; resolves with the head of an early answer, or with nothing after a while. */
  function begin(type: string, length: number, sent: Uint8Array, waitMs: number): Promise<string> {
    const socket = connect(Number(new URL(verifier.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(`POST /verify HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`);
    socket.write(sent);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs, '');
      socket.once('data', (data) => {
        clearTimeout(timer);
        resolve(data.toString('latin1'));
      });
    });
  }

  async function post(body: Uint8Array | string, type: string): Promise<number> {
    const response = await fetch(`${verifier.url}/verify`, {
      method: 'POST',
      body: typeof body === 'string' ? body : Buffer.from(body),
      headers: { 'Content-Type': type },
    });
    await response.arrayBuffer();
    return response.status;
  }

  it('holds eight large ones at a time; more are told to come back, and small certificates are verified meanwhile', async () => {
    const begun = Array.from({ length: 30 }, () => begin('application/pdf', 20 * MIB, new Uint8Array(64 * 1024), 1500));
    const heads = await Promise.all(begun);
    const refused = heads.filter((head) => head.startsWith('HTTP/1.1 503'));
    assert.equal(refused.length, 22);
    for (const head of refused) assert.match(head, /retry-after: \d/i);
    assert.equal(await post(JSON.stringify((await signedSample()).credential), 'application/json'), 200);
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await post(new Uint8Array(2 * MIB), 'application/pdf'), 422, 'the places are free again');
  });

  it('refuses what is announced as too large for its type before it is sent', async () => {
    const nothing = new Uint8Array(0);
    for (const [type, length] of [
      ['application/json', 70_000],
      ['text/plain', 70_000],
      ['application/pdf', 20 * MIB + 1],
      ['multipart/form-data; boundary=x', 21 * MIB],
    ] as const) {
      const head = await begin(type, length, nothing, 3000);
      assert.ok(head.startsWith('HTTP/1.1 413'), type);
      assert.ok(head.includes('CARRIER_TOO_LARGE'), type);
    }
  });

  it('keeps no more of a text of unknown length than the limit', async () => {
    const body = new Blob([new Uint8Array(70_000).fill(0x41)]).stream();
    const request = { method: 'POST', body, duplex: 'half', headers: { 'Content-Type': 'text/plain' } } as const;
    const response = await fetch(`${verifier.url}/verify`, request);
    const { code } = (await response.json()) as { code: string };
    assert.deepEqual([response.status, code], [413, 'CARRIER_TOO_LARGE']);
  });
});
