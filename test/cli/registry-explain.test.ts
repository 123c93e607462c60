import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPart } from '../../shared/trust/feed-part.js';
import { AUTHORITY, ISSUER } from '../certificate/sample-records.js';
import { Publisher } from '../trust/publisher.js';
import { PARTNER, signed, STRANGER, trustOf } from '../verdict/sample-trust.js';
import { cli } from './run.js';

const DAY = '2026-11-20';

describe('yizheng registry explain and map, without network', () => {
  let home: string;
  let certificate: string;
  const options: Record<string, string[]> = {};

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-explain-'));
    certificate = join(home, 'certificate.json');
    await writeFile(certificate, await signed());
    const issuing = (await trustOf(AUTHORITY)).feedOf(AUTHORITY)!;
    const recognising = (await trustOf(PARTNER)).feedOf(PARTNER)!;
    const [sc, cq, other] = [new Publisher(AUTHORITY), new Publisher(PARTNER), new Publisher(STRANGER)];
    for (const publisher of [sc, cq, other]) await publisher.newRoot();
    const accreditations = [...issuing.accreditations];
    const parts = [
      buildPart('accreditations', accreditations),
      buildPart('recognitions', []),
      buildPart('events', []),
      buildPart('status', issuing.statusLists),
    ];
    const reference = parts.map(({ name, length, sha256, rows }) => ({ name, length, sha256, rows }));
    const published = await sc.publish({ accreditations }, DAY, { manifest: { parts: reference } });
    const issuer = { ...published, parts: Object.fromEntries(parts.map((part) => [part.name, part.text])) };
    const recognitions = recognising.recognitions.map((row) => ({
      ...row,
      registryRoot: sc.pin,
      memorandum: { id: 'urn:memorandum:cy', name: '川渝互认备忘录', party: [AUTHORITY, PARTNER] },
    }));
    const partner = await cq.publish({ recognitions }, DAY);
    for (const [name, publisher, feeds] of [
      ['partner', cq, { [PARTNER]: partner, [AUTHORITY]: issuer }],
      ['stranger', other, { [STRANGER]: await other.publish({}, DAY), [AUTHORITY]: issuer }],
    ] as const) {
      const bundle = join(home, `${name}.json`);
      await writeFile(bundle, await publisher.pack(feeds, DAY));
      options[name] = ['--bundle', bundle, '--anchor', publisher.authority, '--anchor-root', publisher.pin.digestMultibase, '--state', join(home, `${name}.state`)]; // prettier-ignore
    }
  });
  after(() => rm(home, { recursive: true }));
  const run = (argv: string[]) => cli(['registry', ...argv], { home });

  it('prints the path of a recognised certificate in plain Chinese, and exits with 0', async () => {
    const { code, out, err } = await run(['explain', certificate, ...options['partner']!]);
    assert.equal(code, 0, out + err);
    assert.match(out, /^✔ .*认可示例职业技能评价中心\(备案名\)颁发的这张证书:算作职业技能等级证书/);
    assert.match(out, /→ .*声明:认可示例省人力资源和社会保障厅备案的机构所发的证书。/);
    assert.match(out, /有效期:2026-01-01 起\(现行有效\)/);
    assert.match(out, /依据:川渝互认备忘录\(urn:memorandum:cy\)/);
    assert.match(out, /声明编号:urn:yizheng:recognition:cq-sc-2026/);
    assert.doesNotMatch(out, /张伟/);
  });

  it('prints for a refusal what would have to change, in English too, and exits with 1', async () => {
    const { code, out } = await run(['explain', certificate, '--lang', 'en', ...options['stranger']!]);
    assert.equal(code, 1, out);
    assert.match(out, /^✘ .* does not recognise this certificate/);
    assert.match(out, /What would have to change:\n {2}· .* must state that it recognises/);
  });

  it('explains an issuer without certificate', async () => {
    const { code, out } = await run(['explain', ISSUER, ...options['partner']!]);
    assert.equal(code, 0, out);
    assert.match(out, /^示例职业技能评价中心\(备案名\)由示例省人力资源和社会保障厅备案/);
    assert.match(out, /等级:五级\/初级工、四级\/中级工、三级\/高级工/);
  });

  it('refuses a changed certificate whatever is stated about its issuer', async () => {
    const changed = join(home, 'changed.json');
    await writeFile(changed, (await signed()).replace('"3"', '"1"'));
    const { code, out } = await run(['explain', changed, ...options['partner']!]);
    assert.equal(code, 1, out);
  });

  it('gives the same as JSON for machines', async () => {
    const { code, out } = await run(['explain', certificate, '--json', ...options['partner']!]);
    assert.equal(code, 0);
    const { explanation } = JSON.parse(out) as {
      explanation: { decision: { outcome: string }; steps: { type: string }[] };
    };
    assert.equal(explanation.decision.outcome, 'recognised');
    assert.deepEqual(
      explanation.steps.slice(0, 2).map((step) => step.type),
      ['recognition', 'accreditation'],
    );
  });

  it('draws the map as text and as a picture', async () => {
    const svg = join(home, 'map.svg');
    const { code, out } = await run(['map', '--svg', svg, ...options['partner']!]);
    assert.equal(code, 0, out);
    assert.match(out, /2 个主管部门,1 条认可声明,0 对互认/);
    assert.match(await readFile(svg, 'utf8'), /^<svg [^>]*role="img"/);
    const nowhere = await run(['map', '--svg', join(home, 'none', 'map.svg'), '--json', ...options['partner']!]);
    assert.equal(nowhere.code, 3);
    assert.match(nowhere.out, /FILE_UNWRITABLE/);
  });

  it('says that a file or DID is needed', async () => {
    const bad = await run(['explain', 'did:nonsense', '--json', ...options['partner']!]);
    assert.equal(bad.code, 3);
    assert.match(bad.out, /OPTION_INVALID/);
  });
});
