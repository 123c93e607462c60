import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { en } from '../../shared/verdict/messages/en.js';
import { zhCN } from '../../shared/verdict/messages/zh-CN.js';
import { verdictText } from '../../shared/verdict/verdict-text.js';
import { verify } from '../../shared/verdict/verify.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW, PARTNER, signed, STRANGER, trustOf } from './sample-trust.js';

async function text(anchor: string, language: 'zh-CN' | 'en') {
  const verdict = await verify(
    { carrier: 'qr', json: await signed() },
    { trust: await trustOf(anchor), anchor, now: NOW },
  );
  return verdictText(verdict, language, { host: 'check.example', ownHosts: ['verify.example'] });
}

describe('verdictText: a verdict in words', () => {
  it('says the headline and every answer in Chinese and in English', async () => {
    const zh = await text(PARTNER, 'zh-CN');
    assert.equal(zh.headline, '可以认可');
    assert.deepEqual(
      zh.questions.map(({ answer }) => answer),
      ['是', '是', '是', '是', '不清楚'],
    );
    assert.equal(zh.questions[3]?.sentence, '示例市人社局已声明认可示例省人力资源和社会保障厅的这类证书。');
    assert.equal(zh.questions[4]?.sentence, '请当面核对身份证件:张伟,居民身份证,号码后四位 1234。');
    assert.equal(zh.questions[2]?.asOf, '截至 2026-11-20 20:00');
    const english = await text(STRANGER, 'en');
    assert.equal(english.headline, 'Not accepted');
    assert.equal(english.questions[0]?.answer, 'Not known');
  });

  it('warns of a code that points to another host than the reader’s own verifier', async () => {
    assert.match((await text(AUTHORITY, 'zh-CN')).warnings[0] ?? '', /check\.example/);
  });

  it('leaves no value unfilled and no key untranslated', async () => {
    for (const anchor of [AUTHORITY, PARTNER, STRANGER])
      for (const language of ['zh-CN', 'en'] as const) {
        const all = JSON.stringify(await text(anchor, language));
        assert.doesNotMatch(all, /\{\{|"(?:question|answer|label|document)\.[\w-]+"/);
      }
  });

  it('has the same messages in every language, with the same values', () => {
    assert.deepEqual(Object.keys(en).sort(), Object.keys(zhCN).sort());
    const values = (message: string | undefined): string[] =>
      [...(message ?? '').matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? '').sort();
    for (const key of Object.keys(zhCN)) assert.deepEqual(values(en[key]), values(zhCN[key]), key);
  });

  it('has a sentence for every reason code a verdict can carry', () => {
    const errorsOnly =
      /^(?:BUNDLE_(?!STALE)|FEED_|STATEMENT_|STATE_OF|PRESENTATION_|DID_|CONTEXT_UNKNOWN|URL_|TERM_UNDEFINED|CHALLENGE_|DOMAIN_|SUBJECT_NOT|HOLDER_(?:KEY|MISMATCH)|PROOF_(?:EXISTS|EXPIRED|PURPOSE)|STATUS_LIST_FULL|STATUS_CLEAR|CREDENTIAL_EXPIRED|MIN_|MAX_|JSON_|FETCH_|DELTA_|AUTHORITY_AS)/;
    const folders = ['trust', 'status', 'proof', 'verdict'].map((name) => `shared/${name}`);
    const codes = new Set(
      folders.flatMap((folder) =>
        readdirSync(folder)
          .filter((name) => name.endsWith('.ts'))
          .flatMap((name) =>
            [...readFileSync(`${folder}/${name}`, 'utf8').matchAll(/'([A-Z]{3,}(?:_[A-Z]+)+)'/g)].map(
              (found) => found[1] ?? '',
            ),
          ),
      ),
    );
    assert.ok(codes.size > 60);
    assert.deepEqual([...codes].filter((code) => !errorsOnly.test(code) && !(code in zhCN)).sort(), []);
  });
});
