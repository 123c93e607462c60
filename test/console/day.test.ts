import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { CODE, startWorld, type World } from '../issuer/world.js';
import { line, SHEET_HEADER } from '../issuer/batch/sheets.js';
import { go, look, startDesk, type Desk } from './desk.js';

describe('the console: a day of work', function () {
  this.timeout(180_000);
  let world: World;
  let desk: Desk;
  let clerk: Page;
  let approver: Page;
  let auditor: Page;

  before(async () => {
    world = await startWorld({ console: true, batches: { threads: 1, pollMs: 50 } });
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
    desk = await startDesk(world);
    clerk = await desk.open({ login: 'clerk', roles: ['clerk'], name: '李娜', tenant: CODE });
    approver = await desk.open({ login: 'approver', roles: ['approver'], name: '王强', tenant: CODE });
    auditor = await desk.open({
      login: 'auditor',
      roles: ['auditor'],
      name: 'Ann Auditor',
      tenant: CODE,
      locale: 'en',
    });
  });
  after(async () => {
    await desk.close();
    await world.remove();
  });

  it('a clerk fills in one certificate, is told what is wrong beside the field, and hands it in', async () => {
    await look(clerk, 'work-zh');
    await go(clerk, '制证');
    await clerk.getByLabel('姓名').fill('张伟');
    await clerk.getByLabel('证件号码').fill('11010119900307000X');
    await clerk.getByLabel('职业编码').fill('6-18-02-04');
    await clerk.getByLabel('等级').selectOption('三级/高级工');
    await clerk.getByLabel('考核计划编号').fill('PJ-2026-001');
    await clerk.getByLabel('考核标准').fill('GZB 6-18-02-04');
    await clerk.getByLabel('考核日期').fill('2026-11-01');
    await clerk.getByRole('button', { name: '检查' }).click();
    const number = clerk.getByLabel('证件号码');
    await clerk.getByText(/请对照证件/).waitFor();
    assert.equal(await number.getAttribute('aria-invalid'), 'true');
    await clerk.locator('[aria-invalid=true]:focus').waitFor();
    await look(clerk, 'issue-zh');
    await number.fill('110101199003070134');
    await clerk.getByRole('button', { name: '检查' }).click();
    await clerk.getByRole('heading', { name: '将要办理' }).waitFor();
    await clerk.getByRole('cell', { name: '张伟' }).waitFor();
    await look(clerk, 'checked-zh');
    await clerk.getByRole('button', { name: '提交审批（1 行）' }).click();
    await clerk.getByText('待审批').first().waitFor();
    assert.equal(await clerk.getByRole('button', { name: /同意/ }).count(), 0);
  });

  it('an approver sends it back with a reason, the clerk hands it in again, and it is issued', async () => {
    await approver.reload();
    await approver.getByRole('heading', { name: '等您审批 (1)' }).waitFor();
    await approver.getByRole('region', { name: '等您审批' }).getByRole('link').first().click();
    await approver.getByRole('cell', { name: '张伟' }).waitFor();
    await look(approver, 'approve-zh');
    await approver.getByRole('button', { name: '退回' }).click();
    await approver.getByLabel('退回原因').fill('请核对考核日期');
    await approver.getByRole('button', { name: '退回' }).click();
    await approver.getByText('已检查，待确认').waitFor();
    await clerk.getByText('请核对考核日期').waitFor();
    await clerk.getByRole('button', { name: '提交审批（1 行）' }).click();
    await clerk.getByText('待审批').first().waitFor();
    await approver.getByRole('button', { name: '同意办理（1 行）' }).click();
    await approver.getByText('已完成').waitFor();
    await clerk.getByRole('heading', { name: '办理结果' }).waitFor();
    await clerk
      .getByRole('row', { name: /已办理/ })
      .getByRole('link')
      .click();
    await clerk.getByRole('heading', { name: '打印和下载' }).waitFor();
    await look(clerk, 'certificate-zh');
  });

  it('the certificate is printed, and handed out for a wallet', async () => {
    const downloading = clerk.waitForEvent('download');
    await clerk.getByRole('link', { name: /证书 PDF/ }).click();
    assert.match((await downloading).suggestedFilename(), /\.pdf$/);
    await clerk.getByRole('button', { name: '生成领取单' }).click();
    await clerk.getByRole('img', { name: '领取二维码' }).waitFor();
    await clerk.getByText('请另一位工作人员核对持证人证件后').waitFor();
    await look(clerk, 'offer-zh');
  });

  it('a sheet of many is checked cell by cell, and its good rows go on', async () => {
    await go(clerk, '批量');
    const rows = [line(1), line(2), line(3).replace('6-18-02-04', '6-18-02-99')];
    await clerk.locator('input[type=file]').setInputFiles({
      name: '十一月.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\ufeff${[SHEET_HEADER, ...rows].join('\r\n')}\r\n`),
    });
    await clerk.getByRole('heading', { name: /有误的单元格/ }).waitFor();
    await look(clerk, 'problems-zh');
    await clerk.getByRole('button', { name: /只提交正确的 2 行审批/ }).click();
    await clerk.getByText('待审批').first().waitFor();
    await go(approver, '待办');
    await approver.getByRole('region', { name: '等您审批' }).getByRole('link').first().click();
    await approver.getByRole('button', { name: '同意办理（2 行）' }).click();
    await approver.getByText('已完成').waitFor();
    await look(approver, 'done-zh');
  });

  it('a revocation goes to a second person too; a suspension does not wait', async () => {
    await go(approver, '证书');
    await approver.getByLabel('姓名（完整）').fill('张伟');
    await approver.getByRole('button', { name: '查找' }).click();
    await approver.getByRole('cell', { name: '张伟' }).first().waitFor();
    await look(approver, 'search-zh');
    await approver.getByRole('row', { name: /张伟/ }).getByRole('link').first().click();
    await approver.getByRole('button', { name: '暂停', exact: true }).click();
    await approver.getByLabel('原因').selectOption('investigation');
    await approver.getByRole('button', { name: '确认暂停' }).click();
    await approver.getByText('暂停 · 正在调查').waitFor();
    await approver.getByRole('button', { name: '撤销', exact: true }).click();
    await look(approver, 'revoke-zh');
    await approver.getByLabel('原因').selectOption('fraud');
    await approver.getByRole('button', { name: '确认撤销' }).click();
    await approver.getByText('待审批').first().waitFor();
    await approver.getByText('这是您自己提交的').waitFor();
  });

  it('an auditor sees everything, checks the chain, takes the log away, and can change nothing', async () => {
    assert.deepEqual(await auditor.getByRole('navigation').getByRole('link').allTextContents(), [
      'To do',
      'Assessments',
      'Exemptions',
      'Batches',
      'Certificates',
      'Printing',
      'Supervision',
      'Keys',
      'People',
      'Audit log',
      'My account',
    ]);
    await go(auditor, 'Audit log');
    await auditor.getByText('batch.approve').first().waitFor();
    await auditor.getByRole('button', { name: 'Check the chain' }).click();
    await auditor.getByText(/The chain is whole/).waitFor();
    await auditor.getByLabel(/^Filter/).fill('王强');
    assert.ok((await auditor.getByRole('row').count()) > 1);
    await look(auditor, 'audit-en');
    const downloading = auditor.waitForEvent('download');
    await auditor.getByRole('button', { name: 'Export (CSV)' }).click();
    assert.equal((await downloading).suggestedFilename(), 'audit.csv');
    await go(auditor, 'Batches');
    await auditor
      .getByRole('row', { name: /Revoke/ })
      .getByRole('link')
      .click();
    await auditor.getByText('waiting for approval').waitFor();
    for (const name of [/Approve/, /Cancel/, /Send back/, /Submit/])
      assert.equal(await auditor.getByRole('button', { name }).count(), 0);
    await look(auditor, 'batch-en');
  });
});
