import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Office } from '../issuer/office.js';
import { answer, CODE, exam, startWorld, type World } from '../issuer/world.js';
import { go, look, startDesk, type Desk } from './desk.js';

describe('the console: the second person', function () {
  this.timeout(180_000);
  let world: World;
  let desk: Desk;
  let office: Office;
  let approver: Page;
  const at = `/institutions/${CODE}`;
  const open = async (page: Page, batch: string): Promise<void> => {
    await page.goto(`${world.listener.url}/#/batches/${batch}`);
    await page.getByRole('heading', { name: /sheet/ }).waitFor();
  };

  before(async () => {
    world = await startWorld({ console: true, batches: { threads: 1, pollMs: 50 } });
    desk = await startDesk(world);
    office = new Office(world);
    approver = await desk.open({ login: 'zhangwei', roles: ['approver', 'admin'], name: '张伟', tenant: CODE });
  });
  after(async () => {
    await desk.close();
    await world.remove();
  });

  it('where none is asked for the first page says so, and an administrator can ask for one', async () => {
    await approver.getByText('本机构没有开启两人审批').waitFor();
    await look(approver, 'one-person-zh');
    await approver.getByRole('button', { name: '开启两人审批' }).click();
    await approver.getByText('本机构没有开启两人审批').waitFor({ state: 'detached' });
    assert.equal((await world.issuer.service.institutions.get(CODE)).requiresApproval, true);
  });

  it('an approver is told before deciding that the clerk has the same name, and may go on', async () => {
    const clerk = await office.person(['clerk'], { name: '张伟' });
    await open(approver, await office.handedIn(clerk));
    await approver.getByText('提交人和您同名（张伟）').waitFor();
    await look(approver, 'same-name-zh');
    await approver.getByRole('button', { name: '同意办理（1 行）' }).click();
    await approver.getByText('已完成').waitFor();
  });

  it('and that they may not approve whom they gave access, with who may instead', async () => {
    const [own] = await world.database.knex('accounts').where({ login: 'zhangwei' }).select<{ id: string }[]>('id');
    const invited = await office.person(['clerk'], { name: '李娜', by: own?.id ?? '' });
    await open(approver, await office.handedIn(invited));
    await approver.getByText('一方的账号或密钥是另一方开通或重置的').waitFor();
    await approver.getByRole('button', { name: '退回' }).waitFor();
    assert.equal(await approver.getByRole('button', { name: /同意办理/ }).count(), 0);
    await look(approver, 'not-independent-zh');
  });

  it('whose role was taken away meanwhile is told so, and nothing happens', async () => {
    const clerk = await office.person(['clerk'], { name: '王芳' });
    const id = await office.handedIn(clerk);
    const page = await desk.open({ login: 'late', roles: ['approver'], name: 'Late', tenant: CODE, locale: 'en' });
    await open(page, id);
    const approve = page.getByRole('button', { name: 'Approve 1 rows' });
    await approve.waitFor();
    const [late] = await world.database.knex('accounts').where({ login: 'late' }).select<{ id: string }[]>('id');
    const admin = office.withKey(world.secrets.admin);
    assert.equal((await admin('PUT', `${at}/accounts/${late?.id}/roles`, { roles: ['auditor'] })).status, 204);
    await approve.click();
    await page.getByRole('alert').first().waitFor();
    await look(page, 'role-gone-en');
    assert.equal((await world.issuer.service.batches.get(CODE, id)).state, 'waiting-approval');
  });

  it('a slip of a certificate that names no key shows no code: another one tells it, having checked the holder', async () => {
    await world.issuer.service.institutions.setApproval(CODE, false, 'test');
    const issued = await answer<{ id: string }>(world.call('POST', `${at}/certificates`, exam(77)), 201);
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
    const certificate = `${world.listener.url}/#/certificates/${encodeURIComponent(issued.id)}`;
    const clerk = await desk.open({ login: 'slip-clerk', roles: ['clerk'], name: '李娜', tenant: CODE });
    await clerk.goto(certificate);
    await clerk.getByRole('button', { name: '生成领取单' }).click();
    await clerk.getByText('这张证书没有绑定持证人的证件夹').waitFor();
    await clerk.getByText('待领取，领取码未告知').waitFor();
    assert.equal(await clerk.getByRole('button', { name: '告知领取码' }).count(), 0);
    await look(clerk, 'withheld-zh');
    await approver.goto(certificate);
    const tell = approver.getByRole('button', { name: '告知领取码' });
    await tell.waitFor();
    assert.ok(await tell.isDisabled());
    await approver.getByLabel('我已核对领取人的身份证件').check();
    await look(approver, 'tell-code-zh');
    await tell.click();
    const code = approver.locator('.offer-code');
    await code.waitFor();
    assert.match((await code.textContent()) ?? '', /^\d{6}$/);
    await approver.getByRole('button', { name: '撤回' }).click();
    await approver.getByText('已撤回').waitFor();
    await go(approver, '待办');
  });
});
