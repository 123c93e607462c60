import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createCanvas } from '@napi-rs/canvas';
import type { Page } from 'playwright-core';
import { answer, CODE, startWorld, type World } from '../issuer/world.js';
import { line, SHEET_HEADER, uniqueCitizen } from '../issuer/batch/sheets.js';
import { pageText } from '../issuer/files/page-text.js';
import { DESKTOP, go, look, startDesk, type Desk } from './desk.js';

describe('the console: paper', function () {
  this.timeout(300_000);
  let world: World;
  let desk: Desk;
  let admin: Page;
  let clerk: Page;
  let second: Page;
  before(async () => {
    world = await startWorld({ console: true, batches: { threads: 1, pollMs: 50 } });
    desk = await startDesk(world);
    admin = await desk.open({ login: 'admin', roles: ['admin'], name: '赵敏', tenant: CODE });
    second = await desk.open({ login: 'second', roles: ['clerk'], name: '李娜', tenant: CODE });
    clerk = await desk.open({ login: 'clerk', roles: ['clerk'], name: 'Clara Clerk', tenant: CODE, locale: 'en' });
  });
  after(async () => {
    await desk.close();
    await world.remove();
  });

  const sampleDrawn = async (page: Page): Promise<void> => {
    const sample = page.locator('img.page-preview');
    await sample.waitFor();
    await page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('img.page-preview')?.naturalWidth ?? 0) > 0,
    );
  };

  const pageDrawn = async (page: Page, name: string): Promise<void> => {
    const picture = page.getByRole('img', { name });
    await picture.waitFor();
    await picture.evaluate((image: HTMLImageElement) => image.decode());
  };
  const downloaded = async (page: Page, act: () => Promise<void>): Promise<{ name: string; file: Uint8Array }> => {
    const downloading = page.waitForEvent('download');
    await act();
    const download = await downloading;
    return { name: download.suggestedFilename(), file: Uint8Array.from(await readFile(await download.path())) };
  };

  it('an administrator chooses colours and a seal, and sees how a certificate will print', async () => {
    await go(admin, '打印');
    await sampleDrawn(admin);
    await admin.getByLabel('标题和边框的颜色').fill('#ffe680');
    await admin.getByRole('button', { name: '保存版式' }).click();
    await admin.getByRole('alert').waitFor();
    await admin.getByLabel('标题和边框的颜色').fill('#123a6b');
    await admin.getByLabel('流水码前缀').fill('CQ-');
    await admin.getByRole('button', { name: '保存版式' }).click();
    await admin.getByText('已保存').waitFor();
    const canvas = createCanvas(300, 300);
    canvas.getContext('2d').fillRect(50, 50, 200, 200);
    const seal = { name: 'seal.png', mimeType: 'image/png', buffer: await canvas.encode('png') };
    await admin.locator('input[type=file]').setInputFiles(seal);
    await admin.getByRole('button', { name: '不印印章' }).waitFor();
    await sampleDrawn(admin);
    await look(admin, 'printing-zh');
    assert.deepEqual((await world.issuer.service.printLayouts.of(CODE)).layout.accent, '#123a6b');
    canvas.getContext('2d').fillRect(0, 0, 100, 100);
    const shownAgain = ['seal.png', 'preview.png'].map((name) =>
      admin.waitForResponse((response) => new URL(response.url()).pathname.endsWith(`/print-layout/${name}`)),
    );
    await admin.locator('input[type=file]').setInputFiles({ ...seal, buffer: await canvas.encode('png') });
    for (const shown of await Promise.all(shownAgain)) assert.equal(shown.status(), 200);
  });

  it('a clerk lays out a batch with serials, and opens the file to print', async () => {
    await go(clerk, 'Batches');
    await clerk.locator('input[type=file]').setInputFiles({
      name: 'november.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\ufeff${[SHEET_HEADER, line(1), line(2)].join('\r\n')}\r\n`),
    });
    await clerk.getByRole('button', { name: 'Preview 张伟2' }).click();
    await pageDrawn(clerk, 'How the certificate of 张伟2 will print; it is not issued and has no QR code');
    await look(clerk, 'preview-row-en');
    await clerk.keyboard.press('Escape');
    await clerk.getByRole('dialog').waitFor({ state: 'detached' });
    await clerk.locator('button:focus', { hasText: /^Preview 张伟2$/ }).waitFor();
    await clerk.setViewportSize({ width: 320, height: 700 });
    const overflow = await clerk.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page scrolls sideways by ${overflow}px`);
    await clerk.setViewportSize(DESKTOP);
    await clerk.getByRole('button', { name: /2 rows/ }).click();
    await clerk.getByText('done', { exact: true }).first().waitFor();
    await go(clerk, 'Printing');
    await clerk.getByLabel('Batch of certificates').selectOption({ index: 1 });
    await clerk.getByLabel('Sheet', { exact: true }).selectOption('2');
    await clerk.getByRole('button', { name: 'Lay out' }).click();
    const row = clerk.getByRole('row', { name: /CQ-00000001 – CQ-00000002/ });
    await row.waitFor();
    await sampleDrawn(clerk);
    await look(clerk, 'printing-en');
    const address = await row.getByRole('link').getAttribute('href');
    const type = await clerk.evaluate(
      async (url) => (await fetch(url)).headers.get('content-type'),
      address ?? 'missing',
    );
    assert.equal(type, 'application/pdf');
    assert.equal(await clerk.getByRole('button', { name: 'Save' }).count(), 0);
  });

  it('a single certificate is seen as it will print before anybody issues it', async () => {
    await go(second, '制证');
    await second.getByLabel('姓名').fill('欧阳娜娜');
    await second.getByLabel('证件号码').fill(uniqueCitizen(77));
    await second.getByLabel('职业编码').fill('6-18-02-04');
    await second.getByLabel('等级').selectOption('三级/高级工');
    await second.getByLabel('考核计划编号').fill('PJ-2026-077');
    await second.getByLabel('考核标准').fill('GZB 6-18-02-04');
    await second.getByLabel('考核日期').fill('2026-11-01');
    await second.getByRole('button', { name: '检查' }).click();
    await pageDrawn(second, '欧阳娜娜的证书印出来的样子，还没有签发，没有二维码');
    await look(second, 'preview-single-zh');
    await second.getByRole('button', { name: '确认办理 1 行' }).click();
    await second.getByText('已完成').waitFor();
  });

  it('chosen certificates, found by several searches, are laid out together; one not in force is left out and named', async () => {
    await go(second, '证书');
    const find = async (name: string): Promise<void> => {
      await second.getByLabel('姓名（完整）').fill(name);
      await second.getByRole('button', { name: '查找' }).click();
      await second.getByRole('row', { name: new RegExp(`${name} `) }).waitFor();
      await second.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
    };
    await find('欧阳娜娜');
    await second.getByRole('checkbox', { name: /欧阳娜娜/ }).check();
    await find('张伟1');
    await second.getByRole('checkbox', { name: /张伟1/ }).check();
    await second.getByRole('heading', { name: '打印选中的 2 张' }).waitFor();
    const held = await world.database
      .knex<{ id: string; credential: string }>('certificates')
      .whereLike('credential', '%张伟2%')
      .first('id');
    const path = `/institutions/${CODE}/certificates/${encodeURIComponent(held?.id ?? '')}/status`;
    const suspend = { action: 'suspend', reason: 'investigation' };
    await answer(world.call('POST', path, suspend, { secret: world.secrets.officer }));
    await find('张伟2');
    await second.getByRole('checkbox', { name: '选择列出的全部' }).check();
    await second.getByText(/已暂停或撤销，不打印/).waitFor();
    await look(second, 'chosen-zh');
    await second.getByRole('button', { name: '排版这 2 张' }).click();
    const row = second.getByRole('row', { name: /CQ-00000003 – CQ-00000004/ });
    await row.waitFor();
    await row.getByRole('cell', { name: /李娜/ }).waitFor();
  });

  it('a photo is cut, looked at and printed on one certificate, and kept nowhere', async () => {
    await go(second, '证书');
    await second.getByLabel('姓名（完整）').fill('欧阳娜娜');
    await second.getByRole('button', { name: '查找' }).click();
    await second
      .getByRole('row', { name: /欧阳娜娜/ })
      .getByRole('link')
      .first()
      .click();
    await second.getByRole('heading', { name: '带照片打印' }).waitFor();
    const choose = (name: string, buffer: Buffer): Promise<void> =>
      second.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/jpeg', buffer });
    await choose('broken.jpg', Buffer.from('no picture'));
    await second.getByText(/图片须是完整的 PNG 或 JPEG 文件/).waitFor();
    const canvas = createCanvas(3000, 4000);
    const context = canvas.getContext('2d');
    context.fillStyle = '#3a6ea5';
    context.fillRect(0, 0, 3000, 4000);
    await choose('photo.jpg', await canvas.encode('jpeg'));
    await pageDrawn(second, '证书上的照片');
    await look(second, 'photo-zh');
    const print = second.getByRole('button', { name: '生成带照片的证书（PDF）' });
    const { name, file } = await downloaded(second, () => print.click());
    assert.match(name, /^S000051000001.*\.pdf$/);
    const words = (await pageText(file)).map(({ text }) => text);
    assert.ok(words.includes('欧阳娜娜') && !words.includes('照片'), 'the empty place is gone');
    await second.getByRole('button', { name: '不用照片' }).click();
    await second.getByRole('img', { name: '证书上的照片' }).waitFor({ state: 'detached' });
  });

  it('slips for the wallets of a batch come as a file to print', async () => {
    await go(clerk, 'Batches');
    await clerk
      .getByRole('row', { name: /november/ })
      .getByRole('link')
      .click();
    await clerk.getByLabel('From row').fill('2');
    await clerk.getByLabel('To row').fill('2');
    await look(clerk, 'slips-en');
    const { name, file } = await downloaded(clerk, () =>
      clerk.getByRole('button', { name: 'Make slips (PDF)' }).click(),
    );
    assert.match(name, /^slips-[0-9a-f]{24}\.pdf$/);
    const words = (await pageText(file)).map(({ text }) => text);
    assert.ok(words.includes('张伟1') && !words.includes('张伟2'));
    await clerk.getByText('Made and downloaded.').waitFor();
    await clerk.getByLabel('From row').fill('90');
    await clerk.getByLabel('To row').fill('99');
    await clerk.getByRole('button', { name: 'Make slips (PDF)' }).click();
    await clerk.getByText('There is nothing to be offered in these rows.').waitFor();
  });
});
