import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { fakeCameraFlags } from '../../test/web/camera/fake-camera.js';
import type { PrintedPage } from '../../test/web/camera/photograph.js';
import { launchBrowser } from '../../test/web/browser.js';
import { openOnPhone } from '../../test/web/open-verifier.js';
import { MARK, writeApproach } from './approach-video.js';

/** What scanning with the app took. */
export interface ScanTimes {
  /** Seconds from the first camera frame with the code in it to the verdict on the screen, one a scan. */
  toVerdict: number[];
  /** Milliseconds of verifying alone, one a scan. */
  verify: number[];
}

/** What a watching page notes. */
interface Noted {
  inViewAt: number | undefined;
  verdictAt: number | undefined;
}

/** Scans certificates with the app at an address: several people, each some times. */
export async function scanTimes(
  address: string,
  page: PrintedPage,
  { people, scans }: { people: number; scans: number },
): Promise<ScanTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'yizheng-bench-scan-'));
  const times: ScanTimes = { toVerdict: [], verify: [] };
  try {
    for (let person = 1; person <= people; person++) {
      const video = join(folder, `${person}.y4m`);
      writeApproach(video, page, 40 * person);
      const browser = await launchBrowser(fakeCameraFlags(video));
      const { page: app } = await openOnPhone(browser, address);
      await app.evaluate(note, MARK);
      for (let scan = 0; scan < scans; scan++) times.toVerdict.push(await scanOnce(app));
      times.verify.push(
        ...(await app.evaluate(() => performance.getEntriesByName('yizheng.verify').map(({ duration }) => duration))),
      );
      await browser.close();
      await rm(video);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return times;
}

async function scanOnce(app: Page): Promise<number> {
  await app.evaluate(() => {
    Object.assign((globalThis as unknown as { noted: Noted }).noted, { inViewAt: undefined, verdictAt: undefined });
  });
  await app
    .getByRole('button', { name: /扫描二维码|核验下一张/ })
    .first()
    .click();
  const handle = await app.waitForFunction(() => {
    const { inViewAt, verdictAt } = (globalThis as unknown as { noted: Noted }).noted;
    return inViewAt !== undefined && verdictAt !== undefined && { seconds: (verdictAt - inViewAt) / 1000 };
  });
  const { seconds } = (await handle.jsonValue()) as { seconds: number };
  return seconds;
}

/** Notes when a frame with a dark mark is first shown, and when a verdict is. */
function note(mark: number): void {
  const noted: Noted = { inViewAt: undefined, verdictAt: undefined };
  (globalThis as unknown as { noted: Noted }).noted = noted;
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const follow = (video: HTMLVideoElement): void => {
    context?.drawImage(video, 4, 4, mark - 8, mark - 8, 0, 0, 1, 1);
    const [brightness = 255] = context?.getImageData(0, 0, 1, 1).data ?? [];
    if (video.videoWidth > 0 && brightness < 90) noted.inViewAt ??= performance.now();
    if (video.isConnected) video.requestVideoFrameCallback(() => follow(video));
  };
  const followed = new WeakSet<HTMLVideoElement>();
  new MutationObserver(() => {
    const video = document.querySelector('video');
    if (video && !followed.has(video)) {
      followed.add(video);
      video.requestVideoFrameCallback(() => follow(video));
    }
    if (document.querySelector('.verdict') && noted.inViewAt !== undefined) noted.verdictAt ??= performance.now();
  }).observe(document.body, { childList: true, subtree: true });
}
