import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { uniqueCitizen } from '../issuer/batch/sheets.js';
import { CODE, EMPLOYER_CODE, startWorld, type World } from '../issuer/world.js';
import { go, look, startDesk, type Desk } from './desk.js';

const ID = '2026-评价-0001';

describe('the console: assessment sessions', function () {
  this.timeout(240_000);
  let world: World;
  let desk: Desk;
  let clerk: Page;
  let approver: Page;
  let partner: Page;
  const form = (page: Page, name: string) => page.getByRole('form', { name });
  const score = (page: Page, name: string, part: string) => page.getByRole('textbox', { name: `${name}：${part}` });

  before(async () => {
    world = await startWorld({ console: true, batches: { threads: 1, pollMs: 50 } });
    const { service } = world.issuer;
    await service.institutions.setApproval(CODE, true, 'test');
    const [lead, employer] = world.accreditations;
    assert.ok(lead && employer);
    const actions = employer.actions.map((one) => ({
      ...one,
      scope: { ...one.scope, candidates: 'public' as const, level: [{ framework: 'cn-occ-qual', value: '3' }] },
    }));
    const bundle = await world.publish([lead, { ...employer, actions }]);
    await service.accreditations.import(await service.institutions.get(CODE), 'test', bundle);
    desk = await startDesk(world);
    clerk = await desk.open({ login: 'exam-clerk', roles: ['clerk'], name: '李娜', tenant: CODE });
    approver = await desk.open({ login: 'exam-approver', roles: ['approver'], name: '王强', tenant: CODE });
    partner = await desk.open({
      login: 'exam-partner',
      roles: ['clerk', 'approver'],
      name: 'Ann Partner',
      tenant: EMPLOYER_CODE,
      locale: 'en',
    });
  });
  after(async () => {
    await desk.close();
    await world.remove();
  });

  it('a clerk plans a session and is told at once what the accreditation does not cover', async () => {
    await go(clerk, '考核');
    await clerk.getByText('还没有考核计划。').waitFor();
    await clerk.getByRole('button', { name: '新建考核计划' }).click();
    const plan = form(clerk, '新建考核计划');
    await plan.getByLabel('考核计划编号').fill(ID);
    await plan.getByLabel('职业编码').fill('4-14-01-02');
    await plan.getByLabel('等级', { exact: false }).selectOption({ label: '三级/高级工' });
    await plan.getByLabel('考核标准').fill('GZB 6-18-02-04-2018');
    await plan.getByLabel('考核日期（首日）').fill('2026-11-15');
    await plan.getByLabel('地点').fill('成都市第一考点');
    await plan.getByLabel('座位数').fill('5');
    for (const part of ['理论', '实操']) await plan.getByRole('checkbox', { name: part }).check();
    await plan.getByRole('button', { name: '添加人员' }).click();
    await plan.getByRole('textbox', { name: '姓名' }).fill('赵敏');
    await plan.getByRole('button', { name: '对照备案检查' }).click();
    await plan.getByText('超出本机构备案范围', { exact: false }).waitFor();
    await look(clerk, 'session-plan-outside-zh');
    await plan.getByLabel('职业编码').fill('6-18-02-04');
    await plan.getByRole('button', { name: '对照备案检查' }).click();
    await plan.getByText('在本机构备案范围内。').waitFor();
    await plan.getByRole('button', { name: '保存计划' }).click();
    await clerk.getByRole('heading', { name: ID }).waitFor();
    await clerk.getByText('须由另一位审批或主管确认', { exact: false }).waitFor();
    assert.equal(await clerk.getByRole('button', { name: '确认计划' }).count(), 0);
  });

  it('invites a partner, and another person confirms the plan', async () => {
    await clerk.getByLabel('机构代码（13 位）').fill(EMPLOYER_CODE);
    await clerk.getByRole('button', { name: '邀请机构' }).click();
    await clerk.getByText('已邀请，待答复', { exact: false }).waitFor();
    await look(clerk, 'session-planned-zh');
    await go(approver, '考核');
    await approver.getByRole('link', { name: ID }).click();
    await approver.getByRole('button', { name: '确认计划' }).click();
    await approver.getByText('已确认', { exact: true }).first().waitFor();
  });

  it('the partner accepts in English with its own certificate under its own accreditation', async () => {
    await go(partner, 'Assessments');
    await partner.getByText(`示例技能评价中心 invites you to session ${ID}`, { exact: false }).waitFor();
    await partner.getByRole('button', { name: 'Take part' }).click();
    const accept = form(partner, 'What your institution certifies');
    await accept.getByRole('button', { name: 'Check against the accreditation' }).click();
    await accept.getByText('The accreditation does not cover it', { exact: false }).waitFor();
    await accept.getByLabel('Kind of certificate').selectOption('occ-qualification');
    await accept.getByLabel('Level').selectOption('3');
    await accept.getByLabel('Pass mark: Practice').fill('80');
    await accept.getByRole('button', { name: 'Check against the accreditation' }).click();
    await accept.getByText('The accreditation covers it.').waitFor();
    await look(partner, 'session-accept-en');
    await accept.getByRole('button', { name: 'Take part' }).click();
    await partner.getByRole('heading', { name: ID }).waitFor();
    await partner.getByRole('button', { name: 'Confirm plan' }).click();
    await partner.getByText('confirmed', { exact: true }).first().waitFor();
    await partner.getByText('Once the leading institution has all results', { exact: false }).waitFor();
  });

  it('the clerk enters candidates by form and sheet, and is told what is wrong with a row', async () => {
    await clerk.reload();
    const add = form(clerk, '添加考生');
    await add.getByRole('textbox', { name: '姓名' }).fill('张伟');
    await add.getByRole('textbox', { name: '证件号码' }).fill('11010119900307000X');
    await add.getByRole('button', { name: '添加考生' }).click();
    await add
      .getByText('格式或校验位不对', { exact: false })
      .or(add.getByText('请对照证件', { exact: false }))
      .first()
      .waitFor();
    await add.getByRole('textbox', { name: '证件号码' }).fill(uniqueCitizen(1));
    await add.getByRole('checkbox', { name: /同意共享成绩/ }).check();
    await add.getByRole('button', { name: '添加考生' }).click();
    await clerk.getByRole('rowheader', { name: '张伟' }).waitFor();
    const list = (lines: string[]): { name: string; mimeType: string; buffer: Buffer } => ({
      name: '名单.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\ufeff姓名,证件号码,准考证号,同意共享成绩\r\n${lines.join('\r\n')}\r\n`),
    });
    const rows = [`王芳,${uniqueCitizen(2)},Z2,是`, `李强,${uniqueCitizen(3)},Z3,否`, `刘洋,${uniqueCitizen(4)},Z4,是`];
    const upload = clerk.locator('input[type=file]').first();
    await upload.setInputFiles(list([...rows, `张伟,${uniqueCitizen(1)},Z9,是`]));
    await clerk.getByText('第 5 行', { exact: false }).waitFor();
    await look(clerk, 'session-list-wrong-zh');
    await upload.setInputFiles(list(rows));
    await clerk.getByRole('rowheader', { name: '刘洋' }).waitFor();
  });

  it('types results by keyboard alone; they are stored by themselves', async () => {
    await score(clerk, '张伟', '理论').focus();
    await clerk.keyboard.type('85.5');
    await clerk.keyboard.press('ArrowRight');
    await clerk.keyboard.type('90');
    await clerk.keyboard.press('Enter');
    await clerk.keyboard.type('59');
    await clerk.keyboard.press('ArrowLeft');
    await clerk.keyboard.press('ArrowLeft');
    await clerk.keyboard.press('ArrowLeft');
    await clerk.locator('[data-cell="1:1"]:focus').waitFor();
    await clerk.keyboard.type('72');
    await clerk.keyboard.press('ArrowDown');
    await clerk.keyboard.press('q');
    await clerk.locator('[data-cell="3:1"]:focus').waitFor();
    await clerk.keyboard.type('101');
    await clerk.getByText('成绩须为 0 到 100', { exact: false }).waitFor();
    await look(clerk, 'session-results-zh');
    await score(clerk, '刘洋', '理论').fill('95');
    await score(clerk, '刘洋', '实操').fill('75');
    await clerk.getByText('全部已保存').waitFor();
    await clerk.getByText('考生 4 人：通过 2，未通过 1，缺考 1，暂缓 0，待录入 0。').waitFor();
    await clerk.getByRole('button', { name: '成绩已齐' }).click();
    await clerk.getByRole('button', { name: '提交制证（2 人）' }).waitFor();
    await look(clerk, 'session-complete-zh');
  });

  it('hands in a batch that is approved and issued like any other', async () => {
    await clerk.getByRole('button', { name: '提交制证（2 人）' }).click();
    await clerk.getByRole('button', { name: '提交审批（2 行）' }).click();
    await clerk.getByText('待审批').first().waitFor();
    await go(approver, '待办');
    await approver.getByRole('region', { name: '等您审批' }).getByRole('link').first().click();
    await approver.getByRole('button', { name: '同意办理（2 行）' }).click();
    await approver.getByText('已完成').waitFor();
    await go(approver, '考核');
    await approver.getByRole('link', { name: ID }).click();
    await approver.getByText('已发 2 张').waitFor();
    await look(approver, 'session-issued-zh');
  });

  it('the partner sees only who agreed and passed by its marks, numbers the certificate and hands in on its own', async () => {
    await partner.reload();
    await partner.getByRole('rowheader', { name: '张伟' }).waitFor();
    for (const name of ['王芳', '李强', '刘洋'])
      assert.equal(await partner.getByRole('rowheader', { name }).count(), 0);
    const number = partner.getByRole('textbox', { name: /Certificate number/ });
    await number.fill('2651003000300001');
    await number.press('Tab');
    await partner.getByText('All saved').waitFor();
    await look(partner, 'session-partner-en');
    await partner.getByRole('button', { name: 'Hand in (1)' }).click();
    await partner.getByRole('button', { name: 'Go ahead with 1 rows' }).click();
    await partner.getByText('done', { exact: true }).first().waitFor();
  });

  it('what the partner withdraws touches nobody else and is shown to the others', async () => {
    const { batches } = world.issuer.service;
    const voiding = await batches.voidSession({ institution: EMPLOYER_CODE, actor: 'test', assessmentId: ID });
    await batches.confirm(EMPLOYER_CODE, voiding.id, { actor: 'test', rows: 'all' });
    while ((await batches.get(EMPLOYER_CODE, voiding.id)).state !== 'done')
      await new Promise((done) => setTimeout(done, 20));
    await approver.reload();
    await approver.getByText('同源考核有争议', { exact: false }).waitFor();
    await approver.getByText('已发 2 张').waitFor();
    await look(approver, 'session-disputed-zh');
  });
});
