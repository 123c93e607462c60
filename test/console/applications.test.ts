import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { CODE, answer, citizenNumber, exam, startWorld, type World } from '../issuer/world.js';
import { fakeCameraFlags, writeY4m } from '../web/camera/fake-camera.js';
import { blankFrame, heldInFront } from '../web/camera/held-in-front.js';
import { go, look, painted, startDesk, type Desk } from './desk.js';

describe('the console: an application with exemptions', function () {
  this.timeout(180_000);
  let world: World;
  let desk: Desk;
  let folder: string;
  let camera: string;
  let clerk: Page;
  let approver: Page;
  let certificate: { id: string; qr: { text: string } };

  before(async () => {
    world = await startWorld({ console: true, batches: { threads: 1, pollMs: 50 } });
    const { service } = world.issuer;
    const [own] = world.accreditations;
    assert.ok(own);
    const kind = [...(own.actions[0]?.scope.kind ?? []), 'construction-special' as const];
    const wide = {
      ...own,
      id: `${own.id}-wide`,
      actions: own.actions.map((one) => ({ ...one, scope: { ...one.scope, kind } })),
    };
    await service.accreditations.import(await service.institutions.get(CODE), 'test', await world.publish([wide]));
    const permit = exam(1, {
      kind: 'special-operation',
      occupation: undefined,
      level: undefined,
      certificateNumber: 'SO-2026-000101',
      expiresOn: '2032-11-19',
      permit: { category: '电工作业', item: '低压电工作业', firstIssuedOn: '2026-11-20', reviewBy: '2029-11-20' },
      assessment: { ...(exam(1)['assessment'] as object), region: '510100' },
    });
    certificate = await answer(world.call('POST', `/institutions/${CODE}/certificates`, permit), 201);
    await service.institutions.setApproval(CODE, true, 'test');
    folder = await mkdtemp(join(tmpdir(), 'yizheng-exempt-'));
    camera = join(folder, 'camera.y4m');
    writeY4m(camera, [blankFrame()], { fps: 5 });
    desk = await startDesk(world, fakeCameraFlags(camera));
    clerk = await desk.open({ login: 'clerk', roles: ['clerk'], name: '李娜', tenant: CODE });
    approver = await desk.open({
      login: 'approver',
      roles: ['approver'],
      name: 'Wang Qiang',
      tenant: CODE,
      locale: 'en',
    });
  });
  after(async () => {
    await desk.close();
    await world.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('a clerk begins one, and before any certificate the whole assessment is required', async () => {
    await go(clerk, '免考申请');
    await clerk.getByText('没有这样的申请。').waitFor();
    await clerk.getByRole('link', { name: '新申请' }).click();
    await painted(clerk);
    await clerk.getByLabel('姓名').fill('张伟1');
    await clerk.getByLabel('证件号码').fill('510105199001110019');
    await clerk.getByLabel('证书类别').selectOption('建筑施工特种作业操作资格证书');
    await clerk.getByLabel('准操项目').fill('建筑电工');
    await clerk.getByRole('button', { name: '建立申请' }).click();
    await clerk.getByText('证件号码不对；请对照证件重新输入。').waitFor();
    await clerk.getByLabel('证件号码').fill(citizenNumber(1));
    await look(clerk, 'exempt-new-zh');
    await clerk.getByRole('button', { name: '建立申请' }).click();
    await clerk.getByText('还没有出示证书：先按全部考核处理。').waitFor();
  });

  it('a picture or PDF of a certificate is taken apart in the browser, and the answer names the rule', async () => {
    const path = `/institutions/${CODE}/certificates/${encodeURIComponent(certificate.id)}`;
    for (const [name, mimeType, begins] of [
      ['qr.png', 'image/png', /^\{"text":"https:/],
      ['certificate.pdf', 'application/pdf', /^\{"text":"\{/],
    ] as const) {
      const response = await world.call('GET', `${path}/${name}`);
      assert.equal(response.status, 200, name);
      const sent = clerk.waitForRequest(
        (request) => request.url().endsWith('/certificates') && request.method() === 'POST',
      );
      const buffer = Buffer.from(await response.arrayBuffer());
      await clerk.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
      const request = await sent;
      assert.match(request.postData() ?? '', begins);
      assert.equal((await request.response())?.status(), 200);
    }
    await clerk.getByText('核验通过，是本人的').waitFor();
    const answered = clerk.getByRole('region', { name: '免考结论' });
    await answered.getByRole('listitem').filter({ hasText: '安全培训' }).waitFor();
    await answered
      .getByRole('listitem')
      .filter({ hasText: /^ ?考核$/ })
      .waitFor();
    await clerk.getByText('依据和核验详情').click();
    await clerk
      .getByText('《关于推进职业技能证书互通互认的通知》(四部门办公厅,2026-01-16 公开)', { exact: true })
      .waitFor();
    await look(clerk, 'exempt-answer-zh');
  });

  it('what a hand scanner types is sent by itself, and what is no certificate is said', async () => {
    const text = clerk.getByLabel('二维码内容或证书文字');
    await text.fill('6901234567892');
    await text.press('Enter');
    await clerk.getByText(/不是一证证书/).waitFor();
    await text.fill(certificate.qr.text);
    await text.press('Enter');
    await clerk.getByText(/不是一证证书/).waitFor({ state: 'detached' });
  });

  it('a code held before the camera is read and sent by itself', async () => {
    await clerk.getByRole('button', { name: '用相机扫码' }).click();
    await clerk.locator('video').waitFor();
    await look(clerk, 'exempt-scan-zh');
    await clerk.getByRole('button', { name: '关闭相机' }).click();
    const path = `/institutions/${CODE}/certificates/${encodeURIComponent(certificate.id)}/qr.png`;
    writeY4m(camera, [await heldInFront(Buffer.from(await (await world.call('GET', path)).arrayBuffer()))], { fps: 5 });
    const sent = clerk.waitForRequest((one) => one.url().endsWith('/certificates') && one.method() === 'POST', {
      timeout: 120_000,
    });
    await clerk.getByRole('button', { name: '用相机扫码' }).click();
    const request = await sent;
    assert.deepEqual(request.postDataJSON(), { text: certificate.qr.text });
    assert.equal((await request.response())?.status(), 200);
    await clerk.getByRole('button', { name: '用相机扫码' }).waitFor();
    assert.equal(await clerk.locator('video').count(), 0);
  });

  it('the examination is recorded, the row handed in, and the second person approves it', async () => {
    await clerk.getByLabel('考核计划编号').fill('JZ-2026-0101');
    await clerk.getByLabel('考核标准').fill('JGJ 46');
    await clerk.getByLabel('考核日期').fill('2026-11-20');
    await clerk.getByLabel('考核地区代码').fill('510100');
    await clerk.getByLabel('结果').selectOption('合格');
    await clerk.getByLabel('理论成绩').fill('82');
    await clerk.getByLabel('实操成绩').fill('75.5');
    await clerk.getByRole('button', { name: '保存考核记录' }).click();
    await clerk.getByRole('heading', { name: '提交发证' }).waitFor();
    await clerk.getByLabel('证件号码', { exact: true }).fill(citizenNumber(2));
    await clerk.getByLabel('作业类别').fill('建筑施工特种作业');
    await clerk.getByLabel('初领日期').fill('2026-11-20');
    await clerk.getByLabel('应复审日期').fill('2028-11-20');
    await clerk.getByLabel('有效期至').fill('2028-11-20');
    await clerk.getByLabel('证书编号').fill('川A012026000101');
    await clerk.getByRole('button', { name: '提交发证' }).click();
    await clerk.getByText('与建立申请时的证件号码不同；请对照证件重新输入。').waitFor();
    await look(clerk, 'exempt-hand-in-zh');
    await clerk.getByLabel('证件号码', { exact: true }).fill(citizenNumber(1));
    await clerk.getByRole('button', { name: '提交发证' }).click();
    await clerk.getByText('已提交，等待审批或办理').waitFor();
    await approver.reload();
    await approver.getByRole('region', { name: 'For you to approve' }).getByRole('link').first().click();
    await approver.getByRole('button', { name: /^Approve/ }).click();
    await approver.getByText('done', { exact: true }).first().waitFor({ timeout: 90_000 });
    await go(approver, 'Exemptions');
    await approver.getByRole('link', { name: '张伟1' }).click();
    await painted(approver);
    await approver.getByText('issued', { exact: true }).waitFor();
    await approver.getByText('Grounds and details').click();
    await look(approver, 'exempt-issued-en');
    await approver.getByRole('link', { name: 'open the certificate' }).click();
    await approver.getByText('川A012026000101').first().waitFor();
    await go(approver, 'Exemptions');
    await approver.getByLabel('Applicant’s name (in full)').fill('张伟1');
    await approver.getByRole('button', { name: 'Find' }).click();
    await approver.getByRole('cell', { name: 'issued', exact: true }).waitFor();
    await look(approver, 'exempt-list-en');
  });
});
