import type { Browser, BrowserContext, Page } from 'playwright-core';
import { AUTHORITY } from '../certificate/sample-records.js';
import { sampleFeed, type SampleFeed } from '../verifier/sample-bundle.js';
import { startVerifier, type RunningVerifier } from '../verifier/service.js';

/** Instant the samples are good at: now, or the first that follows the sample certificates. */
export const PRESENT = new Date(Math.max(Math.floor(Date.now() / 1000) * 1000, Date.parse('2026-11-21T00:00:00Z')));
const PUBLISHED = new Date(PRESENT.getTime() - 3_600_000).toISOString().replace('.000Z', 'Z');

/** The sample authority's bundle, an hour old. */
export function presentBundle(): Promise<SampleFeed> {
  return sampleFeed(AUTHORITY, { issuedAt: PUBLISHED });
}

/** A verifier whose data is an hour old, so that samples are accepted. */
export async function startPresentVerifier(): Promise<RunningVerifier> {
  const feed = await presentBundle();
  const verifier = await startVerifier({ clock: () => PRESENT, anchors: [{ did: AUTHORITY, root: feed.pin }] });
  await verifier.trust.importBundle(AUTHORITY, feed.bundle);
  return verifier;
}

/** A phone that opens the app at an address and chooses the sample authority. */
export async function openOnPhone(
  browser: Browser,
  address: string,
  { locale = 'zh-CN' }: { locale?: string } = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ locale, viewport: { width: 390, height: 844 } });
  await context.addInitScript(watchCameras);
  const page = await context.newPage();
  await bePresent(page);
  await page.goto(address);
  await chooseAuthority(page);
  return { context, page };
}

/** Sets the clock of a page where that of this machine is before the samples; left alone otherwise, since a set clock stops all timing. */
export async function bePresent(page: Page): Promise<void> {
  if (PRESENT.getTime() > Date.now()) await page.clock.setFixedTime(PRESENT);
}

/** Chooses the first authority offered, and waits until the app takes certificates. */
export async function chooseAuthority(page: Page): Promise<void> {
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: /下一步|Next/ }).click();
  await page.getByRole('button', { name: /已核对|use/i }).click();
  // Shown once the authority's data is stored; the page alone is ready before.
  await page.locator('.trust-strip').waitFor();
  await page.locator('html[data-ready="true"]').waitFor();
}

/** What tests look at to see that a camera was let go. */
interface Watched {
  cameras: MediaStreamTrack[];
}

function watchCameras(): void {
  const watched = globalThis as unknown as Watched;
  watched.cameras = [];
  const media = (navigator as Partial<Navigator>).mediaDevices;
  if (!media) return;
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    watched.cameras.push(...stream.getTracks());
    return stream;
  };
}

/** State of every camera track the page ever had. */
export function cameraStates(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as Watched).cameras.map(({ readyState }) => readyState));
}
