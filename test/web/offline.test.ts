import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { drawQrSymbol } from '../../shared/carrier/qr-symbol.js';
import { encodeQr, type EncodedQr } from '../../shared/carrier/qr-text.js';
import { makePdf } from '../carrier/make-pdf.js';
import { pngOfSymbol } from '../carrier/png-of-symbol.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { chooseAuthority, chooseFile, outcome, paste, startAppWorld, untilKept, type AppWorld } from './app-world.js';
import { launchBrowser, launchProfile } from './browser.js';

const DAY = 86_400_000;

describe('the verifier app on a device of its own @slow', () => {
  let world: AppWorld;
  let code: EncodedQr;
  let json: string;

  before(async () => {
    const { credential } = await signedSample();
    json = JSON.stringify(credential);
    code = encodeQr(credential);
  });
  beforeEach(async () => {
    world = await startAppWorld();
  });
  afterEach(() => world.stop());

  describe('in one profile', () => {
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    before(async () => {
      browser = await launchBrowser();
    });
    after(() => browser.close());
    beforeEach(async () => {
      context = await browser.newContext({ locale: 'zh-CN' });
      page = await context.newPage();
      await page.goto(world.address);
    });
    afterEach(() => context.close());

    it('says so when what it kept was altered, judges nothing by it, and begins anew from the confirmed root', async () => {
      await chooseAuthority(page, world.feed);
      await page.evaluate(async () => {
        const database = await new Promise<IDBDatabase>((resolve) => {
          const request = indexedDB.open('yizheng-trust');
          request.onsuccess = () => resolve(request.result);
        });
        const store = database.transaction('texts', 'readwrite').objectStore('texts');
        const [keys, values] = await Promise.all(
          [store.getAllKeys(), store.getAll()].map(
            (request) => new Promise<unknown[]>((resolve) => (request.onsuccess = () => resolve(request.result as unknown[]))), // prettier-ignore
          ),
        );
        values?.forEach((text, i) => {
          store.put(String(text).replace('示例职业技能评价中心', '别的机构'), keys?.[i] as IDBValidKey);
        });
        await new Promise((resolve) => (store.transaction.oncomplete = resolve));
        database.close();
      });
      await page.goto(`${world.address}#${code.text.replace('YZ:', '')}`);
      await page.reload();
      await page.locator('.notice-bad', { hasText: '已损坏' }).waitFor();
      assert.equal(await page.locator('.verdict').count(), 0);
      await chooseAuthority(page, world.feed);
      assert.equal(await paste(page, code.text), 'accepted');
    });

    it('says so when the browser cleared what it kept, and offers to import it', async () => {
      await chooseAuthority(page, world.feed);
      await page.evaluate(
        () => new Promise((resolve) => (indexedDB.deleteDatabase('yizheng-trust').onsuccess = resolve)),
      );
      await page.reload();
      await page.locator('.notice', { hasText: '浏览器清除了本机保存的数据' }).waitFor();
      await page.getByText('从文件导入数据包').waitFor();
    });

    it('keeps the old data when the device is full, and says so', async () => {
      const session = await context.newCDPSession(page);
      await session.send('Storage.overrideQuotaForOrigin', { origin: world.origin, quotaSize: 1 });
      await page.locator('.offer').click();
      await page.getByRole('button', { name: '下一步' }).click();
      const accept = page.getByRole('button', { name: /已核对/ });
      await accept.click();
      await page.locator('.notice-bad', { hasText: '存储空间已满' }).waitFor();
      await session.send('Storage.overrideQuotaForOrigin', { origin: world.origin });
      await accept.click();
      await page.locator('.trust-strip').waitFor();

      const before = await page.getAttribute('[data-as-of]', 'data-as-of');
      await world.publish({ sequence: 3 });
      // Chromium remembers for a while how much space there was, so the second time the write itself is made to fail.
      await page.evaluate(() => {
        IDBObjectStore.prototype.put = () => {
          throw new DOMException('full', 'QuotaExceededError');
        };
      });
      await page.getByRole('button', { name: '更新数据' }).click();
      await page.locator('.notice', { hasText: '存储空间已满' }).waitFor();
      assert.equal(await page.getAttribute('[data-as-of]', 'data-as-of'), before);
      await page.reload();
      assert.equal(await page.getAttribute('[data-as-of]', 'data-as-of'), before);
      assert.equal(await paste(page, code.text), 'accepted');
    });

    it('accepts nothing by a clock ten years behind, and says which way a clock is wrong', async () => {
      await chooseAuthority(page, world.feed);
      await untilKept(page);
      await page.clock.setFixedTime(Date.now() - 3650 * DAY);
      await page.reload();
      await page.locator('.notice-bad', { hasText: '明显偏早' }).waitFor();
      assert.equal(await paste(page, code.text), 'undetermined');
      await page.clock.setFixedTime(Date.now() + 3650 * DAY);
      await page.reload();
      await page.locator('.notice-bad', { hasText: '晚一年以上' }).waitFor();
      assert.equal(await paste(page, code.text), 'undetermined');
      await page.clock.setFixedTime(Date.now() + DAY);
      await page.reload();
      assert.match(await paste(page, code.text), /^(?:accepted|undetermined)$/);
      assert.equal(await page.locator('.shell-notices .notice-bad').count(), 0);
    });

    it('takes a newer version of itself only when the reader agrees', async () => {
      await chooseAuthority(page, world.feed);
      await untilKept(page);
      await page.reload();
      world.newVersion = '\n// a newer version';
      await page.goto(`${world.address}#/settings`);
      await page.getByRole('button', { name: '检查新版本' }).click();
      const notice = page.locator('.notice', { hasText: '有新版本可用' });
      await notice.waitFor();
      const waiting = (): Promise<boolean> =>
        page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting !== null);
      assert.ok(await waiting(), 'the newer version took over by itself');
      await Promise.all([page.waitForEvent('load'), notice.getByRole('button', { name: '更新' }).click()]);
      await page.locator('#app-title').waitFor();
      assert.equal(await waiting(), false);
    });
  });

  it('works with browser offline and server stopped: after a reload, after the browser was closed, for text, pictures and PDFs', async function () {
    this.timeout(120_000);
    const profile = await mkdtemp(join(tmpdir(), 'yizheng-profile-'));
    const picture = pngOfSymbol(drawQrSymbol(code.segments), 4);
    const pdf = await makePdf([{ content: json }]);
    try {
      let context = await launchProfile(profile);
      let page = context.pages()[0] ?? (await context.newPage());
      await page.goto(world.address);
      await chooseAuthority(page, world.feed);
      await untilKept(page);
      await context.setOffline(true);
      await world.stopServer();
      await page.reload();
      await page.locator('.trust-strip').waitFor();
      assert.equal(await paste(page, code.text), 'accepted');
      await context.close();

      context = await launchProfile(profile);
      await context.setOffline(true);
      page = context.pages()[0] ?? (await context.newPage());
      await page.goto(`${world.address}#${code.text.replace('YZ:', '')}`);
      assert.equal(await outcome(page), 'accepted');
      assert.equal(await chooseFile(page, 'a.png', 'image/png', picture), 'accepted');
      assert.equal(await chooseFile(page, 'a.pdf', 'application/pdf', pdf), 'accepted');
      await page.getByRole('button', { name: '更新数据' }).click();
      await page.locator('.notice', { hasText: '连不上网络' }).waitFor();
      await context.close();
    } finally {
      await rm(profile, { recursive: true, force: true });
    }
  });
});
