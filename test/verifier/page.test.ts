import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { startInformedVerifier, type RunningVerifier } from './service.js';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('verifier: the page at /', () => {
  let verifier: RunningVerifier;
  before(async () => {
    verifier = await startInformedVerifier();
  });
  after(() => verifier.stop());

  it('is served under a policy that runs no script but its own and lets nobody frame it', async () => {
    const response = await fetch(`${verifier.url}/`);
    assert.equal(response.status, 200);
    const policy = response.headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      'require-trusted-types-for',
    ])
      assert.ok(policy.includes(rule), rule);
    assert.doesNotMatch(policy, /unsafe|\*/);
    for (const path of ['/verify.js', '/words.js', '/style.css', '/icon.svg'])
      assert.equal((await fetch(verifier.url + path)).status, 200);
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/.env', '/create-verifier.ts'])
      assert.equal((await fetch(verifier.url + path)).status, 404);
  });

  describe('in Chromium', () => {
    let browser: Browser;
    let page: Page;
    const problems: string[] = [];

    before(async function () {
      if (!existsSync(CHROMIUM)) this.skip();
      browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    });
    beforeEach(async () => {
      problems.length = 0;
      page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 390, height: 844 } });
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
    });
    afterEach(() => page.close());
    after(async () => {
      if (existsSync(CHROMIUM)) await browser.close();
    });

    it('asks by whose rules once, shows the verdict when a phone opens the address in a QR code, and forgets the address', async () => {
      const { credential } = await signedSample();
      const { text } = encodeQr(credential, { url: 'https://verify.example/' });
      const digits = text.split('#')[1] ?? '';
      await page.goto(`${verifier.url}/#${digits}`);
      await page.locator('#progress', { hasText: '请先选择' }).waitFor();
      assert.ok(await page.locator('#result').isHidden(), 'judged before anybody said by whose rules');
      await page.selectOption('#anchor', AUTHORITY);
      await page.waitForSelector('#result.accepted');
      assert.match((await page.textContent('#result .note')) ?? '', /按哪个主管部门的规则/);
      await page.goto('about:blank');
      await page.goto(`${verifier.url}/#${digits}`);
      await page.waitForSelector('#result.accepted');
      assert.equal(await page.textContent('#headline'), '可以认可');
      assert.equal(await page.locator('.answers > li').count(), 5);
      assert.equal(page.url(), `${verifier.url}/`);
      await page.click('#language');
      await page.locator('#headline', { hasText: /^Accepted$/ }).waitFor();
      assert.equal(await page.getAttribute('html', 'lang'), 'en');
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
        'no sideways scrolling',
      );
      assert.deepEqual(problems, []);
    });

    it('shows what a certificate says as text, never as markup', async () => {
      const name = '<img src=x onerror=alert(1)>';
      const { record } = await signedSample();
      const { credential } = await signedSample('skill-level', { holder: { ...record.holder, name } });
      await page.goto(verifier.url);
      await page.selectOption('#anchor', AUTHORITY);
      await page.getByLabel('或粘贴二维码内容、JSON').fill(JSON.stringify(credential));
      await page.getByRole('button', { name: '核验' }).press('Enter');
      await page.waitForSelector('#result.accepted');
      assert.ok((await page.textContent('#result'))?.includes(name));
      assert.equal(await page.locator('#result img').count(), 0);
      assert.deepEqual(problems, []);
    });

    it('names the chosen file in the language of the page, and judges what was given last', async () => {
      const { credential } = await signedSample();
      await page.goto(verifier.url);
      await page.selectOption('#anchor', AUTHORITY);
      await page.setInputFiles('#file', { name: '无关.txt', mimeType: 'text/plain', buffer: Buffer.from('nothing') });
      await page.waitForSelector('#result.problem');
      assert.equal(await page.textContent('#chosen'), '无关.txt');
      await page.fill('#text', JSON.stringify(credential));
      assert.ok(await page.locator('#chosen').isHidden());
      await page.click('#submit');
      await page.waitForSelector('#result.accepted');
    });

    it('says in words why something could not be read', async () => {
      await page.goto(verifier.url);
      await page.selectOption('#anchor', AUTHORITY);
      await page.fill('#text', 'https://example.org/');
      await page.click('#submit');
      await page.waitForSelector('#result.problem');
      assert.match((await page.textContent('#result')) ?? '', /不是一证证书的二维码/);
    });
  });
});
