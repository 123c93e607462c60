import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { drawQrSymbol } from '../../shared/carrier/qr-symbol.js';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { errorCode } from '../../shared/errors.js';
import { makePdf } from '../carrier/make-pdf.js';
import { pngOfSymbol } from '../carrier/png-of-symbol.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { cli } from '../cli/run.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { exportSingleFile } from '../../verifier/index.js';
import { sampleFeed, STRANGER } from '../verifier/sample-bundle.js';
import { chooseAuthority, chooseFile, minutesAgo, paste } from './app-world.js';
import { launchBrowser } from './browser.js';

describe('the verifier as one HTML file @slow', () => {
  let browser: Browser;
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yizheng-single-'));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await rm(directory, { recursive: true });
  });

  it('works on its very first use from a USB stick with no network: text, picture, PDF; it asks nobody for anything', async () => {
    const feed = await sampleFeed(AUTHORITY, { issuedAt: minutesAgo(60), goodDays: 20 });
    const bundle = join(directory, 'bundle.json');
    const file = join(directory, 'verifier.html');
    await writeFile(bundle, feed.bundle);
    const pin = feed.pin.digestMultibase;
    const options = ['--bundle', bundle, '--anchor', AUTHORITY, '--anchor-root', pin, '--host', 'gate.example', '--out', file]; // prettier-ignore
    const done = await cli(['verifier', 'export', ...options], { home: directory, now: minutesAgo(0) });
    assert.equal(done.code, 0, done.err);
    const html = await readFile(file, 'utf8');
    assert.match(html, /script-src 'sha256-[^']+' 'wasm-unsafe-eval'/);
    assert.doesNotMatch(html.slice(0, html.indexOf('<style>')), /unsafe-inline|unsafe-eval'? *[^;]*\*|https?:/);

    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 390, height: 844 } });
    await context.setOffline(true);
    const page = await context.newPage();
    const problems: string[] = [];
    const asked: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await chooseAuthority(page, feed);
    const { credential } = await signedSample();
    const { text, segments } = encodeQr(credential, { url: 'https://gate.example/' });
    assert.equal(await paste(page, text), 'accepted');
    assert.equal(await page.locator('.verdict-warning').count(), 0);
    assert.equal(await paste(page, text.replace('gate.example', 'elsewhere.example')), 'accepted');
    assert.match((await page.textContent('.verdict-warning')) ?? '', /elsewhere\.example/);
    await page.reload();
    await page.locator('.trust-strip').waitFor();
    assert.equal(await paste(page, text.replace('gate.example', 'elsewhere.example')), 'accepted');
    assert.match((await page.textContent('.verdict-warning')) ?? '', /elsewhere\.example/);
    assert.equal(await chooseFile(page, 'a.png', 'image/png', pngOfSymbol(drawQrSymbol(segments), 4)), 'accepted');
    const pdf = await makePdf([{ content: JSON.stringify(credential) }]);
    assert.equal(await chooseFile(page, 'a.pdf', 'application/pdf', pdf), 'accepted');
    const threads = page.workers().length;
    assert.ok(threads >= 1, 'nothing ran in a worker');
    assert.deepEqual(asked.filter((url) => !/^(?:file|blob|data):/.test(url)), []); // prettier-ignore
    assert.deepEqual(problems, []);
    await context.close();
  });

  it('is not made with a bundle that does not verify from the announced root', async () => {
    const feed = await sampleFeed(AUTHORITY, { issuedAt: minutesAgo(60), goodDays: 20 });
    const other = await sampleFeed(STRANGER, { keyByte: 32 });
    const options = { bundle: feed.bundle, anchor: AUTHORITY, now: minutesAgo(0) };
    await assert.rejects(exportSingleFile({ ...options, rootDigest: other.pin.digestMultibase }), (error) => {
      assert.equal(errorCode(error), 'BUNDLE_ROOT_UNKNOWN');
      return true;
    });
  });

  it('carries data as data: nothing in a bundle ends the script it stands in', async () => {
    const feed = await sampleFeed(AUTHORITY, { issuedAt: minutesAgo(60), goodDays: 20 });
    const hostile = JSON.parse(Buffer.from(feed.bundle).toString()) as Record<string, unknown>;
    hostile['index'] = { text: '</script><script>alert(1)</script>' };
    const bundle = new TextEncoder().encode(JSON.stringify(hostile));
    const options = { anchor: AUTHORITY, rootDigest: feed.pin.digestMultibase, now: minutesAgo(0) };
    const { html } = await exportSingleFile({ ...options, bundle });
    const { html: plain } = await exportSingleFile({ ...options, bundle: feed.bundle });
    const count = (text: string): number => text.split(/<\/?script/i).length;
    assert.equal(count(html), count(plain));
    assert.ok(html.includes('alert(1)'));
  });
});
