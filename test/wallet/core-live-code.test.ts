import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { decodeQrText } from '../../shared/carrier/qr-text.js';
import { drawQrSymbol } from '../../shared/carrier/qr-symbol.js';
import { bytesToDecimal } from '../../shared/carrier/decimal.js';
import { readLivePayload } from '../../shared/carrier/live-code.js';
import { encodeLiveQr } from '../../shared/carrier/live-qr.js';
import { createResolver } from '../../shared/did/create-resolver.js';
import { errorCode } from '../../shared/errors.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { createReceipt } from '../../shared/verdict/receipt.js';
import { recheckReceipt } from '../../shared/verdict/receipt-recheck.js';
import { verifyOpened } from '../../shared/verdict/verify-opened.js';
import { LANGUAGES, type Language } from '../../shared/verdict/translator.js';
import type { Finding, Verdict } from '../../shared/verdict/types.js';
import { verdictText } from '../../shared/verdict/verdict-text.js';
import { runJob } from '../../verifier/run-job.js';
import { listCertificates } from '../../wallet/web/src/core/certificates/certificates.js';
import { makeLiveCode, makeShareLink, plainCode, type LiveCode } from '../../wallet/web/src/core/show/live.js';
import { shareLog } from '../../wallet/web/src/core/share/share-log.js';
import type { Vault } from '../../wallet/web/src/core/vault/vault.js';
import { NOW, PARTNER, signed, trustOf } from '../verdict/sample-trust.js';
import { sampleRecord } from '../certificate/sample-records.js';
import { hold, keyIn, openWallet, testPlatform, VERIFIER, type TestPlatform } from './core-world.js';

const second = (offset: number): string => new Date(Date.parse(NOW) + offset * 1000).toISOString();

describe('live code: a certificate its holder has just signed', () => {
  let platform: TestPlatform;
  let vault: Vault;
  let live: LiveCode;
  let did: string;

  before(async () => {
    platform = await testPlatform();
    vault = await openWallet(platform);
    ({ did } = await keyIn(vault, platform));
    const text = await signed({ holder: { ...sampleRecord().holder, id: did } });
    await hold(vault, platform, [{ format: 'ldp_vc', text, holder: did }]);
    live = await makeLiveCode(vault, 'held-1', platform);
  });

  async function holderAt(text: string, now: string): Promise<Finding> {
    const verdict = await verifyOpened(await openCarrier(text), {
      trust: await trustOf(PARTNER),
      anchor: PARTNER,
      now,
    });
    assert.equal(verdict.questions.authentic.answer, 'pass');
    return verdict.questions.holder;
  }

  it('answers "holder: bound" to whoever scans it now, and is accepted', async () => {
    const verdict = await verifyOpened(await openCarrier(live.text), {
      trust: await trustOf(PARTNER),
      anchor: PARTNER,
      now: second(5),
    });
    assert.deepEqual([verdict.headline, verdict.questions.holder.answer, verdict.questions.holder.code], ['accepted', 'pass', 'HOLDER_BOUND']); // prettier-ignore
  });

  it('is worth nothing 90 seconds later: a screenshot is refused, and the certificate with it', async () => {
    assert.equal((await holderAt(live.text, second(84))).answer, 'pass');
    for (const late of [85, 90, 3600, 86_400 * 30]) {
      const { answer, code } = await holderAt(live.text, second(late));
      assert.deepEqual([answer, code], ['fail', 'HOLDER_PROOF_EXPIRED']);
    }
  });

  it('says that the clocks differ where the code comes from the future, and does not call that a forgery', async () => {
    assert.equal((await holderAt(live.text, second(-59))).answer, 'pass');
    const { answer, code } = await holderAt(live.text, second(-61));
    assert.deepEqual([answer, code], ['unknown', 'HOLDER_CLOCK_DIFFERS']);
  });

  it('is still a code a phone reads: version 13 with everything inline', async () => {
    assert.ok(live.version <= 15, `version ${live.version}`);
    assert.equal(live.version, 13);
    assert.equal(drawQrSymbol(live.segments).version, live.version);
    assert.match(live.text, /^https:\/\/verify\.example\/#\d+$/);
    const [held] = await listCertificates(vault);
    assert.ok(held && plainCode(held, VERIFIER).version < live.version);
  });

  it('is another code every time it is signed', async () => {
    assert.notEqual((await makeLiveCode(vault, 'held-1', platform)).text, live.text);
  });

  it('proves nothing when another key signed it', async () => {
    const other = await keyIn(vault, platform);
    const { json } = decodeQrText(live.text);
    const { text } = await encodeLiveQr(
      JSON.parse(json) as object,
      { mode: 'live', at: Date.parse(NOW) / 1000 },
      { sign: (data) => other.signer.sign({ data }) },
    );
    const { answer, code } = await holderAt(text, NOW);
    assert.deepEqual([answer, code], ['fail', 'HOLDER_PROOF_INVALID']);
  });

  it('proves nothing when a byte of its time or signature was changed', async () => {
    const { payload } = await encodeLiveQr(
      JSON.parse(decodeQrText(live.text).json) as object,
      { mode: 'live', at: Date.parse(NOW) / 1000 },
      { sign: () => Promise.resolve(new Uint8Array(64).fill(7)) },
    );
    assert.equal((await holderAt(`YZ:${bytesToDecimal(payload)}`, NOW)).code, 'HOLDER_PROOF_INVALID');
    const later = payloadOf(live.text);
    later[5] = (later[5] ?? 0) ^ 0x20;
    assert.equal((await holderAt(`YZ:${bytesToDecimal(later)}`, NOW)).code, 'HOLDER_PROOF_INVALID');
  });

  it('cannot be put before another certificate', async () => {
    const mine = payloadOf(live.text);
    const other = await signed({ holder: { ...sampleRecord().holder, id: did, name: '李四' } });
    const { payload } = await encodeLiveQr(
      JSON.parse(other) as object,
      { mode: 'live', at: Date.parse(NOW) / 1000 },
      { sign: () => Promise.resolve(mine.slice(6, 70)) },
    );
    assert.equal((await holderAt(`YZ:${bytesToDecimal(payload)}`, NOW)).code, 'HOLDER_PROOF_INVALID');
  });

  it('changes nothing for a certificate bound to no key: its holder is compared with the card', async () => {
    const { text } = await encodeLiveQr(
      JSON.parse(await signed()) as object,
      { mode: 'live', at: Date.parse(NOW) / 1000 },
      { sign: () => Promise.resolve(new Uint8Array(64).fill(7)) },
    );
    const { answer, code } = await holderAt(text, NOW);
    assert.deepEqual([answer, code], ['unknown', 'HOLDER_NOT_BOUND']);
  });

  it('reads every damaged or made-up payload as ours, damaged or foreign, and throws nothing else', () => {
    const known = payloadOf(live.text);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: known.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(400),
        (at, flip, cut) => {
          const bytes = known.slice(0, cut === 0 ? known.length : Math.max(80, known.length - cut));
          bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;
          if (bytes[0] === 0) return;
          try {
            decodeQrText(`YZ:${bytesToDecimal(bytes)}`);
          } catch (error) {
            assert.match(errorCode(error), /^(?:QR_|JSON_)/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuses one written in a way no wallet writes', () => {
    const known = payloadOf(live.text);
    const changed = (edit: (bytes: Uint8Array) => void): string => {
      const bytes = known.slice();
      edit(bytes);
      return codeOf(() => readLivePayload(bytes));
    };
    assert.equal(
      changed((bytes) => (bytes[0] = 0x32)),
      'QR_VERSION',
    );
    assert.equal(
      changed((bytes) => (bytes[1] = 2)),
      'QR_CORRUPT',
    );
    assert.equal(
      codeOf(() => readLivePayload(known.slice(0, 60))),
      'QR_CORRUPT',
    );
  });

  describe('share link', () => {
    const until = Date.parse(NOW) + 7 * 86_400_000;

    it('is good until the day its holder chose and not a second longer, says for whom, and is noted', async () => {
      const link = await makeShareLink(vault, 'held-1', { until, audience: '示例建筑公司 人事' }, platform);
      assert.equal((await holderAt(link.text, second(6 * 86_400))).code, 'HOLDER_LINK');
      assert.equal((await holderAt(link.text, new Date(until).toISOString())).code, 'HOLDER_PROOF_EXPIRED');
      assert.equal((await openCarrier(link.text)).holderProof?.audience, '示例建筑公司 人事');
      const [entry] = await shareLog(vault);
      assert.deepEqual([entry?.kind, entry?.party, entry?.until], ['link', '示例建筑公司 人事', new Date(until).toISOString()]); // prettier-ignore
    });

    it('never says that its holder is present: it says for whom it was made and asks for the ID card', async () => {
      const trust = await trustOf(PARTNER);
      const judge = async (text: string) =>
        verifyOpened(await openCarrier(text), { trust, anchor: PARTNER, now: second(3600) });
      const sentence = (verdict: Verdict, language: Language) =>
        verdictText(verdict, language).questions.find(({ question }) => question === 'holder')?.sentence ?? '';
      const made = await makeShareLink(vault, 'held-1', { until, audience: '示例建筑公司 人事' }, platform);
      const verdict = await judge(made.text);
      const { answer, code, params } = verdict.questions.holder;
      assert.deepEqual([verdict.headline, answer, code], ['accepted', 'unknown', 'HOLDER_LINK']);
      assert.deepEqual(
        [Date.parse(params['at'] ?? ''), Date.parse(params['until'] ?? ''), params['audience']],
        [Date.parse(NOW), until, '示例建筑公司 人事'],
      );
      for (const language of LANGUAGES) {
        assert.ok(sentence(verdict, language).includes('示例建筑公司 人事'));
        const toAnybody = sentence(
          await judge((await makeShareLink(vault, 'held-1', { until }, platform)).text),
          language,
        );
        assert.match(toAnybody, /拿到链接的人|whoever has the link/);
        assert.ok(!toAnybody.includes('{{'), toAnybody);
      }
    });

    it('leaves a receipt that is confirmed later, with what the link said of itself', async () => {
      const trust = await trustOf(PARTNER);
      const opened = await openCarrier((await makeShareLink(vault, 'held-1', { until }, platform)).text);
      const verdict = await verifyOpened(opened, { trust, anchor: PARTNER, now: second(5) });
      const receipt = createReceipt({ verdict, json: opened.json, trust, version: '1' });
      const { then } = await recheckReceipt(receipt, { trust, then: trust, now: second(86_400), version: '1' });
      assert.deepEqual([then.code, then.notRepeated, then.differs], ['RECEIPT_CONFIRMED', ['holder'], []]);
    });

    it('is refused for ever, backwards, or with a text that turns writing around', async () => {
      const refused = async (options: { until: number; audience?: string }): Promise<string> =>
        makeShareLink(vault, 'held-1', options, platform).then(() => 'made', errorCode);
      assert.equal(await refused({ until: Date.parse(NOW) + 400 * 86_400_000 }), 'LIVE_STATEMENT');
      assert.equal(await refused({ until: Date.parse(NOW) }), 'LIVE_STATEMENT');
      assert.equal(await refused({ until, audience: 'x'.repeat(121) }), 'LIVE_STATEMENT');
      assert.equal(await refused({ until, audience: '公司\u202e司公' }), 'LIVE_STATEMENT');
    });
  });

  it('gets the same answer from the service, which is sent it as text or picture', async () => {
    const trust = await trustOf(PARTNER);
    const ask = (now: string) =>
      runJob(
        { kind: 'carrier', carrier: new TextEncoder().encode(live.text), anchor: PARTNER, now },
        { viewOf: () => trust, io: {}, suite: eddsaRdfc2022, resolver: createResolver() },
      );
    const found = [await ask(second(5)), await ask(second(90))];
    assert.deepEqual(
      found.map((result) => result.kind === 'carrier' && result.verdict.questions.holder.code),
      ['HOLDER_BOUND', 'HOLDER_PROOF_EXPIRED'],
    );
  });

  it('leaves a receipt that is confirmed later, saying that the holder’s signature cannot be asked again', async () => {
    const trust = await trustOf(PARTNER);
    const opened = await openCarrier(live.text);
    const verdict = await verifyOpened(opened, { trust, anchor: PARTNER, now: second(5) });
    const receipt = createReceipt({ verdict, json: opened.json, trust, version: '1' });
    const { intact, then } = await recheckReceipt(receipt, { trust, then: trust, now: second(86_400), version: '1' });
    assert.equal(intact.code, 'RECEIPT_INTACT');
    assert.deepEqual([then.code, then.notRepeated, then.differs], ['RECEIPT_CONFIRMED', ['holder'], []]);
  });

  it('is not made for a certificate no key of this wallet belongs to', async () => {
    await hold(vault, platform, [{ format: 'ldp_vc', text: await signed() }], 'unbound');
    assert.equal(await makeLiveCode(vault, 'unbound', platform).then(() => 'made', errorCode), 'CERTIFICATE_NOT_BOUND');
    assert.equal(await makeLiveCode(vault, 'nowhere', platform).then(() => 'made', errorCode), 'CERTIFICATE_NOT_HELD');
  });
});

function payloadOf(text: string): Uint8Array {
  const hex = BigInt(text.slice(text.search(/\d+$/))).toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'read';
  } catch (error) {
    return errorCode(error);
  }
}
