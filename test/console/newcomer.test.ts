import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { demoInvitations } from '../../cli/demo/demo-invitations.js';
import { openAlliance, type OpenAlliance } from '../../cli/demo/open-alliance.js';
import { publishAlliance, seedAlliance } from '../../cli/demo/seed-alliance.js';
import { readPdfAttachment } from '../../shared/carrier/pdf-attachment.js';
import { PASSWORD } from '../accounts/people.js';
import { launchBrowser } from '../web/browser.js';
import { portsInARow } from '../wallet/web-world.js';
import { DESKTOP } from './desk.js';

/** Where the README's pictures go, when they are to be made anew. */
const PICTURES = process.env['YIZHENG_PICTURES'];

describe('a newcomer, with what `npm start` shows', function () {
  this.timeout(300_000);
  let directory: string;
  let alliance: OpenAlliance;
  let browser: Browser;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yizheng-newcomer-'));
    alliance = await openAlliance({ directory, port: await portsInARow(4) }, { now: () => new Date() });
    await seedAlliance(alliance, () => undefined);
    await publishAlliance(alliance);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await alliance.close();
    await rm(directory, { recursive: true, force: true });
  });

  const picture = async (page: Page, name: string): Promise<void> => {
    if (PICTURES === undefined) return;
    await mkdir(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `newcomer-${name}.png`) });
  };

  /** Opens an invitation in a browser of its own and comes in with a passkey, as with a finger on the sensor. */
  const comeIn = async (address: string, login: string): Promise<Page> => {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: DESKTOP, acceptDownloads: true });
    const page = await context.newPage();
    page.on('pageerror', (error) => assert.fail(error));
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    await page.goto(address);
    await page.getByLabel('登录名').fill(login);
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await page.getByLabel('再输入一次密码').fill(PASSWORD);
    await picture(page, `1-invitation-${login}`);
    await page.getByRole('button', { name: '接受' }).click();
    await page.getByRole('button', { name: '添加通行密钥' }).click();
    await page.getByRole('navigation').waitFor();
    return page;
  };

  it('goes from two invitations to an approved, printed certificate', async () => {
    const [clerkInvited, approverInvited] = await demoInvitations(alliance);
    const clerk = await comeIn(clerkInvited?.address ?? '', 'lina');
    await clerk.getByRole('navigation').getByRole('link', { name: '制证' }).click();
    await clerk.getByLabel('姓名').fill('张伟');
    await clerk.getByLabel('证件号码').fill('110101199003070134');
    await clerk.getByLabel('职业编码').fill('6-31-01-03');
    await clerk.getByLabel('等级').selectOption('三级/高级工');
    await clerk.getByLabel('考核计划编号').fill('PJ-2026-001');
    await clerk.getByLabel('考核标准').fill('GZB 6-31-01-03');
    await clerk.getByLabel('考核日期').fill('2026-11-01');
    await picture(clerk, '2-form');
    await clerk.getByRole('button', { name: '检查' }).click();
    await clerk.getByRole('button', { name: '提交审批（1 行）' }).click();
    await clerk.getByText('待审批').first().waitFor();

    const approver = await comeIn(approverInvited?.address ?? '', 'wangqiang');
    await approver.getByRole('region', { name: '等您审批' }).getByRole('link').first().click();
    await approver.getByRole('cell', { name: '张伟' }).waitFor();
    await picture(approver, '3-approve');
    await approver.getByRole('button', { name: '同意办理（1 行）' }).click();
    await approver.getByText('已完成').waitFor();

    await clerk.getByRole('heading', { name: '办理结果' }).waitFor();
    await clerk
      .getByRole('row', { name: /已办理/ })
      .getByRole('link')
      .click();
    await clerk.getByRole('heading', { name: '打印和下载' }).waitFor();
    await picture(clerk, '4-certificate');
    const downloading = clerk.waitForEvent('download');
    await clerk.getByRole('link', { name: /证书 PDF/ }).click();
    const pdf = Uint8Array.from(await readFile(await (await downloading).path()));
    const signed = JSON.parse(await readPdfAttachment(pdf)) as { credentialSubject: { name: string } };
    assert.equal(signed.credentialSubject.name, '张伟');
    assert.deepEqual(await demoInvitations(alliance).then((left) => left.map((one) => one.console)), [
      'registry',
      'registry',
    ]);
  });
});
