import { strict as assert } from 'node:assert';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chooseAuthority } from '../web/app-world.js';
import { DESKTOP, lookAt, PHONE } from '../web/axe.js';
import { launchBrowser } from '../web/browser.js';
import { ThirdPartyHolder, thirdPartyKey, type ThirdPartyKey } from './third-party-holder.js';
import { formFor, startAskingVerifier, type AskingVerifier } from './world.js';

describe('OpenID4VP: the employer’s page “请对方出示证书” @slow', function () {
  this.timeout(90_000);
  let verifier: AskingVerifier;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let key: ThirdPartyKey;

  before(async () => {
    verifier = await startAskingVerifier();
    browser = await launchBrowser();
    key = await thirdPartyKey('ES256', 'key');
  });
  after(async () => {
    await browser.close();
    await verifier.stop();
  });
  afterEach(() => context.close());

  const open = async (viewport: typeof PHONE, locale = 'zh-CN'): Promise<void> => {
    context = await browser.newContext({ locale, viewport });
    page = await context.newPage();
    await page.goto(`${verifier.url}/`);
  };
  const shot = async (name: string): Promise<void> => {
    const folder = process.env['SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };
  const requested = async (): Promise<string> => (await page.locator('svg.qr').getAttribute('data-text')) ?? '';
  const answer = async (link: string, changes: { nonce?: string } = {}): Promise<number> => {
    verifier.clock.now = new Date();
    const holder = new ThirdPartyHolder(key, () => new Date());
    const request = await holder.open(link);
    const held = await formFor('dc+sd-jwt', key.did);
    const presentation = await holder.present('dc+sd-jwt', held, request, { disclose: { name: true }, wrong: changes });
    return (await holder.answer(request, { certificate_dc_sd_jwt: [presentation] })).status;
  };

  it('asks for what is chosen, waits, and judges what a wallet shows on the device again', async () => {
    await open(PHONE);
    await chooseAuthority(page, verifier.feed);
    await page.getByRole('link', { name: '请对方出示证书' }).click();
    await page.getByLabel('职业编码').fill('6-18-02-04');
    await page.getByLabel('至少几级').selectOption('4');
    assert.deepEqual(await lookAt(page, 'form'), []);
    await shot('form-phone-zh');
    await page.getByRole('button', { name: '生成请求' }).click();
    await page.locator('svg.qr').waitFor();
    assert.deepEqual(await lookAt(page, 'waiting'), []);
    await shot('waiting-phone-zh');
    assert.equal(await answer(await requested()), 200);
    const verdict = page.locator('.verdict');
    await verdict.waitFor();
    assert.equal(await verdict.locator('[data-question=holder]').getAttribute('data-code'), 'HOLDER_BOUND');
    assert.match(await page.locator('main').innerText(), /本机用自己的数据重新核验/);
    assert.deepEqual(await lookAt(page, 'answered'), []);
    await shot('answered-phone-zh');
  });

  it('says without trust data of its own that the verdict is the server’s, and names a replay', async () => {
    await open(DESKTOP, 'en');
    await page.goto(`${verifier.url}/#/request`);
    await page.getByRole('button', { name: 'Make the request' }).click();
    await page.locator('svg.qr').waitFor();
    await shot('waiting-desktop-en');
    assert.equal(await answer(await requested()), 200);
    await page.getByText('What the server found').waitFor();
    await shot('by-server-desktop-en');
    await chooseAuthority(page, verifier.feed);
    await page.locator('.verdict [data-question=holder][data-code=HOLDER_BOUND]').waitFor();
    await page.getByRole('button', { name: 'Ask somebody else' }).click();
    await page.getByRole('button', { name: 'Make the request' }).click();
    await page.locator('svg.qr').waitFor();
    assert.equal(await answer(await requested(), { nonce: 'nonce-of-another-request' }), 400);
    await page.locator('[data-code=NONCE_MISMATCH]').waitFor();
    assert.deepEqual(await lookAt(page, 'refused'), []);
    await shot('refused-desktop-en');
  });
});
