import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { createCarrierIo } from '../../server/carrier-io.js';
import { drawQrSymbol } from '../../shared/carrier/qr-symbol.js';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { importBundle } from '../../shared/trust/import-bundle.js';
import { decodeReceiptQr } from '../../shared/verdict/receipt-qr.js';
import { recheckReceipt } from '../../shared/verdict/receipt-recheck.js';
import { parseReceipt } from '../../shared/verdict/receipt-schema.js';
import { makePdf } from '../carrier/make-pdf.js';
import { pngOfSymbol } from '../carrier/png-of-symbol.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { MAX_ENTRIES } from '../../verifier/web/src/roster/entries-of-files.js';
import { paste } from './app-world.js';
import { goTo, startGate, type Gate } from './gate-world.js';

describe('receipts, rosters and history in the app', () => {
  let gate: Gate;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];

  before(async () => {
    gate = await startGate();
  });
  after(() => gate.stop());
  beforeEach(async () => {
    ({ context, page } = await gate.open({ width: 1280, height: 900 }));
    problems.length = 0;
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  });
  afterEach(async () => {
    await context.close();
    assert.deepEqual(problems, []);
  });

  const saved = async (click: () => Promise<void>): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), click()]);
    return readFile(await download.path(), 'utf8');
  };
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const makeReceipt = async (): Promise<string> => {
    await press('做核验回执');
    await page.getByLabel(/核验人/).fill('项目部 李工');
    await page.locator('.receipt dd', { hasText: '项目部 李工' }).waitFor();
    return saved(() => press('保存回执'));
  };

  it('saves a receipt that a colleague can check again, by file, by the bundle of that time, and by the printed code @slow', async () => {
    assert.equal(await paste(page, gate.good), 'accepted');
    const text = await makeReceipt();
    const receipt = parseReceipt(text);
    assert.equal(receipt.checkedBy, '项目部 李工');
    assert.equal(receipt.anchor.root?.digestMultibase, gate.world.feed.pin.digestMultibase);
    assert.doesNotMatch(text, /\b\d{17}[\dX]\b/);
    const then = importBundle(gate.world.feed.bundle, { anchor: AUTHORITY, anchorRoot: gate.world.feed.pin, now: receipt.checkedAt }).view; // prettier-ignore
    const { version } = receipt.program;
    const again = await recheckReceipt(receipt, { trust: then, now: receipt.checkedAt, version, then });
    assert.deepEqual([again.intact.code, again.then.code], ['RECEIPT_INTACT', 'RECEIPT_CONFIRMED']);

    const pdf = new Uint8Array(await page.pdf({ preferCSSPageSize: true, printBackground: false }));
    const io = createCarrierIo();
    const printed = await io.renderPdfPage(pdf, 1);
    assert.deepEqual(decodeReceiptQr(await io.readQrImage(printed)), receipt);
    await assert.rejects(io.renderPdfPage(pdf, 2));

    const bundle = await saved(() => press('同时保存当时的数据包'));
    await goTo(page, 'receipt');
    const file = (name: string, content: string | Uint8Array, mimeType = 'application/json') => ({ name, mimeType, buffer: Buffer.from(content) }); // prettier-ignore
    const answers = async (): Promise<(string | null)[]> => {
      const found = page.locator('[data-intact]');
      await found.waitFor();
      return [await found.getAttribute('data-intact'), await found.getAttribute('data-then')];
    };
    const [open] = [page.locator('input[type=file]').first()];
    await open.setInputFiles(file('r.json', text));
    assert.deepEqual(await answers(), ['RECEIPT_INTACT', 'RECEIPT_DATA_MISSING']);
    await page.locator('input[type=file]').nth(1).setInputFiles(file('bundle.json', bundle));
    await page.locator('[data-then=RECEIPT_CONFIRMED]').waitFor();
    await page.locator('#recheck-title:focus').waitFor();
    await open.setInputFiles(file('r.json', text.replace('李工', '王工')));
    await page.locator('[data-intact=RECEIPT_CHANGED]').waitFor();
    assert.equal(await page.locator('.receipt').count(), 0);
    await open.setInputFiles(file('code.png', printed, 'image/png'));
    await page.locator(`[data-digest="${receipt.digest}"]`).waitFor();
    assert.deepEqual(await answers(), ['RECEIPT_INTACT', 'RECEIPT_DATA_MISSING']);
    await open.setInputFiles(file('x.json', '{}'));
    assert.match((await page.getByRole('alert').textContent()) ?? '', /不是核验回执/);
  });

  it('takes no ID number as the name of who checked', async () => {
    await paste(page, gate.good);
    await press('做核验回执');
    await page.getByLabel(/核验人/).fill('110101199003074514');
    assert.match((await page.getByRole('alert').textContent()) ?? '', /不得有证件号码/);
    assert.ok(await page.getByRole('button', { name: '保存回执' }).isDisabled());
    assert.equal(await page.locator('.receipt').count(), 0);
  });

  it('checks files of every kind and a sheet, names the bad ones, sorts, filters, opens a row and saves the result; nothing is requested', async () => {
    const code = encodeQr(JSON.parse(gate.json) as object);
    const png = pngOfSymbol(drawQrSymbol(code.segments), 6);
    const pdf = await makePdf([{ name: 'certificate.json', content: gate.json }]);
    const csv = `\ufeff姓名,身份证后四位,证书编号,二维码内容\r\n张伟,1234,,${gate.good}\r\n李娜,9999,,${gate.good}\r\n王五,,S000051000123269999999,\r\n`;
    const asked = gate.world.asked.length;
    await goTo(page, 'roster');
    await page.getByText('选择文件夹').waitFor();
    const buffer = (content: string | Uint8Array) => Buffer.from(content);
    await page
      .locator('.drop input[type=file]')
      .first()
      .setInputFiles([
        { name: 'a.txt', mimeType: 'text/plain', buffer: buffer(gate.good) },
        { name: 'b.json', mimeType: 'application/json', buffer: buffer(gate.forged) },
        { name: 'c.png', mimeType: 'image/png', buffer: buffer(png) },
        { name: 'd.pdf', mimeType: 'application/pdf', buffer: buffer(pdf) }, // prettier-ignore
        { name: 'e.jpg', mimeType: 'image/jpeg', buffer: buffer('not a picture') },
        { name: 'f.png', mimeType: 'image/png', buffer: buffer('') },
        { name: 'list.csv', mimeType: 'text/csv', buffer: buffer(csv) },
        { name: '.DS_Store', mimeType: 'application/octet-stream', buffer: buffer('x') },
      ]);
    await page.getByRole('heading', { name: '核验完毕，共 9 项' }).waitFor();
    const rows = await page
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((row) => [
          row.querySelector('th')?.textContent ?? '',
          (row as HTMLElement).dataset['result'] ?? (row as HTMLElement).dataset['code'] ?? '',
        ]),
      );
    assert.deepEqual(rows, [
      ['a.txt', 'accepted'],
      ['b.json', 'refused'],
      ['c.png', 'accepted'],
      ['d.pdf', 'accepted'],
      ['e.jpg', 'QR_NOT_OURS'],
      ['f.png', 'INPUT_EMPTY'],
      ['list.csv · 2', 'accepted'],
      ['list.csv · 3', 'differs'],
      ['list.csv · 4', 'ROSTER_NUMBER_ONLY'],
    ]);
    const all = (await page.locator('tbody').textContent()) ?? '';
    for (const told of ['姓名不同：名单“李娜”，证书“张伟”', '同一张证书还出现在第 3, 4, 7, 8 行', '只有证书编号']) assert.ok(all.includes(told), told); // prettier-ignore
    await page.getByRole('button', { name: /^与名单不符/ }).click();
    assert.equal(await page.locator('tbody tr').count(), 1);
    await page.getByRole('button', { name: /^全部/ }).click();
    await page.getByRole('button', { name: /^结果/ }).click();
    assert.equal(await page.locator('th[aria-sort=ascending]').count(), 1);
    assert.match((await page.locator('tbody tr').first().textContent()) ?? '', /b\.json/);
    await page.getByRole('button', { name: 'd.pdf' }).click();
    await page.locator('.verdict[data-headline=accepted]').waitFor();
    await page.locator('h2:focus').waitFor();
    await press('返回列表');
    await page.locator('#row-4:focus').waitFor();
    const sheet = await saved(() => press('下载结果表'));
    assert.ok(sheet.startsWith('\ufeff序号,文件,结果,'));
    assert.match(sheet, /\r\n5,e\.jpg,没有读出,QR_NOT_OURS,/);
    assert.match(sheet, /\r\n8,"list\.csv · 3","?与名单不符，请核对"?,[^\r]*,李娜,9999,张伟,1234,/);
    assert.deepEqual(gate.world.asked.slice(asked).filter((path) => !path.endsWith('/sw.js')), []); // prettier-ignore
    await goTo(page, 'verify');
    await goTo(page, 'roster');
    await page.locator('tbody tr').first().waitFor();
    assert.equal(await page.locator('tbody tr').count(), 9);
  });

  it('can be stopped, and keeps what was checked', async () => {
    await goTo(page, 'roster');
    const many = `${gate.good}\r\n`.repeat(MAX_ENTRIES);
    await page.getByText('选择文件夹').waitFor();
    await page.locator('.drop input[type=file]').first().setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer: Buffer.from(many) }); // prettier-ignore
    await page.locator('tbody tr[data-headline=accepted]').first().waitFor();
    await press('停止');
    await page.getByRole('heading', { name: /^已停止/ }).waitFor();
    const left = await page.getByRole('button', { name: /^没有读出/ }).textContent();
    assert.ok(Number(/\d+/.exec(left ?? '')?.[0]) > 0);
  });

  it('remembers what was checked without ID numbers and names, saves it safely, and forgets when told to', async () => {
    await paste(page, gate.good);
    await page.getByText('已记入本机“记录”，保留 30 天').waitFor();
    await paste(page, gate.forged);
    await goTo(page, 'history');
    await page.locator('.history > li').nth(1).waitFor();
    const shown = (await page.locator('.history').textContent()) ?? '';
    assert.match(shown, /不予认可[\s\S]*可以认可[\s\S]*张\*/);
    const kept = await page.evaluate(
      () =>
        new Promise<string>((resolve, reject) => {
          const request = indexedDB.open('yizheng-history');
          request.onerror = () => reject(new Error('no history'));
          request.onsuccess = () => {
            const all = request.result.transaction('entries').objectStore('entries').getAll();
            all.onsuccess = () => resolve(JSON.stringify(all.result));
          };
        }),
    );
    assert.doesNotMatch(kept, /张伟|张韦|1234|lastFour/);
    assert.match(await saved(() => press('导出表格')), /^\ufeff时间,结论,/);
    await page
      .getByRole('button', { name: /^删除 .* 的记录$/ })
      .first()
      .click();
    await page.locator('.history > li').nth(1).waitFor({ state: 'detached' });
    assert.equal(await page.locator('.history > li').count(), 1);
    await press('全部删除');
    await press('删除');
    await page.getByText('还没有记录。').waitFor();
    await page.getByLabel('保留多久').selectOption('0');
    await goTo(page, 'verify');
    await paste(page, gate.good);
    assert.equal(await page.getByText('已记入本机').count(), 0);
    await goTo(page, 'history');
    await page.getByText('没有记录：已设为不记录。').waitFor();
  });
});
