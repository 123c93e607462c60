import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { chooseAuthority, paste } from './app-world.js';
import { axeFindings, DESKTOP, lookAt, PHONE, tooWide } from './axe.js';
import { goTo, startGate, type Gate } from './gate-world.js';

describe('the app for everyone', () => {
  let gate: Gate;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    gate = await startGate();
  });
  after(() => gate.stop());
  afterEach(() => context.close());

  const look = async (state: string): Promise<void> => {
    assert.deepEqual(await lookAt(page, state), []);
  };
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  const roster = async (...files: [name: string, content: string][]): Promise<void> => {
    const chosen = files.map(([name, content]) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) }));
    await page.locator('.drop input[type=file]').first().setInputFiles(chosen);
    await page.locator('#roster-result', { hasText: '核验完毕' }).waitFor();
  };

  it('would notice pale text, a field without label and a page too wide', async () => {
    ({ context, page } = await gate.open(PHONE));
    await page.evaluate(() => {
      const text = Object.assign(document.createElement('p'), { textContent: 'pale' });
      text.style.color = '#ccc';
      const field = document.createElement('input');
      field.style.width = '700px';
      document.querySelector('main')?.prepend(text, field);
    });
    const found = await axeFindings(page);
    assert.deepEqual(found.map((what) => what.split(' ')[0]).sort(), ['color-contrast', 'label']);
    assert.equal((await tooWide(page)).length, 2);
  });

  it('has nothing axe-core objects to while an authority is chosen and a certificate is verified @slow', async () => {
    context = await gate.browser.newContext({ locale: 'zh-CN', viewport: PHONE });
    page = await context.newPage();
    await page.goto(gate.world.address);
    await page.locator('.offer').first().waitFor();
    await look('choice of the authority');
    await page.locator('.offer input').first().check();
    await button('下一步：核对').click();
    await page.getByLabel(/粘贴公布的摘要/).fill('uEiOther');
    await look('another root than announced');
    await page.reload();
    await chooseAuthority(page, gate.world.feed);
    await look('ready to verify');
    await page.locator('form button[type=submit]').click();
    await look('nothing given');
    for (const [text, outcome] of [
      [gate.good, 'accepted'],
      [gate.forged, 'refused'],
      [gate.unknown, 'undetermined'],
      ['hello', 'QR_NOT_OURS'],
    ] as const) {
      // prettier-ignore
      assert.equal(await paste(page, text), outcome);
      await look(outcome);
    }
    await paste(page, gate.good);
    await button('为什么？').click();
    await page.locator('.why-steps').waitFor();
    await look('why');
    await button('核验下一张').click();
    await page.getByRole('button', { name: '重试' }).waitFor();
    await look('no camera');
    await page.clock.setFixedTime(Date.now() + 30 * 86_400_000);
    await page.reload();
    await page.locator('.trust-strip-stale').waitFor();
    assert.equal(await paste(page, gate.good), 'undetermined');
    await look('data too old to say anything');
  });

  it('has nothing axe-core objects to in rosters, receipts, history and settings @slow', async () => {
    ({ context, page } = await gate.open(PHONE));
    await goTo(page, 'history');
    await page.getByText('还没有记录。').waitFor();
    await look('no history');
    await goTo(page, 'verify');
    await paste(page, gate.good);
    await button('做核验回执').click();
    await page.locator('.receipt').waitFor();
    await look('a receipt');
    const [download] = await Promise.all([page.waitForEvent('download'), button('保存回执').click()]);
    const file = await download.path();
    await goTo(page, 'receipt');
    await look('no receipt opened');
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.locator('[data-intact=RECEIPT_INTACT]').waitFor();
    await look('a receipt checked again');
    const changed = (await readFile(file, 'utf8')).replaceAll('accepted', 'refused');
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'changed.json', mimeType: 'application/json', buffer: Buffer.from(changed) });
    await page.locator('[data-intact=RECEIPT_CHANGED], [data-intact=RECEIPT_CONTRADICTORY]').waitFor();
    await look('a receipt somebody changed');
    await goTo(page, 'history');
    await page.locator('.history > li').first().waitFor();
    await button('全部删除').click();
    await look('history, about to be deleted');
    await goTo(page, 'roster');
    await page.locator('.drop').waitFor();
    await look('no roster');
    await roster(
      ['a.txt', gate.good],
      ['b.json', gate.forged],
      ['c.jpg', 'x'],
      ['d.csv', `姓名,二维码\n李娜,${gate.good}`],
    );
    await look('a roster');
    await button('a.txt').click();
    await page.locator('.verdict').waitFor();
    await look('a row of a roster');
    await goTo(page, 'settings');
    await page.locator('main h1').waitFor();
    await look('settings');
    await button('清除本机的信任数据').click();
    await look('settings, about to forget');
  });

  it('is worked by keyboard alone, and the focus goes where something new is to be read', async () => {
    ({ context, page } = await gate.open(DESKTOP));
    /** Focus moves once what is new was painted. */
    const focusedOn = (tag: string, text: string): Promise<void> =>
      page.locator(`${tag}:focus`, { hasText: new RegExp(`^\\s*${text}\\s*$`) }).waitFor();
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        const found = await page.evaluate(() => {
          const element = document.activeElement;
          const label = element instanceof HTMLInputElement ? [...(element.labels ?? [])].map((item) => item.textContent).join(' ') : ''; // prettier-ignore
          return `${element?.textContent ?? ''} ${label} ${element?.tagName ?? ''}`;
        });
        if (name.test(found)) return;
      }
      assert.fail(`not reached by keyboard: ${name.source}`);
    };
    await tabTo(/TEXTAREA/);
    await page.keyboard.insertText(gate.good);
    await tabTo(/^核验 +BUTTON|^核验 /);
    await page.keyboard.press('Enter');
    await page.locator('.verdict[data-headline=accepted]').waitFor();
    await focusedOn('h2', '可以认可');
    await tabTo(/^为什么？/);
    await page.keyboard.press('Enter');
    await page.locator('.why-steps').waitFor();
    await tabTo(/^做核验回执/);
    await page.keyboard.press('Enter');
    await page.locator('.receipt').waitFor();
    await focusedOn('h1', '核验回执');
    await tabTo(/^保存回执/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    assert.match(download.suggestedFilename(), /^yizheng-receipt-.*\.json$/);
    await goTo(page, 'roster');
    await tabTo(/选择文件夹/);
    await roster(['a.txt', gate.good], ['b.json', gate.forged]);
    await focusedOn('h2', '核验完毕，共 2 项');
    await tabTo(/^不予认可/);
    await page.keyboard.press('Space');
    assert.equal(await page.locator('tbody tr').count(), 1);
    await tabTo(/^结果/);
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'ascending');
    await tabTo(/^b\.json/);
    await page.keyboard.press('Enter');
    await page.locator('.verdict[data-headline=refused]').waitFor();
    await focusedOn('h2', '不予认可');
  });
});
