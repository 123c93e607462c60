import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { launchProfile } from '../../test/web/browser.js';
import { bePresent, chooseAuthority, startPresentVerifier } from '../../test/web/open-verifier.js';

/**
 * Seconds from opening the installed app to when it takes a certificate, with a browser just started and the server gone.
 * @param starts how often
 */
export async function coldStarts(starts: number): Promise<number[]> {
  const profile = await mkdtemp(join(tmpdir(), 'yizheng-bench-profile-'));
  const verifier = await startPresentVerifier();
  const seconds: number[] = [];
  try {
    const first = await launchProfile(profile);
    const page = await first.newPage();
    await bePresent(page);
    await page.goto(verifier.url);
    await chooseAuthority(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await first.close();
    await verifier.stop();
    for (let start = 0; start < starts; start++) {
      const browser = await launchProfile(profile);
      seconds.push(await startOnce(browser, verifier.url));
      await browser.close();
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
  return seconds;
}

async function startOnce(browser: BrowserContext, address: string): Promise<number> {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (document.documentElement.dataset['ready'] !== 'true') return;
      performance.mark('ready');
      observer.disconnect();
    });
    observer.observe(document, { attributes: true, subtree: true, attributeFilter: ['data-ready'] });
  });
  await page.goto(address);
  const handle = await page.waitForFunction(() => performance.getEntriesByName('ready')[0]?.startTime);
  return ((await handle.jsonValue()) ?? 0) / 1000;
}
