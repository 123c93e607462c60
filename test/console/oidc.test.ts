import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { invite } from '../../server/accounts/index.js';
import { createSafeFetch } from '../../server/safe-fetch.js';
import { startProvider, type RunningProvider } from '../accounts/identity-provider.js';
import { codeAt, newPerson, PASSWORD, type Person } from '../accounts/people.js';
import { CODE, startWorld, type World } from '../issuer/world.js';
import { startRegistry } from '../registry/running-registry.js';
import { DESKTOP, go, look, startDesk, type Desk } from './desk.js';

describe('the console: signing in at an identity provider', function () {
  this.timeout(120_000);
  let world: World;
  let desk: Desk;
  let idp: RunningProvider;
  let person: Person;
  let page: Page;
  const tick = () => (world.time.now = new Date(world.time.now.getTime() + 31_000));
  const open = async (locale: string): Promise<Page> => {
    const context = await desk.browser.newContext({ locale, viewport: DESKTOP });
    const opened = await context.newPage();
    opened.on('pageerror', (error) => assert.fail(error));
    return opened;
  };

  before(async () => {
    idp = await startProvider({ clock: () => world.time.now });
    world = await startWorld({
      console: true,
      identityProvider: (baseUrl) => idp.settings([`${baseUrl}/sign-in-return`]),
      fetch: createSafeFetch({ allowLoopback: true, timeoutMs: 60_000 }),
    });
    desk = await startDesk(world);
    person = await newPerson(desk.effects, world.listener.url, {
      login: 'lina',
      tenant: CODE,
      roles: ['clerk', 'admin'],
      name: '李娜',
    });
    page = await open('zh-CN');
    await page.goto(`${world.listener.url}/`);
  });
  after(async () => {
    await desk.close();
    await world.remove();
    await idp.close();
  });

  it('a person who signed in with password and code links the identity under “My account”', async () => {
    tick();
    await page.getByLabel('登录名').fill('lina');
    await page.getByLabel('密码').fill(PASSWORD);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByLabel('六位验证码').fill(codeAt(person.secret, world.time.now));
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('navigation').waitFor();
    await go(page, '我的账号');
    idp.next = { subject: 'li-na-at-the-province' };
    await page.getByRole('button', { name: '绑定省统一身份认证' }).click();
    await page.getByText('已绑定。').waitFor();
    assert.equal(new URL(page.url()).search, '', 'nothing of the way back stays in the address');
    await page.getByText(/绑定于/).waitFor();
    await look(page, 'oidc-account');
  });

  it('signs out, and comes in by the button', async () => {
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('button', { name: '用省统一身份认证登录' }).waitFor();
    await look(page, 'oidc-sign-in');
    idp.next = { subject: 'li-na-at-the-province', amr: ['mfa'] };
    await page.getByRole('button', { name: '用省统一身份认证登录' }).click();
    await page.getByRole('navigation').waitFor();
    await page.getByText('李娜，您好').waitFor();
    assert.equal(new URL(page.url()).pathname, '/');
  });

  it('types a code where the provider shows no second factor', async () => {
    await page.getByRole('button', { name: '退出' }).click();
    idp.next = { subject: 'li-na-at-the-province', amr: ['pwd'] };
    await page.getByRole('button', { name: '用省统一身份认证登录' }).click();
    await page.getByText('没有说明用了第二重验证').waitFor();
    await look(page, 'oidc-factor');
    await page.getByLabel('六位验证码').fill('000000');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByText('登录名、密码或验证码不对。').waitFor();
    tick();
    await page.getByLabel('六位验证码').fill(codeAt(person.secret, world.time.now));
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByText('李娜，您好').waitFor();
  });

  it('says in the reader’s language what is wrong and what to do', async () => {
    const english = await open('en');
    await english.goto(`${world.listener.url}/`);
    const button = english.getByRole('button', { name: 'Sign in with Province ID' });
    await button.waitFor();
    idp.next = { subject: 'a-stranger', amr: ['mfa'] };
    await button.click();
    await english.getByText('No account is linked to this identity yet.').waitFor();
    await look(english, 'oidc-not-linked-en');
    await english.getByRole('button', { name: 'Back to sign in' }).click();
    idp.next = { subject: 'a-stranger', denies: true };
    await button.click();
    await english.getByText('You did not let the identity provider sign you in').waitFor();
    await english.goto(`${world.listener.url}/sign-in-return?code=made-up&state=made-up`);
    await english.getByText('began in another browser; begin again').waitFor();
    assert.equal(new URL(english.url()).search, '');
    await english.context().close();
  });

  it('a person who is invited accepts with it, without a password', async () => {
    const { token } = await invite(desk.effects, { tenant: CODE, roles: ['approver'], name: 'Wang Fang' }, person.id);
    const guest = await open('en');
    await guest.goto(`${world.listener.url}/#invitation=${token}`);
    await guest.getByLabel('Login').fill('wangfang');
    await look(guest, 'oidc-invitation-en');
    idp.next = { subject: 'wang-fang-at-the-province', amr: ['mfa'] };
    await guest.getByRole('button', { name: 'Accept with Province ID' }).click();
    await guest.getByRole('navigation').waitFor();
    await go(guest, 'My account');
    await guest.getByText(/linked .*, last used/).waitFor();
    await guest.getByRole('button', { name: 'End the link' }).click();
    await guest.getByText('Add a passkey first').waitFor();
    assert.equal(await guest.getByLabel('Present password').count(), 0, 'there is no password to change');
    await guest.context().close();
  });

  it('an administrator sees who is linked, and ends it', async () => {
    await go(page, '人员');
    const row = page.getByRole('row', { name: /wangfang/ });
    await row.getByText('已绑定省统一身份认证').waitFor();
    await look(page, 'oidc-people');
    await row.getByRole('button', { name: '解除绑定' }).click();
    await row.getByText('已绑定省统一身份认证').waitFor({ state: 'detached' });
  });

  it('what is typed stays when the session ends: the sign-in happens in another window', async () => {
    await page.getByLabel('姓名').fill('孙八');
    await page.getByLabel(/^审批/).check();
    world.time.now = new Date(world.time.now.getTime() + 31 * 60_000);
    await page.getByRole('button', { name: '邀请' }).click();
    const dialog = page.getByRole('dialog', { name: '登录已失效，请重新登录' });
    await dialog.waitFor();
    await look(page, 'oidc-again');
    idp.next = { subject: 'li-na-at-the-province', amr: ['mfa'] };
    const [other] = await Promise.all([
      page.context().waitForEvent('page'),
      dialog.getByRole('link', { name: '打开新窗口登录' }).click(),
    ]);
    await other.getByRole('button', { name: '用省统一身份认证登录' }).click();
    await other.getByText('李娜，您好').waitFor();
    await other.close();
    await dialog.getByRole('button', { name: '已登录，继续' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await page.getByLabel('姓名').inputValue(), '孙八');
  });

  it('an authority’s registry asks the same provider, for its own address', async () => {
    const registry = await startRegistry('sqlite', { console: true, identityProvider: idp.settings([]) });
    try {
      const { identityProvider } = (await (await fetch(`${registry.url}/console.json`)).json()) as {
        identityProvider?: { name: { en: string } };
      };
      assert.equal(identityProvider?.name.en, 'Province ID');
      const headers = { 'content-type': 'application/json' };
      const begun = await fetch(`${registry.url}/session/oidc`, { method: 'POST', headers, body: '{}' });
      const { address } = (await begun.json()) as { address: string };
      assert.equal(new URL(address).searchParams.get('redirect_uri'), `${registry.url}/sign-in-return`);
    } finally {
      await registry.stop();
    }
  });
});
