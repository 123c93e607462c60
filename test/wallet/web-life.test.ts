import assert from 'node:assert/strict';
import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { lookAt, PHONE } from '../web/axe.js';
import { launchBrowser } from '../web/browser.js';
import { fakeCameraFlags, writeY4m } from '../web/camera/fake-camera.js';
import { blankFrame, heldInFront } from '../web/camera/held-in-front.js';
import {
  chooseFirstAuthority,
  goTo,
  makeWallet,
  PASSPHRASE,
  startWalletWorld,
  unlock,
  type WalletWorld,
} from './web-world.js';

/** What an employer's verifier says of a request it made. */
interface AskedAnswer {
  phase: string;
  presentations?: {
    format: string;
    verdict: { headline: string; notShown?: string[]; questions: { holder: { code: string } } };
  }[];
}

describe("a worker's certificate, from the slip to the site and to a new phone @slow", function () {
  this.timeout(120_000);
  let world: WalletWorld;
  let browser: Browser;
  let folder: string;
  let camera: string;
  let context: BrowserContext;
  let page: Page;
  let offer: Awaited<ReturnType<WalletWorld['offer']>>;
  let picture: Buffer;
  let site: Page;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yizheng-life-'));
    camera = join(folder, 'camera.y4m');
    writeY4m(camera, [blankFrame()], { fps: 5 });
    [world, browser] = await Promise.all([startWalletWorld(), launchBrowser(fakeCameraFlags(camera))]);
    offer = await world.offer(await world.issue());
    context = await browser.newContext({ locale: 'zh-CN', viewport: PHONE, acceptDownloads: true });
    page = await context.newPage();
  });
  after(async () => {
    await browser.close();
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Points the camera at a picture. */
  const film = async (png: Buffer): Promise<void> => {
    writeY4m(camera, [await heldInFront(png)], { fps: 5 });
  };
  const looked = async (state: string, dark = false): Promise<void> =>
    assert.deepEqual(await lookAt(page, state, { dark }), []);
  const card = () => page.locator('.certificate-card');
  const openCertificate = async (): Promise<void> => {
    await goTo(page, 'certificates');
    await card().click();
    await page.locator('#certificate-title').waitFor();
  };

  it('is received: whose code it is, a mistyped code costs nothing, five answers before it is kept', async () => {
    await page.goto(offer.walletLink);
    await page.getByText('有一张证书等您领取').waitFor();
    assert.ok(!page.url().includes('credential_offer'), 'the offer stayed in the address');
    await looked('first start');
    await makeWallet(page);
    await page.locator('.offer').first().waitFor();
    await chooseFirstAuthority(page);
    await page.locator('[data-offer]').waitFor();
    await looked('an offer');
    const code = page.getByLabel('领取码');
    await code.fill(offer.txCode === '000000' ? '000001' : '000000');
    await page.getByRole('button', { name: '领取', exact: true }).click();
    await page.getByText('领取码不对').waitFor();
    await code.fill(offer.txCode);
    await page.getByRole('button', { name: '领取', exact: true }).click();
    const verdict = page.locator('.verdict[data-headline=accepted]');
    await verdict.waitFor();
    assert.equal(
      await page.locator('[data-previews]').getAttribute('data-previews'),
      '1',
      'both forms are one certificate',
    );
    await looked('a certificate before it is accepted');
    await page.getByRole('button', { name: '收下' }).click();
    await page.getByText('已收进证书夹').waitFor();
    await goTo(page, 'certificates');
    await card().waitFor();
    assert.equal(await page.locator('.standing-line').getAttribute('data-standing'), 'good');
    await looked('the certificates');
    await openCertificate();
    await looked('a certificate', true);
  });

  it('is shown live: the verifier on the site, offline, sees by its camera that it is his', async () => {
    const opened = await browser.newContext({ locale: 'zh-CN', viewport: PHONE });
    site = await opened.newPage();
    await site.goto(world.verifier);
    await chooseFirstAuthority(site);
    await site.locator('html[data-ready]').waitFor();
    await site.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await opened.setOffline(true);
    await openCertificate();
    await page.getByRole('link', { name: /当面给人扫/ }).click();
    await page.locator('.live-code').waitFor();
    await page.getByText(/\d+ 秒后自动更新/).waitFor();
    picture = await page.locator('.live-code').screenshot();
    await film(picture);
    await site.getByRole('button', { name: '扫描二维码' }).click();
    await site.locator('.verdict').waitFor();
    assert.equal(await site.locator('.verdict').getAttribute('data-headline'), 'accepted');
    assert.equal(await site.locator('[data-question=holder]').getAttribute('data-code'), 'HOLDER_BOUND');
    const first = await page.locator('.live-code svg').getAttribute('data-text');
    await page.evaluate(skewClock, 31_000);
    await page.waitForFunction(
      (old) => document.querySelector('.live-code svg')?.getAttribute('data-text') !== old,
      first,
    );
    await looked('the live code');
  });

  it('is worth nothing as a screenshot 90 seconds later', async () => {
    await site.evaluate(skewClock, 90_000);
    await site.getByRole('button', { name: '核验下一张' }).click();
    await site.locator('.verdict').waitFor();
    assert.equal(await site.locator('[data-question=holder]').getAttribute('data-code'), 'HOLDER_PROOF_EXPIRED');
    assert.notEqual(await site.locator('.verdict').getAttribute('data-headline'), 'accepted');
    await site.context().close();
  });

  it('answers an employer far away, who sees neither score nor the number of the identity card', async () => {
    const asked = await fetch(`${world.verifier}openid4vp/guest-requests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ request: { claims: ['name', 'occupation', 'level', 'scores'] } }),
    });
    const { id, readSecret, walletLink } = (await asked.json()) as {
      id: string;
      readSecret: string;
      walletLink: string;
    };
    await page.goto(walletLink);
    await page.reload();
    await page.goto(walletLink);
    await unlock(page);
    await page.locator('[data-query]').waitFor();
    await looked('a request', true);
    const offered = await page
      .locator('[data-fact]')
      .evaluateAll((boxes) => boxes.map((box) => [box.getAttribute('data-fact'), (box as HTMLInputElement).checked]));
    assert.deepEqual(offered.sort(), [
      ['assessment.practical_score', false],
      ['assessment.theory_score', false],
    ]);
    const told = await page.locator('[data-told]').first().innerText();
    assert.ok(told.includes('张伟') && !told.includes('86'), told);
    await page.getByRole('button', { name: /^发给 / }).click();
    await page.getByText('已发给').waitFor();
    const read = await fetch(`${world.verifier}openid4vp/requests/${id}`, {
      headers: { authorization: `Bearer ${readSecret}` },
    });
    const answer = (await read.json()) as AskedAnswer;
    const [presented] = answer.presentations ?? [];
    assert.equal(presented?.format, 'dc+sd-jwt');
    assert.equal(presented.verdict.headline, 'accepted');
    assert.equal(presented.verdict.questions.holder.code, 'HOLDER_BOUND');
    for (const hidden of ['assessment.theory_score', 'assessment.practical_score', 'identity_document.last_four'])
      assert.ok(presented.verdict.notShown?.includes(hidden), `${hidden} was shown`);
    await goTo(page, 'history');
    await page.locator('[data-kind=request]').waitFor();
    await looked('what was shared');
  });

  it('says where it counts and what comes next, and makes a link that ends', async () => {
    await openCertificate();
    await page.getByRole('link', { name: /各地认不认/ }).click();
    const outcomes = page.locator('[data-authority]');
    await outcomes.first().waitFor();
    assert.ok(
      (await outcomes.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-outcome')))).includes(
        'recognised',
      ),
    );
    assert.equal(await page.locator('[data-next]').getAttribute('data-next'), '2');
    await looked('where it counts');
    await openCertificate();
    await page.getByRole('link', { name: /发给远处的人/ }).click();
    await page.getByRole('button', { name: '生成链接' }).click();
    const link = await page.locator('[data-link]').inputValue();
    assert.ok(link.startsWith(`${world.verifier}#`), link);
    assert.equal(await holderCode(link), 'HOLDER_LINK');
    await looked('a link');
    await openCertificate();
    await page.getByRole('link', { name: /打印或贴在简历上/ }).click();
    await page.locator('.paper-code').waitFor();
    await looked('the code for paper');
  });

  it('is back with the same keys after backup, loss of the phone, and restoring', async () => {
    await goTo(page, 'backup');
    await page.getByRole('button', { name: '做备份' }).click();
    const code = await page.locator('.recovery-code').getAttribute('data-code');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '保存备份文件' }).click(),
    ]);
    const backup = await readFile(await download.path());
    await looked('a backup');
    await goTo(page, 'settings');
    await page.getByRole('button', { name: '删除本机的证书夹' }).click();
    await page.getByRole('button', { name: '确定删除' }).click();
    await page.getByRole('button', { name: '从备份或旧手机恢复' }).click();
    const restore = async (bytes: Buffer): Promise<void> => {
      const file = { name: 'wallet.yzbackup', mimeType: 'application/octet-stream', buffer: bytes };
      await page.locator('input[type=file]').setInputFiles(file);
      await page.getByRole('textbox', { name: '恢复码' }).fill((code ?? '').toLowerCase().replaceAll('-', ' '));
      await page.getByRole('button', { name: '下一步' }).click();
      await page.getByLabel('口令', { exact: true }).fill(`${PASSPHRASE}二`);
      await page.getByLabel('再输一遍').fill(`${PASSPHRASE}二`);
      await page.getByRole('button', { name: '恢复', exact: true }).click();
    };
    const tampered = Buffer.from(backup);
    tampered[tampered.length - 20] = (tampered[tampered.length - 20] ?? 0) ^ 1;
    await restore(tampered);
    await page.getByText(/恢复码和这份备份不是一对|备份文件损坏/).waitFor();
    await looked('restoring');
    await page.getByRole('button', { name: '返回' }).click();
    await page.getByRole('button', { name: '从备份或旧手机恢复' }).click();
    await restore(backup);
    await goTo(page, 'certificates');
    await openCertificate();
    await page.getByRole('link', { name: /当面给人扫/ }).click();
    const text = await page.locator('.live-code svg').getAttribute('data-text');
    assert.equal(await holderCode(text ?? ''), 'HOLDER_BOUND');
    await goTo(page, 'history');
    await page.locator('[data-kind=link]').waitFor();
  });

  it('opens without a network after the browser was closed, and nothing is asked of any host', async () => {
    const asked: string[] = [];
    await context.setOffline(true);
    await page.close();
    page = await context.newPage();
    page.on('requestfinished', (request) => asked.push(request.url()));
    await page.goto(`${world.wallet}#/certificates`);
    await unlock(page, `${PASSPHRASE}二`);
    await openCertificate();
    await page.getByRole('link', { name: /当面给人扫/ }).click();
    await page.locator('.live-code').waitFor();
    const elsewhere = asked.filter((url) => !url.startsWith(world.wallet));
    assert.deepEqual(elsewhere, []);
  });

  /** What the verifier's service says of the holder of a code. */
  async function holderCode(text: string): Promise<string> {
    const response = await fetch(`${world.verifier}verify`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: text,
    });
    const { verdict } = (await response.json()) as { verdict: { questions: { holder: { code: string } } } };
    return verdict.questions.holder.code;
  }
});

/** Runs in a page: its clock goes on from that many milliseconds later; a set clock would stop the camera's timing. */
function skewClock(by: number): void {
  const now = Date.now.bind(Date);
  Date.now = () => now() + by;
}

/** A frame with nothing on it. */
