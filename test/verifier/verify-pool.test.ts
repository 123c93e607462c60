import { strict as assert } from 'node:assert';
import { renderQrPng } from '../../issuer/files/qr-png.js';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { createVerifyPool, type VerifyPool } from '../../verifier/verify-pool.js';
import type { Job } from '../../verifier/worker-messages.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW } from './sample-bundle.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { CREDENTIALS_V2_URL } from '../../shared/certificate/context.js';

const small: Job = { kind: 'carrier', carrier: '{}', anchor: AUTHORITY, now: NOW };

/** A picture whose code takes longer to find than it is given. */
async function slow(): Promise<Job> {
  const { credential } = await signedSample();
  const carrier = await renderQrPng(encodeQr(credential, { url: 'https://verify.example/' }).segments, { modulePx: 8 });
  return { kind: 'carrier', carrier, anchor: AUTHORITY, now: NOW };
}

describe('verifier: threads', () => {
  let pool: VerifyPool | undefined;
  afterEach(async () => {
    await pool?.close();
  });

  it('ends a verification that takes too long and goes on with the next', async () => {
    pool = createVerifyPool({ workers: 1, fileMs: 1, jsonMs: 20_000 });
    const late = pool.run(await slow());
    const next = pool.run(small);
    const started = Date.now();
    await assert.rejects(late, { code: 'VERIFICATION_TIMEOUT', status: 422 });
    assert.equal((await next).kind, 'carrier');
    assert.ok(Date.now() - started < 20_000);
  });

  it('refuses more than may wait, at once', async () => {
    pool = createVerifyPool({ workers: 1, queue: 2 });
    const waiting = [pool.run(small), pool.run(small)];
    await assert.rejects(pool.run(small), { code: 'VERIFIER_BUSY', status: 503 });
    assert.equal((await Promise.all(waiting)).length, 2);
  });

  it('lets nobody wait for ever when it is closed', async () => {
    pool = createVerifyPool({ workers: 1 });
    const waiting = [pool.run(small), pool.run(small)].map((run) =>
      run.catch((error: unknown) => error as { code: string }),
    );
    await pool.close();
    for (const error of await Promise.all(waiting)) assert.match((error as { code: string }).code, /^VERIFIER_/);
  });

  it('refuses 10,000 unnamed nodes in half a second (F15)', async () => {
    pool = createVerifyPool({ workers: 1 });
    await pool.run(small);
    const nodes = JSON.stringify({
      '@context': [CREDENTIALS_V2_URL],
      a: Array.from({ length: 10_000 }, () => ({ b: {} })),
    });
    const started = Date.now();
    await assert.rejects(pool.run({ ...small, carrier: nodes }), { code: /JSON_TOO_(?:LARGE|MANY_NODES)/ });
    assert.ok(Date.now() - started < 500);
  });
});
