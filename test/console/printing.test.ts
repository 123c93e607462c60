import assert from 'node:assert/strict';
import { createCanvas } from '@napi-rs/canvas';
import type { Page } from 'playwright-core';
import { CODE, startWorld, type World } from '../issuer/world.js';
import { line, SHEET_HEADER } from '../issuer/batch/sheets.js';
import { go, look, startDesk, type Desk } from './desk.js';

describe('the console: paper', function () {
  this.timeout(300_000);
  let world: World;
  let desk: Desk;
  let admin: Page;
  let clerk: Page;
  before(async () => {
    world = await startWorld({ console: true, batches: { threads: 1, pollMs: 50 } });
    desk = await startDesk(world);
    admin = await desk.open({ login: 'admin', roles: ['admin'], name: '赵敏', tenant: CODE });
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
});
