import assert from 'node:assert/strict';
import type { Problem } from '../../../server/index.js';
import { readAudit } from '../../../server/index.js';
import type { CompromisePreview } from '../../../issuer/key-custody/preview-compromise.js';
import { eventInputSchema } from '../../../registry/statement-input.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { answer, CODE, exam } from '../world.js';
import { startCustodyWorld, type Ceremony, type CustodyWorld } from './custody-world.js';

describeOnEachDatabase('issuer: a key in other hands', function (kind) {
  this.timeout(60_000);
  let world: CustodyWorld;
  const LOST = '2026-11-21T11:00:00Z';
  const later = (milliseconds: number): void => {
    world.time.now = new Date(world.time.now.getTime() + milliseconds);
  };
  before(async () => {
    world = await startCustodyWorld(kind);
    const issued: { id: string }[] = [];
    for (let n = 1; n <= 5; n++) {
      if (n === 4) later(3 * 3600_000);
      issued.push(await answer<{ id: string }>(world.call('POST', `${world.path}/certificates`, exam(n)), 201));
    }
    const revoked = `${world.path}/certificates/${encodeURIComponent(issued[0]?.id ?? '')}/status`;
    const { approver } = world.secrets;
    await answer(world.call('POST', revoked, { action: 'revoke', reason: 'error' }, { secret: approver }));
  });
  after(() => world.remove());
  const preview = (since = LOST): Promise<CompromisePreview> =>
    answer(
      world.call('GET', `${world.path}/keys/key-1/compromise-preview?since=${since}`, undefined, {
        secret: world.custodians.a,
      }),
    );

  it('shows how many certificates every verifier will refuse, by the verifier’s own decision, before anything is done', async () => {
    const found = await preview();
    assert.deepEqual(
      found.groups.map(({ status, isSince, certificates, now, then }) => [status, isSince, certificates, now.code, then.code]), // prettier-ignore
      [
        ['active', true, 2, 'ACCREDITED', 'KEY_COMPROMISED'],
        ['active', false, 2, 'ACCREDITED', 'KEY_COMPROMISED'],
        ['revoked', false, 1, 'ACCREDITED', 'KEY_COMPROMISED'],
      ],
    );
    assert.deepEqual(
      [found.refused, found.refusedSince, found.toReissue, found.hasOtherKey],
      [4, 2, 4, false],
      'no log proves that the earlier ones are older',
    );
    assert.equal((await preview('2026-11-21T08:00:00Z')).refusedSince, 4);
    assert.equal(world.keystore.list({ controller: world.did })[0]?.state, 'active', 'nothing was done');
  });

  it('hands out the list without names, and writes down that it was taken', async () => {
    const path = `${world.path}/keys/key-1/certificates.csv?since=${LOST}`;
    const response = await world.call('GET', path, undefined, { secret: world.secrets.auditor });
    const text = await response.text();
    assert.equal(text.trim().split('\r\n').length, 6);
    assert.doesNotMatch(text, /张伟|510105/);
    assert.match(text, /用新密钥补发 re-issue/);
    assert.match(text, /先对照考核档案/);
    const entries = await readAudit(world.database.knex, { tenant: CODE, limit: 1000 });
    assert.equal(entries.filter(({ action }) => action === 'key.certificates-read').length, 1);
  });

  it('stops issuing once two people said so, and gives the authority a signed notice it can publish as it stands', async () => {
    const [key] = await world.keys();
    const proposed = await world.propose({ kind: 'compromise', key: 'key-1', since: LOST, reason: '备份硬盘被盗' });
    const done = await answer<Ceremony>(world.confirm(proposed, key?.fingerprint));
    assert.equal(done.state, 'done');
    const [lost] = world.keystore.list({ controller: world.did, purpose: 'assertion' });
    assert.deepEqual([lost?.state, lost?.compromisedSince], ['compromised', LOST]);
    const refused = await world.call('POST', `${world.path}/certificates`, exam(9));
    assert.equal(((await refused.json()) as Problem).code, 'KEY_NOT_FOUND');

    const recordOf = `${world.path}/key-ceremonies/${done.id}/record`;
    const { record } = await answer<{ record: { event: object; consequences: CompromisePreview } }>(
      world.call('GET', recordOf, undefined, { secret: world.custodians.a }),
    );
    assert.equal(eventInputSchema.safeParse(record.event).error, undefined);
    assert.equal(record.consequences.refused, 4);
    assert.equal((await world.keys())[0]?.toDo, 'tell-compromise');
  });

  it('a new key is made, told to the authority and activated; registering the institution again makes none in passing', async () => {
    const { institutions } = world.issuer.service;
    const { name, authority } = await institutions.get(CODE);
    const again = await institutions.create({ code: CODE, name, authority: { did: authority } }, 'test');
    assert.equal(again.key.state, 'compromised');
    await answer(world.confirm(await world.propose({ kind: 'prepare' })));
    await world.accreditKeys();
    const [next] = await world.keys();
    const proposed = await world.propose({ kind: 'activate', key: next?.id.split('#')[1] });
    await answer(world.confirm(proposed, next?.fingerprint));
    await answer(world.call('POST', `${world.path}/certificates`, exam(9)), 201);
  });
});
