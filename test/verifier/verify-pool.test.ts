import { strict as assert } from 'node:assert';
import { createResolver } from '../../shared/did/create-resolver.js';
import { createVerifyPool, type VerifyPool } from '../../verifier/verify-pool.js';
import type { Job } from '../../verifier/worker-messages.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW } from './sample-bundle.js';
import { testKey } from '../proof/keys.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { CREDENTIALS_V2_URL } from '../../shared/certificate/context.js';

const small: Job = { kind: 'carrier', carrier: '{}', anchor: AUTHORITY, now: NOW };

/** A credential whose issuer's DID is never resolved: the thread waits as long as it is let. */
async function stuck(): Promise<Job> {
  const { signer } = testKey('did:web:slow.example', 5);
  const credential = await eddsaRdfc2022.sign(
    {
      '@context': [CREDENTIALS_V2_URL],
      type: ['VerifiableCredential'],
      issuer: 'did:web:slow.example',
      credentialSubject: { id: 'did:web:somebody.example' },
    },
    { signer, created: '2026-11-20T09:00:00Z' },
  );
  return { kind: 'credential', json: JSON.stringify(credential), anchor: AUTHORITY, now: NOW };
}

describe('verifier: threads', () => {
  let pool: VerifyPool | undefined;
  afterEach(async () => {
    await pool?.close();
  });

  it('ends a verification that takes too long and goes on with the next', async () => {
    pool = createVerifyPool({
      resolver: { resolve: () => new Promise(() => undefined) },
      limits: { workers: 1, jsonMs: 300 },
    });
    const late = pool.run(await stuck());
    const next = pool.run(small);
    const started = Date.now();
    await assert.rejects(late, { code: 'VERIFICATION_TIMEOUT', status: 422 });
    assert.equal((await next).kind, 'carrier');
    assert.ok(Date.now() - started < 20_000);
  });

  it('refuses more than may wait, at once', async () => {
    pool = createVerifyPool({ resolver: createResolver(), limits: { workers: 1, queue: 2 } });
    const waiting = [pool.run(small), pool.run(small)];
    await assert.rejects(pool.run(small), { code: 'VERIFIER_BUSY', status: 503 });
    assert.equal((await Promise.all(waiting)).length, 2);
  });

  it('lets nobody wait for ever when it is closed', async () => {
    pool = createVerifyPool({ resolver: createResolver(), limits: { workers: 1 } });
    const waiting = [pool.run(small), pool.run(small)].map((run) =>
      run.catch((error: unknown) => error as { code: string }),
    );
    await pool.close();
    for (const error of await Promise.all(waiting)) assert.match((error as { code: string }).code, /^VERIFIER_/);
  });

  it('refuses 10,000 unnamed nodes in half a second (F15)', async () => {
    pool = createVerifyPool({ resolver: createResolver(), limits: { workers: 1 } });
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
