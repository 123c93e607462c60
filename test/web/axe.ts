import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
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

/** What axe-core objects to on a page as it is. */
export async function axeFindings(page: Page, rules: keyof typeof OPTIONS = 'all'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate(
    (options) => (globalThis as unknown as WithAxe).axe.run(options),
    OPTIONS[rules],
  );
  return violations.map(({ id, impact, nodes }) => `${id} (${impact ?? ''}): ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`); // prettier-ignore
}

/** What goes past the right edge, at 320 pixels and at text twice as large. */
export async function tooWide(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [width, text] of [
    [320, 100],
    [640, 200],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate((size) => (document.documentElement.style.fontSize = `${size}%`), text);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) found.push(`${wide} px too wide at ${width} px and ${text} %`);
  }
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  return found;
}

/**
 * Looks at a state in both languages, sizes and colour schemes, and leaves it as a Chinese phone.
 * @param options `dark`: false where dark colours are looked at elsewhere
 * @returns everything found
 */
export async function lookAt(page: Page, state: string, { dark = true } = {}): Promise<string[]> {
  const found: string[] = [];
  const language = page.locator('select.language');
  for (const { tag, size, scheme, rules } of LOOKS) {
    if (scheme === 'dark' && !dark) continue;
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: scheme });
    if (await language.isVisible()) await language.selectOption(tag);
    found.push(
      ...(await axeFindings(page, rules)).map((what) => `${state}, ${tag}, ${size.width} px, ${scheme}: ${what}`),
    );
  }
  found.push(...(await tooWide(page)).map((what) => `${state}: ${what}`));
  if (await language.isVisible()) await language.selectOption('zh-CN');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(PHONE);
  return found;
}
