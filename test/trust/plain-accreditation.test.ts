import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from '../../shared/json/parse-json.js';
import { readParts } from '../../shared/trust/feed-part.js';
import { readPlainAccreditation } from '../../shared/trust/plain-accreditation.js';
import { parseStatement } from '../../shared/trust/statement-schema.js';
import type { Accreditation } from '../../shared/trust/types.js';
import * as w from './world.js';

const LIMITS = { maxBytes: 8 * 1024 * 1024, maxDepth: 16, maxNodes: 60_000 };
const careful = (line: string): Accreditation => parseStatement('accreditation', parseJson(line, LIMITS));
const ordinary = JSON.stringify(parseStatement('accreditation', w.accreditation()));

/** Whatever the plain reader takes, the careful one takes, and reads the same. */
function agrees(line: string): boolean {
  const plain = readPlainAccreditation(line);
  if (plain === undefined) return false;
  assert.deepEqual(plain, careful(line), line);
  assert.equal(JSON.stringify(plain), JSON.stringify(careful(line)));
  return true;
}

/** Mostly what is right, so that many rows are taken; sometimes what is not. */
const mostly = <T>(right: readonly T[], wrong: readonly T[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong, ...right) },
  );
const some = <T>(item: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 19, arbitrary: fc.array(item, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
  );
const begins = mostly(
  ['2020-01-01T00:00:00Z', '2023-02-28T24:00:00Z'],
  ['2023-02-29T00:00:00Z', '2023-13-01T00:00:00Z', '2023-01-01T25:00:00Z', '2023-01-01T00:00:60Z', '2023-01-01T00:00Z'],
);
const ends = mostly(
  [undefined, '2028-02-29T23:59:59+08:00', '2024-01-01T00:00:00-00:00'],
  ['2019-01-01T00:00:00Z', '2020-01-01T08:00:00+08:00', '2023-01-01T00:00:00+99:99', ''],
);
const interval = { validFrom: begins, validUntil: ends };
const dids = mostly(
  ['did:web:i.example', 'did:web:i.example%3A80:a'],
  [w.CQ, 'did:web:I.example', `did:web:${'a'.repeat(200)}.example`],
);
const level = mostly(
  [
    { framework: 'cn-skill-5', value: '5' },
    { framework: 'cn-skill-8', value: 'apprentice' },
    { framework: 'mo-dsal', value: 'basic' },
  ],
  [
    { framework: 'cn-skill-5', value: 'special' },
    { framework: '__proto__', value: '5' },
  ],
);
const scope = fc.record({
  kind: some(mostly(['skill-level', 'mo-skill'], ['special-operation', 'other'])),
  occupation: some(mostly(['*', '4-*', '4-10-*', '6-31-01-03', '1999:4-03-*'], ['permit:电工', '9-*', '4-10-1'])),
  level: some(level),
  region: some(mostly(['*', '50*', '5001*', '500103'], ['5*', '50010'])),
  standard: mostly<string[] | undefined>([undefined], [['GB 1']]),
  candidates: mostly(['public', 'own-employees', 'supply-chain'], ['all']),
  quota: mostly<object | undefined>(
    [undefined, { limit: 1500, per: 'year' }],
    [
      { limit: 0, per: 'year' },
      { limit: 1.5, per: 'year' },
      { limit: 1e21, per: 'month' },
      { limit: 1, per: 'day' },
    ],
  ),
});
const rows = fc
  .record({
    id: mostly(['urn:yizheng:accreditation:a'], ['urn:yizheng:recognition:a', `urn:yizheng:accreditation:${'a'.repeat(200)}`]), // prettier-ignore
    authority: mostly([w.CQ], ['did:web:i.example', 'did:example:a']),
    institution: dids,
    legalName: mostly(
      ['示例机构(一)', '示例机构(a)'],
      ['示例 机构', ' 示例', '示\u200b例', '豈', 'é', '', '例'.repeat(61)],
    ),
    institutionKind: mostly(['social', 'employer'], ['bank']),
    institutionCode: mostly(['S000050000001'], ['Y000099000001', 'S00005000000']),
    unifiedSocialCreditCode: mostly([undefined, '91500000000000000X'], ['91500000000000000I']),
    keys: some(fc.record({ name: mostly(['k1', 'k2'], ['']), did: mostly([undefined], ['did:web:other.example']), ...interval })), // prettier-ignore
    actions: some(
      fc.record({
        action: mostly(['issue'], ['accredit']),
        ...interval,
        scope,
        requireLogProof: mostly<unknown>([undefined, true], ['yes']),
      }),
    ),
    supersedes: mostly<string[] | undefined>([undefined], [[], ['urn:yizheng:accreditation:a']]),
  })
  .map(({ keys, actions, supersedes, ...row }) => ({
    ...row,
    signingKeys: keys.map(({ name, did, ...key }) => ({
      id: `${did ?? row.institution}#${name}`,
      type: 'Multikey',
      publicKeyMultibase: `z6Mk${'1'.repeat(44)}`,
      ...key,
    })),
    actions,
    supersedes,
  }));

describe('trust: accreditation rows written the ordinary way', () => {
  it('are read without the schema, and exactly as it reads them', () => {
    assert.ok(agrees(ordinary));
    const permit = ordinary.replace(/"occupation":\[[^\]]*\]/, '"occupation":["permit:低压电工作业"]');
    assert.equal(agrees(permit), false);
    assert.ok(careful(permit), 'an unusual row is left to the schema, not refused');
  });

  it('can be spread, cloned and compared like any other, although their actions are read when asked for', () => {
    const copies: ((row: Accreditation | undefined) => unknown)[] = [
      (row) => ({ ...row }),
      (row) => structuredClone(row),
      (row) => Object.entries(row ?? {}),
      (row) => [row?.actions, row?.actions === row?.actions, row],
    ];
    for (const copy of copies) assert.deepEqual(copy(readPlainAccreditation(ordinary)), copy(careful(ordinary)));
  });

  it('never differ from the schema: any combination of right and wrong members', () => {
    let taken = 0;
    fc.assert(
      fc.property(rows, (row) => {
        if (agrees(JSON.stringify(row))) taken++;
      }),
      { numRuns: 1500 },
    );
    fc.assert(
      fc.property(scope, begins, ends, (limits, validFrom, validUntil) => {
        const base = JSON.parse(ordinary) as Accreditation;
        const actions = [{ action: 'issue', validFrom, validUntil, scope: limits }];
        if (agrees(JSON.stringify({ ...base, actions }))) taken++;
      }),
      { numRuns: 3000 },
    );
    assert.ok(taken > 500, `only ${taken} rows were taken`);
  });

  it('never differ from the schema: an ordinary row changed anywhere', () => {
    let taken = 0;
    const piece = fc.constantFrom('', '"', ',', '{', '}', '[', ']', ':', '\\', '\\u0041', ' ', '\n', '0', '9', 'a', 'Z', '-', '*', '#', '例', '\u200b', '\ud800', '"__proto__":1,', '"id":"x",', 'null'); // prettier-ignore
    fc.assert(
      fc.property(fc.nat(ordinary.length), fc.nat(3), piece, (at, cut, put) => {
        if (agrees(ordinary.slice(0, at) + put + ordinary.slice(at + cut))) taken++;
      }),
      { numRuns: 6000 },
    );
    assert.ok(taken > 100, `only ${taken} rows were taken`);
  });

  it('are left to the schema when they are longer than any list may become', () => {
    const codes = (count: number) => Array.from({ length: count }, () => '"*"').join();
    const many = (count: number) => ordinary.replace(/"region":\[[^\]]*\]/, `"region":[${codes(count)}]`);
    assert.ok(agrees(many(1500)));
    assert.equal(agrees(many(2001)), false);
    assert.throws(() => careful(many(2001)), { code: 'STATEMENT_INVALID' });
  });

  it('are refused with their part when one is malformed, names another authority, or repeats a member', () => {
    const read = (line: string) => readParts(w.CQ, new Map([['accreditations', `${line}\n`]]), () => undefined);
    assert.equal(read(ordinary).accreditations.length, 1);
    assert.throws(() => read(ordinary.replace('"issue"', '"accredit"')), { code: 'STATEMENT_INVALID' });
    assert.throws(() => read(ordinary.replace(w.CQ, w.SC)), { code: 'FEED_STATEMENT_FOREIGN' });
    assert.throws(() => read(ordinary.replace('{', '{"id":"urn:yizheng:accreditation:0",')), {
      code: 'JSON_DUPLICATE_KEY',
    });
  });
});
