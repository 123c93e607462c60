import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { invite, type AccountEffects } from '../../server/accounts/index.js';
import { codeAt, PASSWORD } from '../accounts/people.js';
import { CODE, startWorld, type World } from '../issuer/world.js';
import { axeFindings } from '../web/axe.js';
import { launchBrowser } from '../web/browser.js';

describe('the console: people', function () {
  this.timeout(120_000);
  let world: World;
  let effects: AccountEffects;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let url: string;
  let secret = '';
  const tick = () => (world.time.now = new Date(world.time.now.getTime() + 31_000));

  before(async () => {
    world = await startWorld({ console: true });
    url = `${world.listener.url}/`;
    effects = {
      database: world.database,
      keystore: world.keystore,
      baseUrl: world.listener.url,
      clock: () => world.time.now,
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
    };
    browser = await launchBrowser();
    context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1366, height: 900 } });
    page = await context.newPage();
  });
  after(async () => {
    await browser.close();
    await world.remove();
  });

  it('come in by a link, which leaves the address at once, and set up an authenticator app', async () => {
    const { token } = await invite(effects, { tenant: CODE, roles: ['admin'], name: '赵敏' }, 'test');
    await page.goto(`${url}#invitation=${token}`);
    await page.getByRole('heading', { name: '接受邀请' }).waitFor();
    assert.ok(!page.url().includes(token));
    assert.ok(await page.getByText('赵敏，您受邀担任：管理员').isVisible());
    await page.getByLabel('登录名').fill('zhaomin');
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await page.getByLabel('再输入一次密码').fill(`${PASSWORD}!`);
    assert.ok(await page.getByText('两次输入的密码不一样').isVisible());
    await page.getByLabel('再输入一次密码').fill(PASSWORD);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: '接受' }).click();
    await page.getByRole('heading', { name: '设置第二重验证' }).waitFor();
    await page.getByRole('button', { name: '设置验证器应用' }).click();
    const picture = page.getByRole('img', { name: '验证器应用的二维码' });
    await picture.waitFor();
    secret = new URL((await picture.getAttribute('data-text')) ?? '').searchParams.get('secret') ?? '';
    await page.getByLabel('六位验证码').fill('000000');
    await page.getByRole('button', { name: '确认' }).click();
    await page.getByText('验证码不对').waitFor();
    await page.getByLabel('六位验证码').fill(codeAt(secret, world.time.now));
    await page.getByRole('button', { name: '确认' }).click();
    await page.getByText('请保存恢复码').waitFor();
    assert.equal(await page.locator('.recovery-codes li').count(), 10);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: '已保存，继续' }).click();
    await page.getByRole('navigation').getByText('人员').waitFor();
  });

  it('add a passkey, sign out, and come back with it', async () => {
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
    await page.getByRole('navigation').getByText('我的账号').click();
    await page.getByRole('button', { name: '添加通行密钥' }).click();
    await page.getByText('本设备').waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('heading', { name: '登录', exact: true }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.getByRole('navigation').getByText('人员').waitFor();
  });

  it('are invited and given roles by the administrator, who sees who has no second factor yet', async () => {
    await page.getByRole('navigation').getByText('人员').click();
    await page.getByRole('cell', { name: '可登录' }).waitFor();
    await page.getByLabel('姓名').fill('<b>钱七</b>');
    await page.getByLabel(/^经办/).check();
    await page.getByRole('button', { name: '邀请' }).click();
    const link = (await page.locator('.invitation-link').textContent()) ?? '';
    assert.match(link, /#invitation=[A-Za-z0-9_-]{43}$/);
    assert.ok(await page.getByText('<b>钱七</b>').first().isVisible(), 'what a person typed is shown as text');
    assert.deepEqual(await axeFindings(page), []);

    const guest = await browser.newContext({ locale: 'en' });
    const other = await guest.newPage();
    await other.goto(link);
    await other.getByLabel('Login').fill('qianqi');
    await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await other.getByLabel('The password once more').fill(PASSWORD);
    await other.getByRole('button', { name: 'Accept' }).click();
    await other.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    assert.deepEqual(await axeFindings(other), []);
    await guest.close();

    await page.reload();
    const row = page.getByRole('row', { name: /qianqi/ });
    await row.getByText('尚未设置第二重验证').waitFor();
    await row.getByRole('button', { name: '改角色' }).click();
    await row.getByLabel(/^审计/).check();
    await row.getByRole('button', { name: '保存' }).click();
    await row.getByText('经办、审计').waitFor();
  });

  it('go on where they were when the session has ended in the middle of a form', async () => {
    await page.getByLabel('姓名').fill('孙八');
    await page.getByLabel(/^审批/).check();
    world.time.now = new Date(world.time.now.getTime() + 31 * 60_000);
    await page.getByRole('button', { name: '邀请' }).click();
    const dialog = page.getByRole('dialog', { name: '登录已失效，请重新登录' });
    await dialog.waitFor();
    assert.deepEqual(await axeFindings(page), []);
    tick();
    await dialog.getByLabel('登录名').fill('zhaomin');
    await dialog.getByLabel('密码').fill(PASSWORD);
    await dialog.getByRole('button', { name: '登录', exact: true }).click();
    await dialog.getByLabel('六位验证码').fill(codeAt(secret, world.time.now));
    await dialog.getByRole('button', { name: '登录', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await page.getByLabel('姓名').inputValue(), '孙八');
    await page.getByRole('button', { name: '邀请' }).click();
    await page.getByText('请把这个链接当面或用可靠方式交给孙八').waitFor();
  });
});
