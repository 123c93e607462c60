import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Problem } from '../../../server/index.js';
import { readAudit } from '../../../server/index.js';
import { feedJwkOfMultikey, verifyCompact } from '../../../shared/trust/jws.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { answer, CODE, exam } from '../world.js';
import { startCustodyWorld, type Ceremony, type CustodyWorld } from './custody-world.js';

describeOnEachDatabase('issuer: two custodians and the keys of their institution', function (kind) {
  this.timeout(60_000);
  let world: CustodyWorld;
  before(async () => {
    world = await startCustodyWorld(kind);
  });
  after(() => world.remove());

  const codeOf = async (response: Promise<Response>): Promise<string> => {
    const got = await response;
    const { code } = (await got.json()) as Partial<Problem>;
    return code ?? String(got.status);
  };
  const propose = (body: object, secret = world.custodians.a): Promise<Response> =>
    world.call('POST', `${world.path}/key-ceremonies`, { reason: '例行更换', ...body }, { secret });
  const later = (milliseconds: number): void => {
    world.time.now = new Date(world.time.now.getTime() + milliseconds);
  };
  const issue = (n: number): Promise<Response> => world.call('POST', `${world.path}/certificates`, exam(n));

  it('shows each key with its use, what the authority knows of it, and nothing private', async () => {
    await answer(issue(1), 201);
    const shown = world.call('GET', `${world.path}/keys`, undefined, { secret: world.secrets.auditor });
    const text = await (await shown).text();
    const { keys, custody } = JSON.parse(text) as { keys: Awaited<ReturnType<typeof world.keys>>; custody: string };
    assert.equal(custody, 'keystore');
    assert.equal(keys.length, 1);
    const [key] = keys;
    const [info] = world.keystore.list({ controller: world.did });
    assert.equal(
      key?.fingerprint,
      createHash('sha256')
        .update(info?.publicKeyMultibase ?? '')
        .digest('hex'),
    );
    assert.deepEqual([key.state, key.authority.state, key.toDo, key.signed.certificates], ['active', 'listed', 'none', 1]); // prettier-ignore
    assert.doesNotMatch(text, /privateKey|ciphertext|passphrase/i);
  });

  it('the one who proposes does not confirm, nor do the same hands under another key, nor an auditor', async () => {
    const ceremony = await world.propose({ kind: 'prepare' });
    assert.equal(ceremony.state, 'proposed');
    assert.equal(await codeOf(world.confirm(ceremony, undefined, world.custodians.a)), 'APPROVAL_BY_SAME_PERSON');
    const { secret } = await world.issuer.service.createApiKey(
      { tenant: CODE, roles: ['custodian'], label: ' 甲  CUSTODIAN', expiresAt: '2036-01-01T00:00:00Z' },
      'test',
    );
    assert.equal(await codeOf(world.confirm(ceremony, undefined, secret)), 'APPROVAL_BY_SAME_PERSON');
    assert.equal(await codeOf(world.confirm(ceremony, undefined, world.secrets.auditor)), 'ROLE_MISSING');
    assert.equal(await codeOf(propose({ kind: 'prepare' }, world.custodians.b)), 'CEREMONY_OPEN');
    assert.equal(world.keystore.list({ controller: world.did }).length, 1, 'no key was made');
  });

  it('nobody confirms after two hours', async () => {
    later(2 * 3600_000);
    const { ceremonies } = await answer<{ ceremonies: Ceremony[] }>(
      world.call('GET', `${world.path}/key-ceremonies`, undefined, { secret: world.custodians.b }),
    );
    assert.equal(ceremonies[0]?.state, 'expired');
    assert.equal(await codeOf(world.confirm(ceremonies[0])), 'CEREMONY_EXPIRED');
  });

  it('a next key is made by two, told to the authority, and takes over only then', async () => {
    const made = await answer<Ceremony>(world.confirm(await world.propose({ kind: 'prepare' })));
    assert.equal(made.state, 'done');
    const [next, old] = await world.keys();
    assert.deepEqual([next?.state, next?.toDo, old?.state], ['next', 'tell-authority', 'active']);
    const name = next?.id.split('#')[1];
    assert.equal(await codeOf(propose({ kind: 'activate', key: name })), 'KEY_NOT_ACCREDITED');
    await answer(issue(2), 201);
    assert.equal((await world.keys())[1]?.signed.certificates, 2, 'the old key goes on meanwhile');

    await world.accreditKeys();
    const proposed = await world.propose({ kind: 'activate', key: name });
    assert.equal(await codeOf(world.confirm(proposed, old?.fingerprint)), 'KEY_FINGERPRINT_DIFFERS');
    const done = await answer<Ceremony>(world.confirm(proposed, next?.fingerprint));
    assert.equal(done.state, 'done');
    const issued = await answer<{ credential: { proof: { verificationMethod: string } } }>(issue(3), 201);
    assert.equal(issued.credential.proof.verificationMethod, next?.id);
    assert.equal((await world.keys())[1]?.toDo, 'tell-end');
    assert.equal(await codeOf(world.confirm(proposed, next?.fingerprint)), 'CEREMONY_STATE');
  });

  it('gives each a record signed by a key of its own, and writes everything down', async () => {
    const { ceremonies } = await answer<{ ceremonies: Ceremony[] }>(
      world.call('GET', `${world.path}/key-ceremonies`, undefined, { secret: world.secrets.auditor }),
    );
    const done = ceremonies.find(({ kind: one }) => one === 'activate');
    const recordOf = `${world.path}/key-ceremonies/${done?.id}/record`;
    const text = await (await world.call('GET', recordOf, undefined, { secret: world.secrets.auditor })).text();
    assert.equal(createHash('sha256').update(text).digest('hex'), done?.recordSha256);
    const { record, jws } = JSON.parse(text) as { record: Record<string, unknown>; jws: string };
    const [audit] = world.keystore.list({ controller: world.did, purpose: 'audit' });
    const verified = verifyCompact('yizheng-key-ceremony+jwt', jws, (kid) =>
      kid === audit?.id ? feedJwkOfMultikey(audit.publicKeyMultibase) : undefined,
    );
    assert.deepEqual(JSON.parse(verified.payload), record);
    assert.deepEqual(
      [record['kind'], (record['proposed'] as { name: string }).name, (record['confirmed'] as { name: string }).name],
      ['activate', '甲 custodian', '乙 custodian'],
    );
    const entries = await readAudit(world.database.knex, { tenant: CODE, limit: 1000 });
    const actions = entries.map(({ action }) => action).filter((action) => action.startsWith('key.'));
    assert.deepEqual(actions, [
      'key.ceremony-propose',
      'key.ceremony-propose',
      'key.ceremony-confirm',
      'key.prepare',
      'key.ceremony-propose',
      'key.ceremony-confirm',
      'key.activate',
    ]);
  });

  it('what was interrupted after the second person agreed is gone on with, and nothing is done twice', async () => {
    const proposed = await world.propose({ kind: 'prepare' });
    const { knex } = world.database;
    await knex('key_ceremonies')
      .where({ id: proposed.id })
      .update({ state: 'confirmed', confirmed_by: 'test', confirmed_at: world.time.now.toISOString() });
    await world.keystore.prepareNext({ controller: world.did, purpose: 'assertion', now: world.time.now });
    const before = world.keystore.list({ controller: world.did }).length;
    const done = await answer<Ceremony>(world.confirm(proposed, undefined, world.custodians.a));
    assert.equal(done.state, 'done');
    assert.equal(world.keystore.list({ controller: world.did }).length, before);
    const [next] = await world.keys();
    assert.equal(done.keyId, next?.id);
  });

  it('whoever confirms or goes on with it at the same time does it once, and nobody is told that it failed', async () => {
    const { keyCeremonies } = world.issuer.service;
    const [old] = await world.keys();
    const retired = await world.propose({ kind: 'retire', key: old?.id.split('#')[1] });
    await answer(world.confirm(retired, old?.fingerprint));
    const audit = world.keystore.list({ controller: world.did, purpose: 'audit', state: 'active' });
    for (const { id } of audit) await world.keystore.retire(id, world.time.now);
    const proposed = await world.propose({ kind: 'prepare' });
    const before = world.keystore.list({ controller: world.did, purpose: 'assertion' }).length;
    const agreed = { state: 'confirmed', confirmed_by: 'test', confirmed_at: world.time.now.toISOString() };
    await world.database.knex('key_ceremonies').where({ id: proposed.id }).update(agreed);
    const both = await Promise.all([1, 2].map(() => keyCeremonies.confirm(CODE, proposed.id, { actor: 'test' })));
    assert.deepEqual(
      both.map(({ state }) => state),
      ['done', 'done'],
    );
    assert.equal(both[0]?.recordSha256, both[1]?.recordSha256, 'there is one record');
    assert.equal(world.keystore.list({ controller: world.did, purpose: 'assertion' }).length, before + 1);
    const entries = await readAudit(world.database.knex, { tenant: CODE, limit: 1000 });
    const about = entries.filter(({ detail }) => (detail as { ceremony?: string }).ceremony === proposed.id);
    assert.deepEqual(
      about.map(({ action }) => action),
      ['key.prepare'],
    );
    assert.ok(!entries.some(({ action, subject }) => action === 'key.ceremony-cancel' && subject === proposed.id));
  });

  it('a proposal can be taken back, and what was ended at the command line is not done', async () => {
    const [next] = await world.keys();
    const name = next?.id.split('#')[1];
    const taken = await world.propose({ kind: 'retire', key: name });
    const back = world.call('POST', `${world.path}/key-ceremonies/${taken.id}/cancel`, undefined, {
      secret: world.custodians.b,
    });
    assert.equal((await answer<Ceremony>(back)).state, 'cancelled');
    assert.equal(await codeOf(world.confirm(taken, next?.fingerprint)), 'CEREMONY_STATE');
    await world.accreditKeys();
    const proposed = await world.propose({ kind: 'activate', key: name });
    await world.keystore.retire(next?.id ?? '', world.time.now);
    assert.equal(await codeOf(world.confirm(proposed, next?.fingerprint)), 'KEY_NOT_NEXT');
    assert.equal(await codeOf(propose({ kind: 'retire', key: name })), 'KEY_NOT_ACTIVE');
  });

  it('asks for what the act needs, and knows only its own keys', async () => {
    assert.equal(await codeOf(propose({ kind: 'activate' })), 'CEREMONY_INPUT');
    assert.equal(await codeOf(propose({ kind: 'prepare', key: 'key-1' })), 'CEREMONY_INPUT');
    assert.equal(await codeOf(propose({ kind: 'compromise', key: 'key-1' })), 'CEREMONY_INPUT');
    assert.equal(await codeOf(propose({ kind: 'retire', key: 'key-99' })), 'KEY_NOT_FOUND');
    const future = { kind: 'compromise', key: 'key-1', since: '2036-01-01T00:00:00Z' };
    assert.equal(await codeOf(propose(future)), 'KEY_INTERVAL');
    const foreign = `/institutions/${CODE}/key-ceremonies/kc_${'0'.repeat(24)}`;
    assert.equal(await codeOf(world.call('GET', foreign, undefined, { secret: world.custodians.a })), 'CEREMONY_NOT_FOUND'); // prettier-ignore
    assert.equal(await codeOf(world.call('GET', foreign, undefined, { secret: world.secrets.other })), 'NOT_FOUND');
  });
});
