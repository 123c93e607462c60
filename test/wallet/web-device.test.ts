import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import pino from 'pino';
import { listen, type Listener } from '../../server/index.js';
import { createWallet } from '../../wallet/index.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { startAppWorld, type AppWorld } from '../web/app-world.js';
import { PHONE } from '../web/axe.js';
import { launchBrowser } from '../web/browser.js';
import { goTo, makeWallet, PASSPHRASE, unlock } from './web-world.js';

describe('the wallet on a device', function () {
  this.timeout(60_000);
  let world: AppWorld;
  let listener: Listener;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let json: string;

  before(async () => {
    [world, browser] = await Promise.all([startAppWorld(), launchBrowser()]);
    const logger = pino({ level: 'silent' });
    listener = await listen(createWallet({ verifierUrl: world.address, logger, version: '0' }), { port: 0 });
    json = JSON.stringify((await signedSample()).credential);
  });
  after(async () => {
    await browser.close();
    await listener.close();
    await world.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'zh-CN', viewport: PHONE });
    page = await context.newPage();
    await page.goto(listener.url.replace('127.0.0.1', 'localhost'));
    await page.locator('html[data-ready]').waitFor();
  });
  afterEach(() => context.close());

  /** Makes a wallet and takes a certificate from a file. */
  const importSample = async (text = json): Promise<void> => {
    await goTo(page, 'receive');
    const file = { name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(text) };
    await page.locator('input[type=file]').first().setInputFiles(file);
  };

  it('comes with headers that let it talk to issuers and load nothing but itself', async () => {
    const response = await fetch(listener.url);
    const policy = response.headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      'connect-src',
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ])
      // prettier-ignore
      assert.ok(policy.includes(rule), `${rule} is not in ${policy}`);
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    assert.deepEqual(await (await fetch(`${listener.url}/wallet.json`)).json(), { verifier: world.address });
  });

  it('keeps a certificate from a file after the five questions, and one that was changed not at all', async () => {
    await makeWallet(page);
    await importSample();
    await chooseSample();
    await page.locator('.verdict[data-headline=accepted]').waitFor();
    await page.getByText('没有和您的手机绑定').waitFor();
    await page.getByRole('button', { name: '收下' }).click();
    await page.getByText('已收进证书夹').waitFor();
    await page.getByRole('button', { name: '再收一张' }).click();
    await importSample(json.replace('张伟', '张韦'));
    await page.getByText('不是发证方签的原样').waitFor();
    assert.equal(await page.getByRole('button', { name: '收下' }).count(), 0);
    await goTo(page, 'certificates');
    await page.locator('.certificate-card').waitFor();
    assert.equal(await page.locator('.certificate-card').count(), 1);
  });

  it('is opened by its passphrase only, says what to do when it is forgotten, and deletes nothing by itself', async () => {
    await makeWallet(page);
    await page.getByText('还没有证书').waitFor();
    await page.reload();
    await unlock(page, 'not the passphrase');
    await page.getByText('试多少次都不会删除证书').waitFor();
    await page.getByRole('button', { name: '忘了口令？' }).click();
    await page.getByText('但证书没有丢').waitFor();
    await unlock(page);
    await page.getByText('还没有证书').waitFor();
  });

  it('locks itself when it was left, and in every other window when locked in one', async () => {
    await makeWallet(page);
    await goTo(page, 'settings');
    const other = await context.newPage();
    await other.goto(page.url());
    await unlock(other);
    await other.getByRole('heading', { name: '设置' }).waitFor();
    await page.getByRole('button', { name: '现在上锁' }).click();
    await other.getByRole('heading', { name: '打开证书夹' }).waitFor();
    await other.close();
    await unlock(page);
    await page.getByLabel('离开多久自动上锁').selectOption('1');
    await page.evaluate(() => {
      const seen = (state: string): void => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      seen('hidden');
      const now = Date.now.bind(Date);
      Date.now = () => now() + 61_000;
      seen('visible');
    });
    await page.getByRole('heading', { name: '打开证书夹' }).waitFor();
  });

  it('says so when the browser cleared it, and starts anew or from a backup', async () => {
    await makeWallet(page);
    await page.getByText('还没有证书').waitFor();
    await page.evaluate(
      () => new Promise((resolve) => (indexedDB.deleteDatabase('yizheng-wallet').onsuccess = resolve)),
    );
    await page.reload();
    await page.getByRole('button', { name: '从备份或旧手机恢复' }).waitFor();
  });

  it('is opened with a passkey where the device keeps a secret for it', async () => {
    const session = await context.newCDPSession(page);
    await session.send('WebAuthn.enable');
    await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        hasPrf: true,
      },
    });
    await page.getByRole('button', { name: '开始使用' }).click();
    await page.getByRole('button', { name: '改用指纹、人脸或锁屏密码' }).click();
    await page.getByText('还没有证书').waitFor();
    await page.reload();
    await page.getByRole('button', { name: '用指纹、人脸或锁屏密码' }).click();
    await page.getByText('还没有证书').waitFor();
  });

  it('is worked by keyboard alone, from the first start to a certificate', async () => {
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        const found = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === document.body) return '';
          const labels = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? [...(element.labels ?? [])] : []; // prettier-ignore
          return `${element?.textContent ?? ''} ${labels.map((label) => label.textContent).join(' ')}`;
        });
        if (name.test(found)) return;
      }
      assert.fail(`not reached by keyboard: ${name.source}`);
    };
    await tabTo(/开始使用/);
    await page.keyboard.press('Enter');
    for (const field of [/^ 口令$/, /再输一遍/]) {
      await tabTo(field);
      await page.keyboard.insertText(PASSPHRASE);
    }
    await page.keyboard.press('Enter');
    await tabTo(/^扫码/);
    await page.keyboard.press('Enter');
    await tabTo(/或粘贴链接/);
    await page.keyboard.insertText(json);
    await tabTo(/^打开 $/);
    await page.keyboard.press('Enter');
    await chooseSample();
    await page.locator('.verdict').waitFor();
    await page.locator(':focus', { hasText: /^请先看清楚，再收下$/ }).waitFor();
    await tabTo(/^收下/);
    await page.keyboard.press('Enter');
    await tabTo(/焊工/);
    await page.keyboard.press('Enter');
    await page.locator('#certificate-title').waitFor();
  });

  it('is ready without a network in a second and a half', async () => {
    await makeWallet(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await context.setOffline(true);
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      await page.goto('about:blank');
      await page.goto(listener.url.replace('127.0.0.1', 'localhost'));
      await page.locator('html[data-ready]').waitFor();
      times.push(await page.evaluate(() => performance.now()));
    }
    await unlock(page);
    await page.getByText('还没有证书').waitFor();
    assert.ok(Math.min(...times) < 1_500, `ready after ${times.map(Math.round).join(', ')} ms`);
  });

  async function chooseSample(): Promise<void> {
    await page.locator('.offer').first().waitFor();
    await page.locator('.offer input').first().check();
    await page.getByRole('button', { name: '下一步：核对' }).click();
    await page.getByRole('button', { name: '已核对，使用' }).click();
  }
});
