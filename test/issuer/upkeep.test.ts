import assert from 'node:assert/strict';
import type { IssuerKeystore } from '../../issuer/index.js';
import { keepUp } from '../../issuer/upkeep.js';
import type { Keystore } from '../../keys/keystore.js';
import type { Problem } from '../../server/index.js';
import { answer, CODE, EMPLOYER_CODE, EMPLOYER_USCC, exam, startWorld, type World } from './world.js';

describe('issuer: upkeep', function () {
  this.timeout(60_000);
  const path = `/institutions/${CODE}/certificates`;
  const employer = `/institutions/${EMPLOYER_CODE}`;
  const did = `did:web:issuer.example:institutions:${CODE}`;
  const own = { candidateEmployer: { uscc: EMPLOYER_USCC, name: '示例重工集团' } };
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.remove());

  const signedLists = async (): Promise<string[]> =>
    (await world.database.knex<{ institution: string }>('status_publications').select('institution')).map(
      ({ institution }) => institution,
    );

  it('an institution without a key keeps no other institution from having its lists signed', async () => {
    await answer(world.call('POST', path, exam(1)), 201);
    const { other } = world.secrets;
    await answer(world.call('POST', `${employer}/certificates`, exam(2, own), { secret: other }), 201);
    await world.keystore.retire(world.keystore.activeKey(did, 'assertion').id, world.time.now);
    const { service } = world.issuer;
    await assert.rejects(service.statusLists.current(await service.institutions.get(CODE), 'revocation', 1), {
      code: 'KEY_NOT_FOUND',
    });
    await keepUp(service, false);
    assert.deepEqual(await signedLists(), [EMPLOYER_CODE, EMPLOYER_CODE]);
    assert.ok(world.lines.some((line) => line.includes('KEY_NOT_FOUND') && line.includes(CODE)));
  });

  it('does each chore even when the one before it fails', async () => {
    await answer(world.call('POST', path, exam(1)), 201);
    const { service } = world.issuer;
    service.issuing.completeReserved = () => Promise.reject(new Error('broken'));
    service.accreditations.refresh = () => Promise.reject(new Error('broken'));
    await keepUp(service, true);
    assert.deepEqual(await signedLists(), [CODE, CODE]);
    assert.equal(world.lines.filter((line) => line.includes('upkeep failed')).length, 2);
  });

  it('starts with stale data of the authority; the import that it asks for completes what waits', async () => {
    await world.reopen(brokenSigner);
    await answer(world.call('POST', path, exam(2)), 503);
    world.time.now = new Date(world.time.now.getTime() + 40 * 86_400_000);
    const { active } = await world.keystore.rotate(did, 'assertion', world.time.now);
    await world.reopen();
    const ready = () => fetch(`${world.listener.url}/health/ready`);
    const problem = await answer<Problem>(ready(), 503);
    assert.equal(problem.code, 'RESERVED_NOT_COMPLETED');
    assert.match(problem.detail, /BUNDLE_STALE.*import the authority's newest bundle/);
    const refused = await answer<Problem>(world.call('POST', path, exam(3)), 503);
    assert.equal(refused.code, 'RESERVED_NOT_COMPLETED');
    const renewed = structuredClone(world.accreditations);
    renewed[0]!.signingKeys.push({
      id: active.id,
      type: 'Multikey',
      publicKeyMultibase: active.publicKeyMultibase,
      validFrom: active.validFrom,
    });
    const bundle: unknown = JSON.parse(await world.publish(renewed));
    const { admin } = world.secrets;
    await answer(world.call('POST', `/institutions/${CODE}/accreditation`, { bundle }, { secret: admin }));
    assert.equal((await ready()).status, 200);
    assert.deepEqual(await world.database.knex('certificates').where({ state: 'reserved' }), []);
    await answer(world.call('POST', path, exam(3)), 201);
  });
});

function brokenSigner(keystore: Keystore): IssuerKeystore {
  return {
    refresh: () => keystore.refresh(),
    list: (filter) => keystore.list(filter),
    activeKey: (controller, purpose) => keystore.activeKey(controller, purpose),
    createKey: (request) => keystore.createKey(request),
    createDidKey: (request) => keystore.createDidKey(request),
    hmac: (purpose, data) => keystore.hmac(purpose, data),
    hmacAll: (purpose, data) => keystore.hmacAll(purpose, data),
    hmacPacked: (purpose, texts) => keystore.hmacPacked(purpose, texts),
    sign: (keyId, bytes) => keystore.sign(keyId, bytes),
    signer: (keyId) => ({ ...keystore.signer(keyId), sign: () => Promise.reject(new Error('signer broken')) }),
  };
}
