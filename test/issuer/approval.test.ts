import assert from 'node:assert/strict';
import type { Problem } from '../../server/index.js';
import { answer, CODE, exam, startWorld, type World } from './world.js';

describe('issuer: where a second person must agree', function () {
  this.timeout(60_000);
  let world: World;
  const codeOf = async (method: string, path: string, body: unknown, secret = world.secrets.clerk): Promise<string> => {
    const response = await world.call(method, `/institutions/${CODE}${path}`, body, { secret });
    return ((await response.json()) as Partial<Problem>).code ?? String(response.status);
  };
  let id: string;

  before(async () => {
    world = await startWorld();
    const issued = world.call('POST', `/institutions/${CODE}/certificates`, exam(1));
    ({ id } = await answer<{ id: string }>(issued, 201));
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
  });
  after(() => world.remove());

  it('nobody issues one certificate alone, in either way', async () => {
    assert.equal(await codeOf('POST', '/certificates', exam(2)), 'APPROVAL_REQUIRED');
    const { credential } = await world.issuer.service.certificate(CODE, id);
    const { proof: _, credentialStatus: __, ...unsigned } = credential;
    assert.equal(await codeOf('POST', '/credentials/issue', { credential: unsigned }), 'APPROVAL_REQUIRED');
  });

  it('one person may suspend at once, but neither revoke nor reinstate', async () => {
    const path = `/certificates/${encodeURIComponent(id)}/status`;
    const { approver } = world.secrets;
    assert.equal(await codeOf('POST', path, { action: 'revoke', reason: 'fraud' }, approver), 'APPROVAL_REQUIRED');
    assert.equal(await codeOf('POST', path, { action: 'suspend', reason: 'investigation' }, approver), '200');
    assert.equal(await codeOf('POST', path, { action: 'reinstate', reason: 'cleared' }, approver), 'APPROVAL_REQUIRED');
    const status = {
      credentialId: id,
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
    };
    assert.equal(await codeOf('POST', '/credentials/status', status, approver), 'APPROVAL_REQUIRED');
    assert.equal((await world.issuer.service.certificate(CODE, id)).status, 'suspended');
  });

  it('they do when it is no longer asked for', async () => {
    await world.issuer.service.institutions.setApproval(CODE, false, 'test');
    assert.equal(await codeOf('POST', '/certificates', exam(2)), '201');
  });
});
