import assert from 'node:assert/strict';
import {
  answerIdempotencyKey,
  bindIdempotencyKey,
  claimIdempotencyKey,
  parseIdempotencyKey,
} from '../../server/index.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { temporaryDatabase } from './helpers.js';

describeOnEachDatabase('idempotency keys', (kind) => {
  let open: Awaited<ReturnType<typeof temporaryDatabase>>;
  const now = new Date('2026-11-21T09:00:00Z');
  const claim = { tenant: 'S000051000001', key: 'key-00000001', operation: 'issue', fingerprint: 'f1' };
  const take = (change: Partial<typeof claim> = {}) =>
    open.database.write((transaction) => claimIdempotencyKey(transaction, { ...claim, ...change, now }));

  beforeEach(async () => {
    open = await temporaryDatabase([], kind);
  });
  afterEach(() => open.remove());

  it('is new once, then started, then done with the same answer', async () => {
    assert.deepEqual(await take(), { state: 'new' });
    await open.database.write((transaction) => bindIdempotencyKey(transaction, { ...claim, subject: 's1' }));
    assert.deepEqual(await take(), { state: 'started', subject: 's1' });
    await open.database.write((transaction) =>
      answerIdempotencyKey(transaction, { ...claim, status: 201, answer: '{}' }),
    );
    assert.deepEqual(await take(), { state: 'done', subject: 's1', status: 201, answer: '{}' });
  });

  it('is free again when the write it was claimed in failed', async () => {
    await assert.rejects(
      open.database.write(async (transaction) => {
        await claimIdempotencyKey(transaction, { ...claim, now });
        throw new Error('write failed');
      }),
    );
    assert.deepEqual(await take(), { state: 'new' });
  });

  it('refuses another body or operation under the same key (IDEMPOTENCY_KEY_REUSED), and keeps tenants apart', async () => {
    await take();
    await assert.rejects(take({ fingerprint: 'f2' }), { code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
    await assert.rejects(take({ operation: 'revoke' }), { code: 'IDEMPOTENCY_KEY_REUSED' });
    assert.deepEqual(await take({ tenant: 'S000050000001' }), { state: 'new' });
  });

  it('demands a key of plain form', () => {
    assert.equal(parseIdempotencyKey('0b5c2e9a-1111'), '0b5c2e9a-1111');
    assert.throws(() => parseIdempotencyKey(undefined), { code: 'IDEMPOTENCY_KEY_MISSING' });
    for (const bad of ['short', 'a'.repeat(129), 'with blank 123', '张伟张伟张伟张伟'])
      assert.throws(() => parseIdempotencyKey(bad), { code: 'IDEMPOTENCY_KEY_INVALID' });
  });
});
