import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { chooseAuthority, paste } from './app-world.js';
import { goTo, startGate, type Gate } from './gate-world.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };
/** Every language, size and colour scheme with every other; colours only where the rest was looked at. */
const LOOKS = [
  { tag: 'zh-CN', size: PHONE, scheme: 'light', rules: 'all' },
  { tag: 'en', size: DESKTOP, scheme: 'light', rules: 'all' },
  { tag: 'zh-CN', size: DESKTOP, scheme: 'dark', rules: 'colours' },
  { tag: 'en', size: PHONE, scheme: 'dark', rules: 'colours' },
] as const;
const OPTIONS: Record<'all' | 'colours', RunOptions> = {
  all: { resultTypes: ['violations'] },
  colours: { resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } },
};

interface WithAxe {
  axe: { run: (options: RunOptions) => Promise<AxeResults> };
}

describe('the app for everyone', () => {
  let gate: Gate;
  let context: BrowserContext;
  let page: Page;
  let axe: string;

  before(async () => {
    gate = await startGate();
    axe = await readFile(AXE, 'utf8');
  });
  after(() => gate.stop());
  afterEach(() => context.close());

  const findings = async (rules: keyof typeof OPTIONS): Promise<string[]> => {
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
    const { violations } = await page.evaluate(
      (options) => (globalThis as unknown as WithAxe).axe.run(options),
      OPTIONS[rules],
    );
    return violations.map(({ id, impact, nodes }) => `${id} (${impact ?? ''}): ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`); // prettier-ignore
  };
  /** What goes past the right edge, at 320 pixels and at text twice as large. */
  const tooWide = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const [width, text] of [
      [320, 100],
      [640, 200],
    ] as const) {
      // prettier-ignore
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate((size) => (document.documentElement.style.fontSize = `${size}%`), text);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (wide > 0) found.push(`${wide} px too wide at ${width} px and ${text} %`);
    }
    await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
    return found;
  };
  const look = async (state: string): Promise<void> => {
    const found: string[] = [];
    for (const { tag, size, scheme, rules } of LOOKS) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: scheme });
      await page.locator('select.language').selectOption(tag);
      await page.locator(`html[lang="${tag}"]`).waitFor();
      found.push(...(await findings(rules)).map((what) => `${state}, ${tag}, ${size.width} px, ${scheme}: ${what}`));
    }
    found.push(...(await tooWide()).map((what) => `${state}: ${what}`));
    await page.locator('select.language').selectOption('zh-CN');
    await page.setViewportSize(PHONE);
    assert.deepEqual(found, []);
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
      document.querySelector('main')?.append(text, field);
    });
    const found = await findings('all');
    assert.deepEqual(found.map((what) => what.split(' ')[0]).sort(), ['color-contrast', 'label']);
    assert.equal((await tooWide()).length, 2);
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
    await page.locator('[data-intact]').waitFor();
    await look('a receipt checked again');
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
    const focused = (): Promise<string> =>
      page.evaluate(
        () => `${document.activeElement?.tagName ?? ''} ${(document.activeElement?.textContent ?? '').trim()}`,
      );
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
    assert.equal(await focused(), 'H2 可以认可');
    await tabTo(/^为什么？/);
    await page.keyboard.press('Enter');
    await page.locator('.why-steps').waitFor();
    await tabTo(/^做核验回执/);
    await page.keyboard.press('Enter');
    await page.locator('.receipt').waitFor();
    assert.equal(await focused(), 'H1 核验回执');
    await tabTo(/^保存回执/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    assert.match(download.suggestedFilename(), /^yizheng-receipt-.*\.json$/);
    await goTo(page, 'roster');
    await tabTo(/选择文件夹/);
    await roster(['a.txt', gate.good], ['b.json', gate.forged]);
    assert.equal(await focused(), 'H2 核验完毕，共 2 项');
    await tabTo(/^不予认可/);
    await page.keyboard.press('Space');
    assert.equal(await page.locator('tbody tr').count(), 1);
    await tabTo(/^结果/);
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'ascending');
    await tabTo(/^b\.json/);
    await page.keyboard.press('Enter');
    await page.locator('.verdict[data-headline=refused]').waitFor();
    assert.equal(await focused(), 'H2 不予认可');
  });
});
