import type { Browser, BrowserContext, Page } from 'playwright-core';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { chooseAuthority, startAppWorld, untilKept, type AppWorld } from './app-world.js';
import { launchBrowser } from './browser.js';

/** An app with an authority chosen, and texts of certificates to check with it. */
export interface Gate {
  world: AppWorld;
  browser: Browser;
  /** QR text of a certificate that is accepted. */
  good: string;
  /** JSON of one whose status nobody published, so that nothing can be said. */
  unknown: string;
  /** JSON of the same with another name. */
  forged: string;
  /** JSON of the same, as signed. */
  json: string;
  /** A context whose app is kept and has its authority. */
  open(options?: {
    width?: number;
    height?: number;
    locale?: string;
  }): Promise<{ context: BrowserContext; page: Page }>;
  stop(): Promise<void>;
}

/** Starts it. */
export async function startGate(): Promise<Gate> {
  const world = await startAppWorld();
  const browser = await launchBrowser();
  const { credential } = await signedSample();
  const { credential: unknown } = await signedSample('skill-level', { status: { list: 9, index: 1 } });
  const json = JSON.stringify(credential);
  return {
    world,
    browser,
    json,
    good: encodeQr(credential, { url: 'https://verify.example/' }).text,
    unknown: JSON.stringify(unknown),
    forged: json.replace('张伟', '张韦'),
    open: async ({ width = 390, height = 844, locale = 'zh-CN' } = {}) => {
      const context = await browser.newContext({ locale, viewport: { width, height }, acceptDownloads: true });
      const page = await context.newPage();
      await page.goto(world.address);
      await chooseAuthority(page, world.feed);
      await untilKept(page);
      await page.reload();
      await page.locator('.trust-strip').waitFor();
      return { context, page };
    },
    stop: async () => {
      await browser.close();
      await world.stop();
    },
  };
}

/** Goes to a view as its link does. */
export async function goTo(page: Page, view: string): Promise<void> {
  await page.locator(`.nav a[href="#/${view}"]`).click();
  await page.locator(`.nav a[href="#/${view}"][aria-current=page]`).waitFor();
}
