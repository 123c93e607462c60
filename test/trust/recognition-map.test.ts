import assert from 'node:assert/strict';
import { mapToSvg } from '../../shared/trust/recognition-map-svg.js';
import { mapToText, recognitionMap } from '../../shared/trust/recognition-map.js';
import { createTrustView, type TrustView } from '../../shared/trust/trust-view.js';
import * as w from './world.js';

const { SC, CQ, GD, MO, NOW } = w;
const memorandum = { id: 'urn:memorandum:cy-2020', name: '川渝互认备忘录', party: [SC, CQ] };
const back = { authority: CQ, subject: SC, legalName: '四川省人力资源和社会保障厅', memorandum };

function mutualView(change: object = {}, more: Parameters<typeof w.alliance>[0] = {}): TrustView {
  return w.alliance({
    sc: { recognitions: [w.recognition({ memorandum }), w.recognition({ subject: MO, legalName: '澳门劳工事务局' })] },
    cq: { accreditations: [w.accreditation()], recognitions: [w.recognition({ ...back, ...change })] },
    ...more,
  });
}
function map(view: TrustView, now = NOW) {
  return recognitionMap(view, { anchor: SC, now });
}

describe('trust: the map of who recognises whom', () => {
  it('lists authorities, the anchor first, with directed statements, treatment and period', () => {
    const found = map(mutualView());
    assert.deepEqual(
      found.nodes.map((node) => [node.id, node.institutions]),
      [
        [SC, 0],
        [MO, null],
        [CQ, 1],
      ],
    );
    assert.deepEqual(
      found.edges.map(({ from, to, treatment, state }) => ({ from, to, treatment, state })),
      [
        { from: SC, to: MO, treatment: ['full'], state: 'live' },
        { from: SC, to: CQ, treatment: ['full'], state: 'live' },
        { from: CQ, to: SC, treatment: ['full'], state: 'live' },
      ],
    );
  });

  it('derives a mutual pair from live statements both ways that cite one memorandum, and from nothing less', () => {
    const pair = { a: CQ, b: SC, memorandum: { id: memorandum.id, name: memorandum.name } };
    assert.deepEqual(map(mutualView()).mutual, [pair]);
    assert.deepEqual(map(mutualView({ memorandum: { ...memorandum, id: 'urn:memorandum:other' } })).mutual, []);
    assert.deepEqual(map(mutualView({ memorandum: undefined })).mutual, []);
    assert.deepEqual(map(mutualView(), '2021-06-01T00:00:00Z').mutual, [], 'before both are in force');
    const suspended = w.event({ about: SC, authority: CQ, effectiveFrom: '2026-01-01T00:00:00Z' });
    const view = mutualView({}, { cq: { recognitions: [w.recognition(back)], events: [suspended] } });
    assert.deepEqual(map(view).mutual, []);
    assert.equal(map(view).edges.find((edge) => edge.from === CQ)?.state, 'suspended');
  });

  it('says when a statement is not in force yet, has ended or was revoked', () => {
    const states = (change: object, cq = {}) =>
      map(w.alliance({ sc: { recognitions: [w.recognition({}, change)], ...cq } })).edges.map((edge) => edge.state);
    assert.deepEqual(states({ validFrom: '2027-01-01T00:00:00Z' }), ['future']);
    assert.deepEqual(states({ validUntil: '2026-01-01T00:00:00Z' }), ['ended']);
    const revoked = w.event({ authority: SC, about: CQ, event: 'statement-revoked', statement: w.recognition().id });
    assert.deepEqual(states({}, { events: [revoked] }), ['ended']);
  });

  it('is the same whatever the order of feeds and rows', () => {
    const rows = [
      w.recognition(),
      w.recognition({ subject: MO, legalName: 'M' }),
      w.recognition({ subject: GD, legalName: 'G' }),
    ];
    const view = (reverse: boolean): TrustView => {
      const feeds = [w.feed(SC, { recognitions: reverse ? rows.toReversed() : rows }), w.feed(CQ)];
      return createTrustView(reverse ? feeds.toReversed() : feeds, SC);
    };
    assert.deepEqual(map(view(true)), map(view(false)));
    assert.equal(mapToSvg(map(view(true)), view(true), 'zh-CN'), mapToSvg(map(view(false)), view(false), 'zh-CN'));
  });

  it('stays small when a partner lists ten thousand, the anchor’s own statements first', () => {
    const one = w.recognition({ authority: CQ, subject: MO, legalName: 'M', memorandum });
    const recognitions = Array.from({ length: 10_000 }, (_, i) => ({
      ...one,
      id: `urn:r:${i}`,
      subject: `did:web:m${i}.example`,
    }));
    const view = w.alliance({ cq: { recognitions } });
    const found = map(view);
    assert.deepEqual([found.edges.length, found.edgesLeftOut, found.edges[0]?.from], [5000, 5001, SC]);
    assert.match(mapToText(found, view, 'zh-CN').at(-1) ?? '', /另有 5001 条声明没有列出/);
  });

  it('prints as text in Chinese and English', () => {
    const view = mutualView();
    const chinese = mapToText(map(view), view, 'zh-CN').join('\n');
    assert.match(chinese, /3 个主管部门,3 条认可声明,1 对互认/);
    assert.match(chinese, /重庆市人力资源和社会保障局 ⇄ 四川省人力资源和社会保障厅:川渝互认备忘录/);
    assert.match(chinese, /2\. .* → .*:等同本地证书;2022-01-01 起;现行有效;依据川渝互认备忘录/);
    const english = mapToText(map(view), view, 'en').join('\n');
    assert.match(english, /3 authorities, 3 statements of recognition, 1 mutual pairs/);
    assert.doesNotMatch(chinese + english, /\{\{|map\.[a-z]/);
  });

  it('draws a self-contained picture with title and description, readable without colour', () => {
    const view = mutualView();
    const svg = mapToSvg(map(view), view, 'zh-CN');
    assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="map-title map-desc"/);
    assert.match(svg, /<title id="map-title">认可关系图<\/title>/);
    assert.match(svg, /<desc id="map-desc">[^<]*3 个主管部门/);
    assert.equal([...svg.matchAll(/marker-start/g)].length, 1, 'one mutual pair is one line with two arrows');
    assert.equal([...svg.matchAll(/marker-end/g)].length, 2);
    assert.doesNotMatch(svg, /<script|<image|href=|url\((?!#arrow)|@import/);
    const colours = new Set([...svg.matchAll(/#[0-9a-f]{3,6}\b(?=")/g)].map(([colour]) => colour));
    assert.deepEqual([...colours].sort(), ['#111', '#fff']);
    const ended = mutualView({}, { sc: { recognitions: [w.recognition({}, { validUntil: '2026-01-01T00:00:00Z' })] } });
    assert.match(mapToSvg(map(ended), ended, 'zh-CN'), /stroke-dasharray/);
  });

  it('lets no name of an authority become markup', () => {
    const hostile = `</text><script>alert("1")</script>&'\u0007\u202e\ud800`;
    const row = { ...w.recognition(), legalName: hostile };
    const view = w.alliance({ sc: { name: hostile, recognitions: [row] } });
    const svg = mapToSvg(map(view), view, 'en');
    assert.doesNotMatch(svg, /<script|\u0007|\u202e|\ud800/);
    assert.match(svg, /&lt;script&gt;/);
  });

  it('draws an authority that recognises nobody', () => {
    const view = createTrustView([w.feed(SC)], SC);
    const svg = mapToSvg(map(view), view, 'zh-CN');
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
    assert.match(mapToText(map(view), view, 'zh-CN').join('\n'), /\(无\)/);
  });
});
