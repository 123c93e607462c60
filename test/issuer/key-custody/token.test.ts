import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BatchProgress } from '../../../issuer/batch/index.js';
import { Pkcs11Token } from '../../../keys/pkcs11/pkcs11-token.js';
import { readAudit } from '../../../server/index.js';
import { PIN, softHsm, whyNoSoftHsm } from '../../keys/softhsm.js';
import { checkBatchInvariants } from '../batch/batch-invariants.js';
import { people, sheetFile } from '../batch/sheets.js';
import { answer, CODE, exam } from '../world.js';
import { startCustodyWorld, type Ceremony, type CustodyWorld } from './custody-world.js';

const BATCHES = { chunkRows: 20, threads: 1, pollMs: 30, retryMs: 20, leaseMs: 500 };
const why = whyNoSoftHsm();

describe('issuer: certificates signed on a PKCS#11 token', function () {
  this.timeout(120_000);
  if (why !== undefined) {
    it.skip(`was not tried: ${why}`);
    return;
  }
  let world: CustodyWorld;
  let token: Pkcs11Token;
  let clock: NodeJS.Timeout;
  const serialOf = (): string => token.serial;

  before(async () => {
    softHsm().addToken('institution');
    token = await Pkcs11Token.open({ module: softHsm().module, label: 'institution', pin: PIN });
    world = await startCustodyWorld('sqlite', { token, batches: BATCHES, now: new Date() });
    clock = setInterval(() => (world.time.now = new Date()), 10);
    clock.unref();
  });
  afterEach(() => softHsm().putBack());
  after(async () => {
    await world.remove();
    clearInterval(clock);
    await token.close();
  });

  const issue = (n: number): Promise<Response> => world.call('POST', `${world.path}/certificates`, exam(n));
  const { batches, start, until } = {
    batches: () => world.issuer.service.batches,
    start: async (first: number, count: number): Promise<string> => {
      const path = await sheetFile(join(world.folder, `sheet-${first}.csv`), people(count, first));
      const file = { path, name: 'sheet.csv' };
      const { id } = await batches().upload({ institution: CODE, actor: 'clerk-1', operation: 'issue', file });
      return id;
    },
    until: async (id: string, wanted: (progress: BatchProgress) => boolean): Promise<BatchProgress> => {
      for (let waited = 0; waited < 2000; waited++) {
        const progress = await batches().get(CODE, id);
        if (wanted(progress)) return progress;
        await pause(20);
      }
      throw new Error(JSON.stringify(await batches().get(CODE, id)));
    },
  };

  it('a certificate from the first request to the verifier, and the page says where the key is', async () => {
    const { credential } = await answer<{ credential: object }>(issue(1), 201);
    assert.equal(await world.libraryVerifies(credential), true);
    const [key] = await world.keys();
    assert.deepEqual(key?.token, { label: 'institution', serial: serialOf(), isDestroyed: false });
    const page = await answer<{ token: object }>(
      world.call('GET', `${world.path}/keys`, undefined, { secret: world.secrets.auditor }),
    );
    assert.deepEqual(page.token, { label: 'institution', serial: serialOf() });
  });

  it('a batch waits while the token is away, says so, and goes on by itself', async () => {
    const id = await start(100, 50);
    softHsm().takeOut();
    await batches().confirm(CODE, id, { actor: 'clerk-1', rows: 'all' });
    const waiting = await until(id, ({ trouble }) => trouble?.retryAt !== undefined);
    assert.deepEqual([waiting.state, waiting.trouble?.code], ['running', 'TOKEN_ABSENT']);
    const refused = await issue(2);
    assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [503, 'TOKEN_ABSENT']);
    softHsm().putBack();
    const done = await until(id, ({ state }) => state === 'done');
    assert.deepEqual([done.done, done.failed, done.trouble], [50, 0, undefined]);
    await checkBatchInvariants(world, { sample: 1 });
  });

  it('two custodians change the key as ever: made on the token, the old one destroyed there', async () => {
    const made = await answer<Ceremony>(world.confirm(await world.propose({ kind: 'prepare' })));
    await world.accreditKeys();
    const [next, old] = await world.keys();
    assert.deepEqual([next?.state, next?.token?.serial], ['next', serialOf()]);
    assert.equal(made.keyId, next?.id);
    const proposed = await world.propose({ kind: 'activate', key: next?.id.split('#')[1] });
    await answer<Ceremony>(world.confirm(proposed, next?.fingerprint));
    const after = await world.keys();
    assert.deepEqual([after[0]?.state, after[1]?.id, after[1]?.token?.isDestroyed], ['active', old?.id, true]);
    const { credential } = await answer<{ credential: { proof: { verificationMethod: string } } }>(issue(3), 201);
    assert.equal(credential.proof.verificationMethod, next?.id);
    assert.equal(await world.libraryVerifies(credential), true);
  });

  it('a stolen token can be reported without it; the record says that the key is still on it', async () => {
    const [active] = await world.keys();
    softHsm().takeOut();
    const ceremony = await world.propose({
      kind: 'compromise',
      key: active?.id.split('#')[1],
      since: new Date(world.time.now.getTime() - 1000).toISOString(),
    });
    const done = await answer<Ceremony>(world.confirm(ceremony, active?.fingerprint));
    assert.equal(done.state, 'done');
    const path = `${world.path}/key-ceremonies/${done.id}/record`;
    const { record } = await answer<{ record: { key: { token: object } } }>(
      world.call('GET', path, undefined, { secret: world.secrets.auditor }),
    );
    assert.deepEqual(record.key.token, { label: 'institution', serial: serialOf(), isDestroyed: false });
    const [shown] = await world.keys();
    assert.deepEqual([shown?.state, shown?.token?.isDestroyed, shown?.token?.problem], ['compromised', false, 'TOKEN_ABSENT']); // prettier-ignore
    const audit = await readAudit(world.database.knex, { tenant: CODE });
    const entry = audit.find(({ action }) => action === 'key.compromise');
    assert.match(JSON.stringify(entry?.detail), /"isDestroyed":false/);
    assert.doesNotMatch(world.lines.join(''), new RegExp(PIN));
  });
});
