import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Problem } from '../../server/index.js';
import { line, sheetFile } from './batch/sheets.js';
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

  it('what was confirmed and paused before goes on only when a second person agrees', async () => {
    const { batches, institutions } = world.issuer.service;
    await institutions.setApproval(CODE, false, 'test');
    const path = await sheetFile(join(world.folder, 'paused.csv'), [line(1)]);
    const upload = {
      institution: CODE,
      actor: 'clerk-1',
      operation: 'issue',
      file: { path, name: 'paused.csv' },
    } as const;
    const { id: batch } = await batches.upload(upload);
    await world.issuer.service.worker.stop();
    await batches.confirm(CODE, batch, { actor: 'clerk-1', rows: 'all' });
    await batches.pause(CODE, batch, { actor: 'clerk-1' });
    await institutions.setApproval(CODE, true, 'test');
    assert.equal((await batches.resume(CODE, batch, { actor: 'clerk-1' })).state, 'waiting-approval');
  });

  it('an approver sees everything a correction changes, also what it leaves out', async () => {
    const { batches, institutions } = world.issuer.service;
    await institutions.setApproval(CODE, false, 'test');
    const { id: scored } = await answer<{ id: string }>(
      world.call(
        'POST',
        `/institutions/${CODE}/certificates`,
        exam(3, { assessment: { ...(exam(3)['assessment'] as object), theoryScore: '88', practicalScore: '90' } }),
      ),
      201,
    );
    const { certificateNumber } = await world.issuer.service.certificate(CODE, scored);
    const { holder, assessment } = exam(3) as {
      holder: { idNumber: string };
      assessment: { id: string; date: string; standard: string };
    };
    const cells = [certificateNumber, '改名', holder.idNumber, '6-18-02-04', '三级', assessment.id, '考试', assessment.standard, '国家职业标准', assessment.date]; // prettier-ignore
    const header = '原证书编号,姓名,证件号码,职业编码,等级,考核计划编号,考核方式,考核标准,标准类型,考核日期';
    const path = await sheetFile(join(world.folder, 'correct.csv'), [cells.join(',')], header);
    const upload = { institution: CODE, actor: 'clerk-1', roles: ['approver'], operation: 'correct', file: { path, name: 'c.csv' } } as const; // prettier-ignore
    const { id: batch, wrong } = await batches.upload(upload);
    assert.equal(wrong, 0, JSON.stringify(await batches.problems(CODE, batch)));
    const [row] = await batches.waiting(CODE, batch);
    const changed = row?.changes?.map(({ at }) => at) ?? [];
    assert.ok(changed.includes('/holder/name'), changed.join());
    assert.ok(
      changed.includes('/assessment/theoryScore') && changed.includes('/assessment/practicalScore'),
      changed.join(),
    );
  });

  it('they do when it is no longer asked for', async () => {
    await world.issuer.service.institutions.setApproval(CODE, false, 'test');
    assert.equal(await codeOf('POST', '/certificates', exam(2)), '201');
  });
});
