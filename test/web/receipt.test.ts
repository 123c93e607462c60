import assert from 'node:assert/strict';
import { createReceipt, type ReceiptInput } from '../../shared/verdict/receipt.js';
import { decodeReceiptQr, encodeReceiptQr } from '../../shared/verdict/receipt-qr.js';
import { sha256Hex } from '../../shared/trust/digest.js';
import { recheckReceipt } from '../../shared/verdict/receipt-recheck.js';
import { parseReceipt, type Receipt } from '../../shared/verdict/receipt-schema.js';
import { receiptRows, recheckText } from '../../shared/verdict/receipt-text.js';
import { withDigest } from '../../shared/verdict/receipt.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import { verify } from '../../shared/verdict/verify.js';
import { YizhengError } from '../../shared/errors.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW, PARTNER, signed, trustOf } from '../verdict/sample-trust.js';

const VERSION = '0.1.0';
const YEAR_LATER = '2027-11-20T00:00:00Z';
const root = { version: 1, digestMultibase: `uEi${'A'.repeat(44)}` };

async function receiptOf(
  options: { trust?: TrustView; anchor?: string; json?: string } & Partial<ReceiptInput> = {},
): Promise<Receipt> {
  const { anchor = PARTNER, json = await signed(), trust = await trustOf(anchor), ...more } = options;
  const verdict = await verify({ carrier: 'qr', json }, { trust, anchor, now: NOW });
  return createReceipt({ verdict, json, trust, anchorRoot: root, version: VERSION, ...more });
}
const saved = (receipt: Receipt): string => JSON.stringify(receipt, null, 2);

describe('receipt: what an employer keeps (M08)', () => {
  it('names time, certificate, rules, data and statements, and reads back as it was written', async () => {
    const receipt = await receiptOf({ checkedBy: ' 项目部 李工 ' });
    assert.equal(receipt.checkedAt, NOW);
    assert.equal(receipt.checkedBy, '项目部 李工');
    assert.equal(receipt.certificate.json, await signed());
    assert.equal(receipt.anchor.root?.digestMultibase, root.digestMultibase);
    assert.deepEqual(
      receipt.data.feeds.map(({ authority, sequence, issuedAt }) => [authority, sequence, issuedAt]),
      [
        [PARTNER, 1, '2026-11-20T12:00:00Z'],
        [AUTHORITY, 1, '2026-11-20T12:00:00Z'],
      ],
    );
    assert.deepEqual(
      receipt.data.statements.map(({ id }) => id),
      receipt.verdict.decision?.path,
    );
    assert.equal(receipt.data.statusLists.length, 2);
    assert.deepEqual(parseReceipt(saved(receipt)), receipt);
    assert.deepEqual(await receiptOf({ checkedBy: '项目部 李工' }), receipt);
  });

  it('can be made of every verdict: refused, forged, stale, foreign', async () => {
    const json = await signed();
    const foreign = JSON.stringify({ '@context': [], type: ['VerifiableCredential', 'OpenBadgeCredential'] });
    for (const options of [
      { trust: await trustOf(PARTNER, { revoked: [4711] }) },
      { json: json.replace('"value":"3"', '"value":"2"') },
      { json: foreign },
      { anchor: 'did:web:stranger.example' },
    ]) {
      const receipt = await receiptOf(options);
      assert.deepEqual(parseReceipt(saved(receipt)), receipt);
    }
  });

  it('takes no ID number and no invisible text as the name of who checked', async () => {
    for (const checkedBy of ['110101199003074514', '李工 11010119900307451X', 'x'.repeat(61), '李\u202e工'])
      await assert.rejects(
        receiptOf({ checkedBy }),
        (error) => error instanceof YizhengError && error.code === 'RECEIPT_CHECKED_BY',
      );
  });

  it('is not made for another certificate than the verdict is about', async () => {
    await assert.rejects(
      async () => {
        const trust = await trustOf(PARTNER);
        const verdict = await verify({ carrier: 'qr', json: await signed() }, { trust, anchor: PARTNER, now: NOW });
        createReceipt({ verdict, json: await signed({ revision: 2 }), trust, version: VERSION });
      },
      (error) => error instanceof YizhengError && error.code === 'RECEIPT_OTHER_CERTIFICATE',
    );
  });

  it('refuses what is no receipt, and one of a later program', async () => {
    const receipt = await receiptOf();
    const code = (text: string): string => {
      try {
        parseReceipt(text);
        return 'read';
      } catch (error) {
        return error instanceof YizhengError ? error.code : String(error);
      }
    };
    assert.equal(code('{"type":"other"}'), 'RECEIPT_INVALID');
    assert.equal(code(JSON.stringify({ ...receipt, v: 2 })), 'RECEIPT_VERSION');
    assert.equal(code(JSON.stringify({ ...receipt, extra: 1 })), 'RECEIPT_INVALID');
    assert.equal(
      code(JSON.stringify({ ...receipt, verdict: { ...receipt.verdict, certificate: { kind: 'x' } } })),
      'RECEIPT_INVALID',
    );
    assert.equal(code('[]'), 'JSON_NOT_OBJECT');
  });
});

describe('receipt in a QR code', () => {
  it('gives the same receipt back, small enough to print', async () => {
    for (const options of [{}, { trust: await trustOf(PARTNER, { revoked: [4711] }), checkedBy: '项目部 李工' }]) {
      const receipt = await receiptOf(options);
      const qr = encodeReceiptQr(receipt);
      assert.ok(qr, 'no QR code');
      assert.ok(qr.version <= 26, `version ${qr.version}`);
      assert.deepEqual(decodeReceiptQr(qr.text), receipt);
    }
  });

  it('is left out where it would not fit, or could not give the same back', async () => {
    const receipt = await receiptOf();
    const feeds = Array.from({ length: 60 }, (_, i) => ({
      ...receipt.data.feeds[0]!,
      manifestSha256: sha256Hex(String(i)),
    }));
    assert.equal(encodeReceiptQr({ ...receipt, data: { ...receipt.data, feeds } }), undefined);
    const other = { ...receipt.certificate, sha256: '0'.repeat(64) };
    assert.equal(encodeReceiptQr({ ...receipt, certificate: other }), undefined);
  });

  it('says what is wrong with any other text', async () => {
    const { text } = encodeReceiptQr(await receiptOf())!;
    for (const [bad, code] of [
      ['YZ:123', 'RECEIPT_INVALID'],
      [`${text.slice(0, 40)}0${text.slice(41)}`, 'RECEIPT_INVALID'],
      [`YZR:${BigInt(`0x02${'00'.repeat(80)}`)}`, 'RECEIPT_VERSION'],
      ['YZR:x', 'QR_DIGITS'],
    ] as const)
      assert.throws(
        () => decodeReceiptQr(bad),
        (error) => error instanceof YizhengError && error.code === code,
        bad.slice(0, 30),
      );
  });
});

describe('recheckReceipt: a colleague a year later', () => {
  const context = async (trust?: TrustView) => ({
    trust: trust ?? (await trustOf(PARTNER)),
    now: YEAR_LATER,
    version: VERSION,
    knownRoots: [root.digestMultibase],
  });

  it('confirms byte for byte with the data of that time, and says what would be said today', async () => {
    const receipt = parseReceipt(saved(await receiptOf()));
    const again = await recheckReceipt(receipt, { ...(await context()), then: await trustOf(PARTNER) });
    assert.deepEqual([again.intact.code, again.then.code], ['RECEIPT_INTACT', 'RECEIPT_CONFIRMED']);
    assert.equal(again.rootKnown, true);
    assert.equal(again.today.headline, 'undetermined');
    assert.deepEqual(
      again.statements.map(({ state }) => state),
      ['unchanged', 'unchanged'],
    );
  });

  it('says what cannot be repeated without the data of that time, and compares the statements with those of today', async () => {
    const receipt = await receiptOf();
    const gone = await trustOf(PARTNER, { changes: { accreditations: [] } });
    const again = await recheckReceipt(receipt, { ...(await context(gone)), version: '0.2.0', knownRoots: [] });
    assert.deepEqual([again.then.answer, again.then.code], ['unknown', 'RECEIPT_DATA_MISSING']);
    assert.deepEqual(again.then.notRepeated, ['authentic', 'authorised', 'current', 'recognised', 'holder']);
    assert.deepEqual(
      again.statements.map(({ state }) => state),
      ['unchanged', 'not-held'],
    );
    assert.deepEqual([again.rootKnown, again.otherProgram], [false, true]);
  });

  it('does not take other data for that of the time', async () => {
    const receipt = await receiptOf();
    const then = await trustOf(PARTNER, { changes: { sequence: 2 } });
    const again = await recheckReceipt(receipt, { ...(await context()), then });
    assert.deepEqual([again.then.answer, again.then.code], ['unknown', 'RECEIPT_DATA_OTHER']);
  });

  it('confirms with data that was only confirmed at another hour', async () => {
    const receipt = await receiptOf();
    const then = await trustOf(PARTNER, { changes: { issuedAt: '2026-11-20T13:00:00Z' } });
    const again = await recheckReceipt(receipt, { ...(await context()), then });
    assert.equal(again.then.code, 'RECEIPT_CONFIRMED_OTHER_TIMES');
  });

  it('finds a receipt that was changed, one with a recomputed digest too', async () => {
    const honest = await receiptOf({ trust: await trustOf(PARTNER, { revoked: [4711] }) });
    assert.equal(honest.verdict.headline, 'refused');
    const edited: Receipt = { ...honest, verdict: { ...honest.verdict, headline: 'accepted' } };
    const careless = await recheckReceipt(edited, await context());
    assert.deepEqual([careless.intact.answer, careless.intact.code], ['fail', 'RECEIPT_CHANGED']);
    const then = await trustOf(PARTNER, { revoked: [4711] });
    const careful = await recheckReceipt(withDigest(edited), { ...(await context()), then });
    assert.equal(careful.intact.code, 'RECEIPT_INTACT');
    assert.deepEqual([careful.then.answer, careful.then.code], ['fail', 'RECEIPT_NOT_CONFIRMED']);
    const current = { ...honest.verdict.questions.current, answer: 'pass' as const, code: 'CURRENT' };
    const answered = withDigest({
      ...honest,
      verdict: { ...honest.verdict, questions: { ...honest.verdict.questions, current } },
    });
    assert.deepEqual((await recheckReceipt(answered, { ...(await context()), then })).then.differs, ['current']);
  });

  it('finds a verdict moved to another certificate, name, time or anchor', async () => {
    const receipt = await receiptOf();
    const { verdict } = receipt;
    const holder = { ...verdict.certificate!.holder, name: '李娜' };
    for (const change of [
      { certificate: { ...receipt.certificate, json: await signed({ revision: 2 }) } },
      { verdict: { ...verdict, certificate: { ...verdict.certificate!, holder } } },
      { verdict: { ...verdict, evaluatedAt: '2026-11-22T00:00:00Z' } },
      { anchor: { ...receipt.anchor, authority: AUTHORITY } },
      { data: { ...receipt.data, feeds: [] } },
    ]) {
      const moved = withDigest({ ...receipt, ...change });
      const again = await recheckReceipt(moved, await context());
      assert.deepEqual([again.intact.answer, again.intact.code], ['fail', 'RECEIPT_CONTRADICTORY']);
    }
  });

  it('is said in Chinese and in English, with nothing left unfilled', async () => {
    const receipt = await receiptOf({ checkedBy: '李工' });
    for (const then of [undefined, await trustOf(PARTNER), await trustOf(PARTNER, { changes: { sequence: 2 } })]) {
      const again = await recheckReceipt(receipt, { ...(await context()), then, knownRoots: [], version: '9' });
      for (const language of ['zh-CN', 'en'] as const) {
        const all = JSON.stringify([recheckText(again, language), receiptRows(receipt, language)]);
        assert.doesNotMatch(all, /\{\{|"(?:recheck|receipt|review|label)\.|"RECEIPT_/);
      }
    }
    assert.match(
      recheckText(await recheckReceipt(receipt, await context()), 'zh-CN').answers[1]!.sentence,
      /2026-11-21 08:00/,
    );
  });
});
