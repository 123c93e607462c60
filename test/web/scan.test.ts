import assert from 'node:assert/strict';
import type { RgbaImage } from '../../shared/carrier/read-qr-image.js';
import { zxingWasm } from '../carrier/zxing-wasm.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { shotOf, type Grade } from './camera/grades.js';
import { rgbaOf } from './camera/grey-image.js';
import { photograph, type Shot } from './camera/photograph.js';
import { printedCertificate } from './camera/printed-page.js';
import { loadWebModule } from './load-web-module.js';

type Look = { bytes: Uint8Array } | { broken: true } | undefined;
interface Decoder {
  name: string;
  look(image: RgbaImage, effort: 'quick' | 'thorough'): Promise<Look>;
}
interface Quality {
  light: number;
  sharpness: number;
}
interface ScanParts {
  zxingDecoder(wasm: ArrayBuffer): Promise<Decoder>;
  plainDecoder(): Promise<Decoder>;
  canRunWasm(): Promise<boolean>;
  lookAtFrame(
    decoder: Decoder,
    frame: RgbaImage,
    round: number,
  ): Promise<Quality & { bytes?: Uint8Array; broken: boolean }>;
  watchForHints(): { see(report: Quality & { broken: boolean }, now: number): string };
  foreignCode(text: string): string;
  cameraProblem(error: unknown): string;
  platformOf(userAgent: string, touchPoints: number): string;
}

const FRAME = { width: 1280, height: 720 };
const utf8 = new TextDecoder();

describe('web: what the scanner is made of', function () {
  this.timeout(60_000);
  let parts: ScanParts;
  let page: Awaited<ReturnType<typeof printedCertificate>>;
  before(async () => {
    const loaded = await Promise.all(
      ['qr-decoder', 'look-at-frame', 'scan-hints', 'foreign-code', 'camera-problem'].map((name) =>
        loadWebModule(`scan/${name}.ts`),
      ),
    );
    parts = Object.assign({}, ...loaded) as ScanParts;
    page = await printedCertificate(await signedSample());
  });

  const frame = (grade: Grade, seed: number, changes: Partial<Shot> = {}): RgbaImage =>
    rgbaOf(photograph(page, { ...shotOf(grade, seed, FRAME), ...changes }));

  it('reads a printed certificate from ordinary photos, whole, enlarged and softened', async () => {
    const decoder = await parts.zxingDecoder(zxingWasm());
    for (const grade of [1, 2] as const)
      for (const round of [0, 1, 2]) {
        const { bytes, broken } = await parts.lookAtFrame(decoder, frame(grade, 4), round);
        assert.equal(utf8.decode(bytes), page.text);
        assert.equal(broken, false);
      }
  });

  it('reads more of the bad photos by enlarging their middle than it would by looking at them whole', async () => {
    const decoder = await parts.zxingDecoder(zxingWasm());
    let [whole, enlarged] = [0, 0];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const bad = frame(4, seed);
      whole += Number((await parts.lookAtFrame(decoder, bad, 0)).bytes !== undefined);
      enlarged += Number((await parts.lookAtFrame(decoder, bad, 1)).bytes !== undefined);
    }
    assert.ok(enlarged > whole && enlarged >= 4, `whole ${whole}, enlarged ${enlarged} of 6`);
  });

  it('reads ordinary photos without WebAssembly, too', async () => {
    assert.equal(await parts.canRunWasm(), true);
    const { bytes } = await parts.lookAtFrame(await parts.plainDecoder(), frame(1, 4), 0);
    assert.equal(utf8.decode(bytes), page.text);
  });

  it('notices when WebAssembly may not run', async () => {
    const kept = WebAssembly.compile;
    WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError('refused by policy'));
    try {
      assert.equal(await parts.canRunWasm(), false);
    } finally {
      WebAssembly.compile = kept;
    }
  });

  it('says what to change: closer, hold still, more light, show the whole code', async () => {
    const decoder = await parts.plainDecoder();
    const see = async (changes: Partial<Shot>): Promise<string> => {
      const report = await parts.lookAtFrame(decoder, frame(1, 1, changes), 0);
      const watcher = parts.watchForHints();
      let hint = '';
      for (let now = 0; now <= 6_000; now += 250) hint = watcher.see({ ...report, broken: false }, now);
      return hint;
    };
    assert.equal(await see({ distance: 450 }), 'closer');
    assert.equal(await see({ blur: 5 }), 'still');
    assert.equal(await see({ light: { brightest: 0.2, falloff: 0.8, angle: 0 } }), 'light');
    const watcher = parts.watchForHints();
    const hints = new Set<string>();
    for (let now = 0; now <= 6_000; now += 250)
      hints.add(watcher.see({ light: 0.8, sharpness: 0.7, broken: true }, now));
    assert.deepEqual([...hints], ['still', 'whole']);
  });

  it('asks only for aim at first, and changes its mind slowly', () => {
    const watcher = parts.watchForHints();
    const good = { light: 0.8, sharpness: 0.7, broken: false };
    assert.equal(watcher.see(good, 1_000), 'aim');
    assert.equal(watcher.see(good, 3_500), 'aim');
    assert.equal(watcher.see(good, 4_100), 'closer');
    assert.equal(watcher.see({ ...good, broken: true }, 4_200), 'closer');
    assert.equal(watcher.see({ ...good, broken: true }, 5_400), 'still');
  });

  it('names codes of other things, and never opens them', () => {
    for (const [text, kind] of [
      ['wxp://f2f0abcdefgh', 'payment'],
      ['https://qr.alipay.com/fkx00000', 'payment'],
      ['00020101021226', 'payment'],
      ['https://u.wechat.com/EAbcdef', 'wechat'],
      ['http://weixin.qq.com/r/abc', 'wechat'],
      ['https://jkm.example.gov.cn/code?x=1', 'health'],
      ['{"健康码":"绿"}', 'health'],
      ['BEGIN:VCARD\nN:张伟', 'contact'],
      ['WIFI:S:工地;T:WPA;P:12345678;;', 'wifi'],
      ['https://example.org/', 'link'],
      ['javascript:alert(1)', 'link'],
      ['S000051000123263000001', 'certificate-number'],
      ['张三 焊工 编号S000051000123263000001', 'certificate-number'],
      ['https://example.org/S000051000123263000001', 'link'],
      ['6901234567892', 'number'],
      ['随便写的', 'other'],
      ['', 'other'],
    ] as const)
      assert.equal(parts.foreignCode(text), kind, text);
  });

  it('says why there is no camera, and for which system how to allow it', () => {
    for (const [name, problem] of [
      ['NotAllowedError', 'refused'],
      ['SecurityError', 'refused'],
      ['NotFoundError', 'none'],
      ['OverconstrainedError', 'none'],
      ['NotReadableError', 'busy'],
      ['AbortError', 'busy'],
      ['TypeError', 'unsupported'],
    ] as const)
      assert.equal(parts.cameraProblem(Object.assign(new Error(), { name })), problem);
    assert.equal(parts.cameraProblem(undefined), 'busy');
    for (const [agent, touch, platform] of [
      ['Mozilla/5.0 (Linux; Android 13; Redmi 9A) Chrome/120', 5, 'android'],
      ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)', 5, 'ios'],
      ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari', 5, 'ios'],
      ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari', 0, 'desktop'],
      ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 10, 'desktop'],
    ] as const)
      assert.equal(parts.platformOf(agent, touch), platform, agent);
  });
});
