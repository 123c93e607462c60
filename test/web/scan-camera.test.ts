import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { drawQrSymbol } from '../../shared/carrier/qr-symbol.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import type { RunningVerifier } from '../verifier/service.js';
import { launchBrowser } from './browser.js';
import { fakeCameraFlags, writeY4m } from './camera/fake-camera.js';
import { shotOf } from './camera/grades.js';
import { photograph } from './camera/photograph.js';
import { printedCertificate, withSymbol } from './camera/printed-page.js';
import { cameraStates, openOnPhone, startPresentVerifier } from './open-verifier.js';

const FRAME = { width: 1280, height: 720 };

/** Waits until the browser has looked for a newer app, as it does after every start; gives how often the server was asked. */
async function whenQuiet({ lines }: RunningVerifier): Promise<number> {
  let asked = -1;
  while (asked !== lines.length) {
    asked = lines.length;
    await setTimeout(1_500);
  }
  return asked;
}

/** What a page that pretends to have a better camera notes. */
interface Pretended {
  /** Settings asked of the camera. */
  asked: unknown[];
  /** Cameras asked for by name. */
  wanted: (string | undefined)[];
}

/** Runs in the page: Chromium's fake camera has no light, no zoom and no twin, so those are made up. */
function pretendMore(): void {
  const noted: Pretended = { asked: [], wanted: [] };
  Object.assign(globalThis, noted);
  const capabilities = { torch: true, zoom: { min: 1, max: 8, step: 0.5 }, focusMode: ['continuous'] };
  MediaStreamTrack.prototype.getCapabilities = () => capabilities as MediaTrackCapabilities;
  MediaStreamTrack.prototype.applyConstraints = (wanted) => {
    noted.asked.push(...(wanted?.advanced ?? []));
    return Promise.resolve();
  };
  const media = navigator.mediaDevices;
  media.enumerateDevices = () =>
    Promise.resolve(
      [
        ['main', '后置'],
        ['macro', '后置微距'],
      ].map(([deviceId, label]) => ({ kind: 'videoinput', deviceId, label }) as MediaDeviceInfo),
    );
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = (wanted) => {
    const video = wanted?.video as { deviceId?: { exact: string } };
    noted.wanted.push(video.deviceId?.exact);
    return open({ video: true });
  };
}

async function scan(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /扫描二维码|核验下一张/ })
    .first()
    .click();
}

describe('web: the camera', function () {
  this.timeout(60_000);
  let folder: string;
  let verifier: RunningVerifier;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yizheng-camera-'));
    verifier = await startPresentVerifier();
  });
  after(async () => {
    await verifier.stop();
    await rm(folder, { recursive: true });
  });

  describe("that sees somebody's payment code and then a printed certificate", () => {
    let browser: Browser;
    before(async () => {
      const page = await printedCertificate(await signedSample());
      const payment = withSymbol(page, drawQrSymbol([{ mode: 'byte', data: 'wxp://f2f0bXyZ0123456789abcdefghijk' }]));
      const [first, second] = [shotOf(1, 3, FRAME), shotOf(2, 3, FRAME)];
      const [foreign, ours] = [photograph(payment, first), photograph(page, second)];
      const video = join(folder, 'camera.y4m');
      writeY4m(video, [...Array<typeof ours>(10).fill(foreign), ...Array<typeof ours>(10).fill(ours)], { fps: 5 });
      browser = await launchBrowser(fakeCameraFlags(video));
    });
    after(() => browser.close());

    it('names the one, reaches the verdict on the other online, asks the network nothing, and is off afterwards; and again with browser offline and server stopped @slow', async () => {
      const own = await startPresentVerifier();
      const { context, page } = await openOnPhone(browser, own.url);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await page.reload();
      await page.locator('html[data-ready="true"]').waitFor();
      const asked = await whenQuiet(own);
      await scan(page);
      await page.getByText('这是收付款码').waitFor();
      assert.deepEqual(await cameraStates(page), ['live']);
      await page.getByRole('heading', { name: '可以认可' }).waitFor();
      await page.getByText(/从拍到二维码到结论 [\d.]+ 秒/).waitFor();
      assert.deepEqual(await cameraStates(page), ['ended']);
      // The browser asks by itself, at a time of its own, whether the service worker changed: "not modified".
      const requests = own.lines.slice(asked).filter((line) => !line.includes('"status":304'));
      assert.deepEqual(requests, [], 'the server was asked during verification');

      await own.stop();
      await context.setOffline(true);
      await page.reload();
      await page.locator('html[data-ready="true"]').waitFor();
      await scan(page);
      await page.getByRole('heading', { name: '可以认可' }).waitFor();
      assert.deepEqual(await cameraStates(page), ['ended']);
      await context.close();
    });

    it('is let go when the person closes it, goes to another view, or hides the page; and comes back by itself', async () => {
      const { context, page } = await openOnPhone(browser, verifier.url);
      const hide = (state: string): Promise<void> =>
        page.evaluate((visibility) => {
          Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
          document.dispatchEvent(new Event('visibilitychange'));
        }, state);
      const playing = page.locator('video');
      const live = (): Promise<unknown> =>
        page.waitForFunction(() => (document.querySelector('video')?.srcObject as MediaStream | null)?.active);
      await scan(page);
      await live();
      await hide('hidden');
      assert.deepEqual(await cameraStates(page), ['ended']);
      await hide('visible');
      await live();
      assert.deepEqual(await cameraStates(page), ['ended', 'live']);
      await page.getByRole('button', { name: '关闭相机' }).click();
      await playing.waitFor({ state: 'detached' });
      assert.deepEqual(await cameraStates(page), ['ended', 'ended']);
      await scan(page);
      await live();
      await page.evaluate(() => void (location.hash = '#/settings'));
      await playing.waitFor({ state: 'detached' });
      assert.deepEqual(await cameraStates(page), ['ended', 'ended', 'ended']);
      await context.close();
    });
  });

  describe('with a light, a zoom and a second one beside it', () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(fakeCameraFlags());
    });
    after(() => browser.close());

    it('lets the person use them, remembers which camera was chosen, and says so when it is unplugged', async () => {
      const { context, page } = await openOnPhone(browser, verifier.url);
      await page.evaluate(pretendMore);
      const asked = (): Promise<unknown[]> => page.evaluate(() => (globalThis as unknown as Pretended).asked);
      await scan(page);
      const torch = page.getByRole('button', { name: '补光灯' });
      await torch.click();
      assert.equal(await torch.getAttribute('aria-pressed'), 'true');
      await page.getByLabel('放大').fill('3');
      assert.deepEqual(await asked(), [{ focusMode: 'continuous' }, { torch: true }, { zoom: 3 }]);

      await page.getByLabel('摄像头', { exact: true }).selectOption({ label: '后置微距' });
      await page.waitForFunction(() => (globalThis as unknown as Pretended).wanted.at(-1) === 'macro');
      await page.getByRole('button', { name: '关闭相机' }).click();
      await scan(page);
      await page.waitForFunction(
        () => (globalThis as unknown as Pretended).wanted.filter((id) => id === 'macro').length === 2,
      );
      await page.waitForFunction(() => (document.querySelector('video')?.srcObject as MediaStream | null)?.active);

      await page.evaluate(() => {
        const stream = document.querySelector('video')?.srcObject as MediaStream;
        stream.getVideoTracks()[0]?.dispatchEvent(new Event('ended'));
      });
      await page.getByText('摄像头断开了').waitFor();
      assert.ok((await cameraStates(page)).every((state) => state === 'ended'));
      await context.close();
    });
  });

  describe('that cannot be had', () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser([
        '--use-fake-device-for-media-stream',
        '--host-resolver-rules=MAP insecure.test 127.0.0.1',
      ]);
    });
    after(() => browser.close());

    const failing = async (name: string): Promise<{ page: Page; close: () => Promise<void> }> => {
      const { context, page } = await openOnPhone(browser, verifier.url);
      await page.evaluate((errorName) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', errorName));
      }, name);
      await scan(page);
      return { page, close: () => context.close() };
    };

    it('because it was refused, says how to allow it, and takes a file instead', async () => {
      const { context, page } = await openOnPhone(browser, verifier.url);
      await scan(page);
      const notice = page.getByText('没有摄像头权限');
      await notice.waitFor();
      await page.getByText(/地址栏/).waitFor();
      const { pdf } = await printedCertificate(await signedSample());
      await page
        .getByLabel('选择照片或 PDF')
        .setInputFiles({ name: '证书.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdf) });
      await page.getByRole('heading', { name: '可以认可' }).waitFor();
      await context.close();
    });

    it('because there is none, or another program has it, says so and can be tried again', async () => {
      for (const [name, sentence] of [
        ['NotFoundError', /没有找到摄像头/],
        ['NotReadableError', /其他程序/],
      ] as const) {
        const { page, close } = await failing(name);
        await page.getByText(sentence).waitFor();
        await page.getByRole('button', { name: '重试' }).click();
        await page.getByText(sentence).waitFor();
        await close();
      }
    });

    it('because the address is not https, says so', async () => {
      const address = verifier.url.replace(/localhost|127\.0\.0\.1/, 'insecure.test');
      const { context, page } = await openOnPhone(browser, address);
      await scan(page);
      await page.getByText(/不是 https:/).waitFor();
      assert.equal(await page.getByRole('button', { name: '重试' }).count(), 0);
      await context.close();
    });
  });
});
