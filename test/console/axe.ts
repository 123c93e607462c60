import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let source: string | undefined;

interface WithAxe {
  axe: { run: (options: { resultTypes: ['violations'] }) => Promise<AxeResults> };
}

/** What axe-core finds on a page as it is now, at any impact: rule, impact and the first characters of each place. */
export async function findAxeProblems(page: Page): Promise<string[]> {
  source ??= await readFile(AXE, 'utf8');
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as WithAxe).axe.run({ resultTypes: ['violations'] }),
  );
  return violations.map(
    ({ id, impact, nodes }) => `${id} (${impact ?? ''}): ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  );
}
