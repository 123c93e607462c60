import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { AccountEffects } from '../../server/accounts/index.js';
import type { Role } from '../../server/index.js';
import { codeAt, newPerson, PASSWORD } from '../accounts/people.js';
import { axeFindings } from '../web/axe.js';
import { launchBrowser } from '../web/browser.js';

export const DESKTOP = { width: 1366, height: 900 };
const TABLET = { width: 820, height: 1180 };
/** Where pictures of each page go, for whoever wants to look at them. */
const PICTURES = process.env['YIZHENG_PICTURES'];

/** What a console is served by: the world of the issuer's tests or of the registry's. */
interface DeskWorld extends Pick<AccountEffects, 'database' | 'keystore'> {
  listener: { url: string };
  /** `now` is moved on by every sign-in: a code is good once. */
  time: { now: Date };
}

/** People at work in the console of one service, each in a browser of their own. */
export interface Desk {
  effects: AccountEffects;
  browser: Browser;
  /** Signs a new person in; their device is in the zone UTC unless another is given. */
  open(person: {
    login: string;
    roles: readonly Role[];
    name: string;
    tenant: string;
    locale?: string;
    zone?: string;
  }): Promise<Page>;
  close(): Promise<void>;
}

/** Starts a browser for the console of a service, with more flags where a test needs them. */
export async function startDesk(world: DeskWorld, flags: readonly string[] = []): Promise<Desk> {
  const effects: AccountEffects = {
    database: world.database,
    keystore: world.keystore,
    baseUrl: world.listener.url,
    clock: () => world.time.now,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
  };
  const browser = await launchBrowser(flags);
  return {
    effects,
    browser,
    close: () => browser.close(),
    async open({ locale = 'zh-CN', zone = 'UTC', login, ...person }) {
      const { secret } = await newPerson(effects, world.listener.url, { login, ...person });
      const context = await browser.newContext({
        locale,
        timezoneId: zone,
        viewport: DESKTOP,
        acceptDownloads: true,
      });
      const page = await context.newPage();
      page.on('pageerror', (error) => assert.fail(error));
      await page.goto(`${world.listener.url}/`);
      world.time.now = new Date(world.time.now.getTime() + 31_000);
      const status = await page.evaluate(
        async (body) => {
          const headers = { 'content-type': 'application/json' };
          return (await fetch('./session', { method: 'POST', headers, body: JSON.stringify(body) })).status;
        },
        { login, password: PASSWORD, totp: codeAt(secret, world.time.now) },
      );
      assert.equal(status, 200);
      await page.reload();
      await page.getByRole('navigation').waitFor();
      return page;
    },
  };
}

/** Goes to a view by the navigation, where a count of what is new may follow its name; returns when the view before is gone. */
export async function go(page: Page, name: string): Promise<void> {
  const link = page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}(?: \\d|$)`) });
  await link.click();
  await link.and(page.locator('[aria-current=page]')).waitFor();
  // From a detail of a view to the view itself the mark stays where it is, so what was clicked is given time to be drawn.
  await painted(page);
}

/** Waits until what has happened so far was drawn. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Looks at a page at both sizes: axe-core finds nothing, and `YIZHENG_PICTURES` keeps `<name>-<width>.png`. */
export async function look(page: Page, name: string): Promise<void> {
  for (const size of [DESKTOP, TABLET]) {
    await page.setViewportSize(size);
    await page.locator('h1').first().waitFor();
    assert.deepEqual(await axeFindings(page), [], `${name} at ${size.width}`);
    if (PICTURES === undefined) continue;
    await mkdir(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}-${size.width}.png`), fullPage: true });
  }
  await page.setViewportSize(DESKTOP);
}
