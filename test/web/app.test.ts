import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import PDFDocument from 'pdfkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { drawQrSymbol } from '../../shared/carrier/qr-symbol.js';
import { encodeQr, type EncodedQr } from '../../shared/carrier/qr-text.js';
import type { CertificateCredential } from '../../shared/certificate/credential.js';
import { importBundle } from '../../shared/trust/import-bundle.js';
import { verify } from '../../shared/verdict/verify.js';
import { makePdf } from '../carrier/make-pdf.js';
import { pngOfSymbol } from '../carrier/png-of-symbol.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { chooseAuthority, chooseFile, outcome, paste, startAppWorld, untilKept, type AppWorld } from './app-world.js';
import { launchBrowser } from './browser.js';

describe('the verifier app @slow', () => {
  let world: AppWorld;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let credential: CertificateCredential;
  let code: EncodedQr;
  const problems: string[] = [];

  before(async () => {
    world = await startAppWorld();
    browser = await launchBrowser();
    ({ credential } = await signedSample());
    code = encodeQr(credential, { url: 'https://verify.example/' });
  });
  after(async () => {
    await browser.close();
    await world.stop();
  });
  beforeEach(async () => {
    problems.length = 0;
    context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 390, height: 844 } });
    page = await context.newPage();
    watch(page);
  });
  afterEach(() => context.close());

  const watch = (watched: Page): void => {
    watched.on('pageerror', (error) => problems.push(String(error)));
    watched.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
  };
  const start = async (): Promise<void> => {
    await page.goto(world.address);
    await chooseAuthority(page, world.feed);
  };

  it('is served below any path, under a policy that runs no script but its own', async () => {
    const response = await fetch(world.address);
    assert.equal(response.status, 200);
    const policy = response.headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ])
      assert.ok(policy.includes(rule), rule);
    assert.doesNotMatch(policy.replace("'wasm-unsafe-eval'", ''), /unsafe|\*|https?:/);
    for (const path of ['sw.js', 'worker.js', 'manifest.webmanifest', 'icon-192.png'])
      assert.equal((await fetch(world.address + path)).status, 200, path);
    for (const path of ['../package.json', '%2e%2e/package.json', '.env', 'create-verifier.ts', 'verifier.html'])
      assert.equal((await fetch(world.verifier.url + '/' + path)).status, 404, path);
  });

  it('asks for an authority first, shows its root to be compared, and refuses to go on when the announced one differs', async () => {
    await page.goto(world.address);
    await page.locator('.offer').first().click();
    await page.getByRole('button', { name: '下一步' }).click();
    const announced = page.getByLabel(/粘贴公布的摘要/);
    await announced.fill('uEiAnotherRoot');
    assert.match((await page.getByRole('alert').textContent()) ?? '', /不一致/);
    const accept = page.getByRole('button', { name: /已核对/ });
    assert.ok(await accept.isDisabled());
    await announced.fill(world.feed.pin.digestMultibase);
    await accept.click();
    await page.locator('.trust-strip').waitFor();
    assert.match((await page.textContent('.trust-strip')) ?? '', /示例省人力资源和社会保障厅.*数据截至.*离线可用至/s);
    assert.deepEqual(problems, []);
  });

  it('says of a text, a picture and a PDF what Node says, with the focus on the headline, and asks no host for it', async () => {
    await start();
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    const { view } = importBundle(world.feed.bundle, { anchor: AUTHORITY, anchorRoot: world.feed.pin, now });
    const json = JSON.stringify(credential);
    const verdict = await verify({ carrier: 'qr', json }, { trust: view, anchor: AUTHORITY, now });
    assert.equal(verdict.headline, 'accepted');
    await untilKept(page);
    const asked = world.asked.length;
    const inPage: string[] = [];
    page.on('request', (request) => inPage.push(request.url()));
    assert.equal(await paste(page, code.text), verdict.headline);
    await page.locator(':focus', { hasText: /^可以认可$/ }).waitFor();
    assert.deepEqual(
      await page.locator('.answers > li').evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset['code'])), // prettier-ignore
      Object.values(verdict.questions).map((finding) => finding.code),
    );
    const picture = pngOfSymbol(drawQrSymbol(code.segments), 4);
    assert.equal(await chooseFile(page, '证书.png', 'image/png', picture), 'accepted');
    assert.match((await page.textContent('.verdict')) ?? '', /证书\.png/);
    assert.deepEqual([world.asked.length - asked, inPage], [0, []], 'something was requested during a verification');
    const pdf = await makePdf([{ content: json }]);
    assert.equal(await chooseFile(page, '证书.pdf', 'application/pdf', pdf), 'accepted');
    assert.deepEqual(problems, []);
  });

  it('shows no earlier verdict as that of a file it is still reading, and says when it cannot read it', async () => {
    await start();
    assert.equal(await paste(page, code.text), 'accepted');
    await page.evaluate(() => {
      const never = new Promise<ArrayBuffer>(() => undefined);
      File.prototype.arrayBuffer = () => never;
    });
    await page
      .locator('.drop input[type=file]')
      .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.of(1) });
    await page.locator('form[aria-busy=true]').waitFor();
    await page.evaluate(() => {
      File.prototype.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    });
    assert.equal(await chooseFile(page, 'b.png', 'image/png', Buffer.of(1)), 'FILE_UNREADABLE');
    assert.match((await page.textContent('.verdict')) ?? '', /文件读不了/);
    assert.deepEqual(problems, []);
  });

  it('finds the code on a page without attachment: drawn, as a picture, as a photo, beside text', async () => {
    await start();
    const symbol = drawQrSymbol(code.segments);
    const side = symbol.size + 8;
    const photo = createCanvas(side * 6, side * 6);
    const context2d = photo.getContext('2d');
    context2d.drawImage(await loadImage(Buffer.from(pngOfSymbol(symbol, 6))), 0, 0);
    const pictures: Record<string, (pdf: PDFKit.PDFDocument) => unknown> = {
      'drawn.pdf': (pdf) => {
        for (let row = 0; row < symbol.size; row++)
          for (let column = 0; column < symbol.size; column++)
            if (symbol.isDark(row, column)) pdf.rect(100 + column * 4, 100 + row * 4, 4.02, 4.02).fill('#000');
      },
      'picture.pdf': (pdf) => pdf.image(Buffer.from(pngOfSymbol(symbol, 6)), 60, 100, { width: 300 }),
      'photo.pdf': (pdf) => pdf.image(photo.toBuffer('image/jpeg', 80), 60, 100, { width: 300 }),
    };
    for (const [name, draw] of Object.entries(pictures)) {
      const pdf = new PDFDocument({ size: 'A4' });
      pdf.font('Helvetica').fontSize(16).text('Certificate of skill', 60, 40);
      draw(pdf);
      pdf.end();
      assert.equal(await chooseFile(page, name, 'application/pdf', await buffer(pdf)), 'accepted', name);
    }
    assert.deepEqual(problems, []);
  });

  it('explains the result with the statement itself, and shows what a certificate says as text, never as markup', async () => {
    await start();
    const name = '<img src=x onerror=alert(1)>';
    const { record } = await signedSample();
    const { credential: hostile } = await signedSample('skill-level', { holder: { ...record.holder, name } });
    assert.equal(await paste(page, JSON.stringify(hostile)), 'accepted');
    assert.ok((await page.textContent('.verdict'))?.includes(name));
    assert.equal(await page.locator('.verdict img').count(), 0);
    await page.getByRole('button', { name: '为什么' }).click();
    await page.getByText('查看声明原文').first().click();
    assert.match((await page.locator('.statement').first().textContent()) ?? '', /"signingKeys"/);
    assert.deepEqual(problems, []);
  });

  it('can be installed from its settings where the browser offers that, and asks for it only then', async () => {
    await start();
    await page.evaluate(() => {
      const offer = new Event('beforeinstallprompt', { cancelable: true });
      Object.assign(offer, { prompt: () => Promise.resolve((document.title = 'asked')) });
      dispatchEvent(offer);
      if (!offer.defaultPrevented) throw new Error('the browser would show a banner of its own');
    });
    await page.goto(`${world.address}#/settings`);
    assert.notEqual(await page.title(), 'asked');
    const button = page.getByRole('button', { name: '安装', exact: true });
    await button.click();
    await button.waitFor({ state: 'detached' });
    assert.equal(await page.title(), 'asked');
  });

  it('takes the certificate out of an address somebody’s camera opened, forgets the address, and waits for the authority', async () => {
    const digits = code.text.split('#')[1] ?? '';
    await page.goto(`${world.address}#${digits}`);
    await page.getByText('已收到证书').waitFor();
    assert.equal(page.url(), `${world.address}#/verify`);
    assert.ok(!world.asked.some((path) => path.includes(digits)));
    await chooseAuthority(page, world.feed);
    assert.equal(await outcome(page), 'accepted');
    await page.getByRole('combobox', { name: '语言' }).selectOption('en');
    await page.locator('.verdict h2', { hasText: /^Accepted$/ }).waitFor();
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'scrolls sideways');
  });

  it('names links for what they are, opens none, and never shows green or red for what it could not read', async () => {
    await start();
    const own = new URL(world.address).host;
    const links: [string, string][] = [
      ['javascript:alert(document.domain)', 'script'],
      ['https://example.org/?q=1', 'foreign'],
      [`https://${own}@evil.example/`, 'userinfo'],
      ['https://vеrify.example/', 'idn'],
      ['https://verify.example.evil.org/', 'lookalike'],
      ['https://verlfy.example/', 'lookalike'],
    ];
    for (const [text, kind] of links) {
      assert.match(await paste(page, text), /^(?:QR_NOT_OURS|CARRIER_UNKNOWN)$/);
      await page.locator(`.verdict-problem[data-link="${kind}"]`).waitFor();
    }
    assert.equal(page.url(), world.address);
    assert.match(await paste(page, code.text.slice(0, -40)), /^QR_(?:CORRUPT|VERSION)$/);
    assert.equal(await paste(page, '{"a":'), 'JSON_SYNTAX');
    assert.equal(await chooseFile(page, 'a.png', 'image/png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2])), 'IMAGE_UNREADABLE'); // prettier-ignore
    const pages = await makePdf([], 21);
    assert.equal(await chooseFile(page, '多页.pdf', 'application/pdf', pages), 'PDF_PAGES');
    assert.match((await page.textContent('.verdict')) ?? '', /21 页.*前 20 页/);
    assert.deepEqual(problems, []);
  });

  it('updates from the one host it came from, in two tabs at once, and judges by the newer data', async () => {
    const second = await context.newPage();
    await start();
    await second.goto(world.address);
    await second.locator('.trust-strip').waitFor();
    assert.equal(await paste(page, code.text), 'accepted');
    const [, index = ''] = /"statusListIndex":"(\d+)"/.exec(JSON.stringify(credential)) ?? [];
    await world.publish({ sequence: 3, revoked: Number(index) });
    const hosts = new Set<string>();
    context.on('request', (request) => hosts.add(new URL(request.url()).origin));
    await Promise.all([page, second].map((tab) => tab.getByRole('button', { name: '更新数据' }).click()));
    for (const tab of [page, second]) await tab.locator('.notice-good, .notice-care').first().waitFor();
    await page.locator('.verdict-refused').waitFor();
    await second.locator(`[data-as-of="${await page.getAttribute('[data-as-of]', 'data-as-of')}"]`).waitFor();
    assert.deepEqual([...hosts], [world.origin]);
    assert.equal(await paste(second, code.text), 'refused');
    await page.getByRole('link', { name: '设置' }).click();
    await page.locator('#bundle-title').waitFor();
    const older = { name: 'old.json', mimeType: 'application/json', buffer: Buffer.from(world.feed.bundle) };
    await page.locator('.card input[type=file]').setInputFiles(older);
    assert.match((await page.locator('.card .notice').textContent()) ?? '', /比本机已有的旧/);
  });
});
