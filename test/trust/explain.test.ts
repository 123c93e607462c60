import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { decide } from '../../shared/trust/decide.js';
import { explain, type Explanation, type ExplainOptions } from '../../shared/trust/explain.js';
import { en } from '../../shared/trust/messages/en.js';
import { zhCN } from '../../shared/trust/messages/zh-CN.js';
import type { CertificateFacts } from '../../shared/trust/types.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import * as w from './world.js';

const { SC, CQ, HN, INSTITUTION, NOW } = w;
const memorandum = { id: 'urn:memorandum:cy-2020', name: '川渝互认备忘录', party: [SC, CQ] };

function told(
  view: TrustView = w.alliance(),
  about: CertificateFacts | string = w.facts(),
  more: Partial<ExplainOptions> = {},
): Explanation {
  return explain(about, view, { anchor: SC, now: NOW, language: 'zh-CN', ...more });
}
function all(explanation: Explanation): string {
  const { headline, steps, wouldHaveToChange } = explanation;
  return [headline, ...steps.flatMap(({ text, details }) => [text, ...details]), ...wouldHaveToChange].join('\n');
}
function named(name: string, authority: string) {
  return w.feed(authority, { name });
}

describe('trust: the recognition explained in plain words', () => {
  it('tells which statement, by whom, since when, until when, citing what, and what it grants', () => {
    const view = w.alliance({
      sc: {
        name: '示例四川省人社厅',
        recognitions: [
          w.recognition(
            { memorandum },
            {
              validFrom: '2022-01-01T00:00:00+08:00',
              validUntil: '2028-01-01T00:00:00+08:00',
              scope: {
                kind: ['skill-level'],
                occupation: ['6-31-01-03'],
                level: [{ framework: 'cn-skill-5', value: '4' }],
              },
            },
          ),
        ],
      },
      cq: {
        accreditations: [w.accreditation()],
        recognitions: [w.recognition({ authority: CQ, subject: SC, legalName: '示例四川省人社厅', memorandum })],
      },
    });
    const found = told(view);
    assert.match(
      found.headline,
      /^示例四川省人社厅认可重庆某技能评价有限公司颁发的这张证书:算作职业技能等级证书 · .*四级\/中级工。$/,
    );
    const [recognition, accreditation] = found.steps;
    assert.equal(recognition?.type, 'recognition');
    assert.equal(recognition.text, '示例四川省人社厅声明:认可重庆市人力资源和社会保障局备案的机构所发的证书。');
    assert.equal(recognition.statement, 'urn:yizheng:recognition:hrss.sc-hrss.cq');
    for (const line of [
      '有效期:2022-01-01 至 2027-12-31(现行有效)',
      '依据:川渝互认备忘录(urn:memorandum:cy-2020)',
      '等级:四级/中级工',
      '效果:等同本地证书',
    ])
      assert.ok(recognition.details.includes(line), `${line}\n${recognition.details.join('\n')}`);
    assert.equal(accreditation?.type, 'accreditation');
    assert.ok(accreditation.details.includes('评价对象:面向社会'), accreditation.details.join('\n'));
    assert.ok(accreditation.details.includes('有效期:2024-01-01 至 2026-12-31(现行有效)'));
    assert.ok(all(found).includes('互认'));
    assert.deepEqual(found.wouldHaveToChange, []);
  });

  it('tells a level mapping, the treatment, what it entitles to and what is still owed', () => {
    const mapping = { from: { framework: 'cn-skill-5', value: '4' }, to: { framework: 'cn-skill-8', value: '4' } };
    const mapped = told(
      w.alliance({
        sc: {
          recognitions: [
            w.recognition({}, { levelMapping: [mapping], treatment: ['deemed-level', 'apply-next-level'] }),
          ],
        },
      }),
    );
    assert.match(all(mapped), /等级对应:四级\/中级工 → 职业技能等级\(新八级\) 四级\/中级工/);
    assert.match(all(mapped), /可报考 .*四级\/中级工 的高一等级/);
    const exempt = told(w.alliance({ sc: { recognitions: [w.recognition({}, { treatment: ['exempt-theory'] })] } }));
    assert.equal(exempt.decision?.outcome, 'recognised-with-conditions');
    assert.match(exempt.headline, /还须完成安全培训、实操考试/);
    assert.deepEqual(exempt.wouldHaveToChange, ['还须完成:安全培训。', '还须完成:实操考试。']);
  });

  it('tells where no recognition exists which statement would be needed', () => {
    const found = told(w.alliance({ others: [named('示例湖南省人社厅', HN)] }), w.facts(), { anchor: HN });
    assert.match(found.headline, /^示例湖南省人社厅不认可这张证书:/);
    assert.match(
      found.wouldHaveToChange.join(),
      /示例湖南省人社厅须声明认可重庆市人力资源和社会保障局的职业技能等级证书/,
    );
    const english = told(w.alliance({ others: [named('Hunan', HN)] }), w.facts(), { anchor: HN, language: 'en' });
    assert.match(english.wouldHaveToChange.join(), /^Hunan must state that it recognises/);
  });

  it('tells the day of issue that would have done, and names the statement that failed', () => {
    const view = w.alliance({
      sc: { recognitions: [w.recognition({}, { certificateIssued: { from: '2026-01-01T00:00:00+08:00' } })] },
    });
    const found = told(view);
    assert.deepEqual(found.wouldHaveToChange, ['签发日须在以下时段:2026-01-01 起。']);
    assert.equal(found.steps[0]?.type, 'refusal');
    assert.equal(found.steps[0].statement, 'urn:yizheng:recognition:hrss.sc-hrss.cq');
    assert.match(found.steps[0].text, /证书签发于 2025-06-01.*\[ISSUED_OUTSIDE_RECOGNISED_PERIOD\]$/);
    assert.match(found.steps[0].details.join('\n'), /向did:web:hrss\.sc\.example申诉/);
  });

  it('tells what the statement lists when a certificate lies outside its scope', () => {
    const found = told(w.alliance(), w.facts({ level: { framework: 'cn-skill-5', value: '1' } }));
    assert.match(found.steps[0]?.text ?? '', /没有包含等级 一级\/高级技师\(列出的是:五级\/初级工、四级\/中级工\)/);
    assert.match(found.wouldHaveToChange[0] ?? '', /重庆市人力资源和社会保障局须把等级 一级\/高级技师 列入声明/);
  });

  it('names the event that refuses, with its period', () => {
    const event = w.event({ effectiveFrom: '2025-05-01T00:00:00+08:00', effectiveUntil: '2025-07-01T00:00:00+08:00' });
    const found = told(w.alliance({ cq: { events: [event] } }));
    assert.match(
      found.steps[0]?.text ?? '',
      /签发时\(2025-06-01\)重庆某技能评价有限公司正被重庆市人力资源和社会保障局暂停\(2025-05-01 至 2025-06-30\)/,
    );
  });

  it('says that it cannot be said, and what to get, when data are too old or missing', () => {
    const stale = told(w.alliance(), w.facts(), { now: '2027-06-01T00:00:00Z' });
    assert.match(stale.headline, /^暂时不能判断/);
    assert.match(stale.wouldHaveToChange.join(), /须更新信任数据包/);
    const unknown = told(w.alliance(), w.facts(), { anchor: 'did:web:nobody.example' });
    assert.deepEqual(unknown.wouldHaveToChange, ['须先取得did:web:nobody.example的信任数据包。']);
  });

  it('tells a warning beside a yes', () => {
    const found = told(w.alliance({ cq: { events: [w.event({})] } }));
    assert.equal(found.decision?.outcome, 'recognised');
    const warning = found.steps.find((step) => step.type === 'warning');
    assert.match(warning?.text ?? '', /后来被.*仍然有效。 \[ISSUER_LATER_SUSPENDED\]/);
  });

  it('never differs from the decision', () => {
    const cases = [w.facts(), w.facts({ kind: 'occ-qualification' }), w.facts({ issuedAt: '2030-01-01T00:00:00Z' })];
    for (const certificate of cases)
      assert.deepEqual(
        told(w.alliance(), certificate).decision,
        decide(certificate, w.alliance(), { anchor: SC, now: NOW }),
      );
  });

  describe('of an issuer without certificate', () => {
    it('tells what it may issue and who recognises that', () => {
      const found = told(w.alliance(), INSTITUTION);
      assert.equal(found.decision, undefined);
      assert.match(found.headline, /由重庆市人力资源和社会保障局备案,did:web:hrss\.sc\.example认可其证书/);
      assert.deepEqual(
        found.steps.map((step) => step.type),
        ['accreditation', 'recognition', 'note'],
      );
      assert.match(all(found), /等级:五级\/初级工、四级\/中级工/);
    });
    it('tells the anchor what it would have to state', () => {
      const found = told(w.alliance({ others: [named('湖南', HN)] }), INSTITUTION, { anchor: HN });
      assert.match(found.headline, /但湖南目前不认可其证书/);
      assert.match(found.wouldHaveToChange[0] ?? '', /^湖南须声明认可重庆市人力资源和社会保障局备案的机构/);
    });
    it('says so when its accreditation is over, or nobody accredited it', () => {
      const over = told(
        w.alliance({ cq: { accreditations: [w.accreditation({}, { validUntil: '2025-01-01T00:00:00+08:00' })] } }),
        INSTITUTION,
      );
      assert.match(over.headline, /目前不得颁发证书/);
      const suspended = told(w.alliance({ cq: { events: [w.event({})] } }), INSTITUTION);
      assert.match(suspended.headline, /目前不得颁发证书/);
      assert.match(all(suspended), /公布:重庆某技能评价有限公司暂停\(行政原因\),2026-01-05 起/);
      assert.match(told(w.alliance(), 'did:web:fake.example').headline, /没有did:web:fake\.example的备案/);
    });
    it('does not count a statement that is over, or that only lets others recognise', () => {
      const expired = w.alliance({
        sc: { recognitions: [w.recognition({}, { validUntil: '2025-01-01T00:00:00+08:00' })] },
      });
      assert.match(told(expired, INSTITUTION).headline, /不认可/);
      const onward = w.alliance({
        sc: { recognitions: [w.recognition({}, { action: 'recognize', onward: { maxDepth: 1 } })] },
      });
      assert.match(told(onward, INSTITUTION).headline, /不认可/);
    });
    it('explains an authority: what is said of it and what it says', () => {
      const found = told(w.alliance(), CQ);
      assert.match(found.headline, /^did:web:hrss\.sc\.example认可重庆市人力资源和社会保障局的证书/);
      assert.match(all(found), /备案了 1 家机构/);
      const stranger = told(w.alliance({ others: [named('湖南', HN)] }), HN);
      assert.match(stranger.wouldHaveToChange[0] ?? '', /须声明认可湖南/);
    });
  });

  describe('its messages', () => {
    const values = (message: string | undefined): string[] =>
      [...(message ?? '').matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? '').sort();
    it('are the same in every language, with the same values', () => {
      assert.deepEqual(Object.keys(en).sort(), Object.keys(zhCN).sort());
      for (const key of Object.keys(zhCN)) assert.deepEqual(values(en[key]), values(zhCN[key]), key);
    });
    it('have a sentence for every reason code a decision can give, and what would have to change for every refusal', () => {
      const files = readdirSync('shared/trust').filter((name) => /^(?:decide|judge-|check-|scope|search)/.test(name));
      const source = files.map((name) => readFileSync(`shared/trust/${name}`, 'utf8')).join('\n');
      const codes = new Set([...source.matchAll(/'([A-Z]{3,}(?:_[A-Z]+)+)'/g)].map((found) => found[1] ?? ''));
      assert.ok(codes.size > 40, String(codes.size));
      assert.deepEqual(
        [...codes].filter((code) => !(`why.${code}` in zhCN)),
        [],
      );
      const good = new Set(['RECOGNISED_BY_ANCHOR', 'ACCREDITED_BY_ANCHOR', 'RECOGNISED_WITH_OBLIGATIONS']);
      assert.deepEqual(
        [...codes].filter((code) => !good.has(code) && !(`change.${code}` in zhCN)),
        [],
      );
    });
    it('leave no value unfilled and no key untranslated', () => {
      const views = [
        w.alliance(),
        w.alliance({ cq: { events: [w.event({})] } }),
        w.alliance({ sc: { recognitions: [] } }),
      ];
      for (const view of views)
        for (const about of [
          w.facts(),
          w.facts({ kind: 'special-operation', occupation: undefined, level: undefined }),
          INSTITUTION,
          CQ,
        ])
          for (const language of ['zh-CN', 'en'] as const) {
            const text = all(told(view, about, { language }));
            assert.doesNotMatch(text, /\{\{|undefined|(?:step|detail|why|change|headline|state|any)\.[a-z]/);
          }
    });
  });
});
