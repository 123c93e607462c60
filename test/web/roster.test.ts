import assert from 'node:assert/strict';
import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { YizhengError } from '../../shared/errors.js';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { neutralised } from '../../shared/sheet/neutralise.js';
import { readDelimited } from '../../shared/sheet/read-delimited.js';
import { verify } from '../../shared/verdict/verify.js';
import { writeCsv } from '../../verifier/web/src/roster/csv.js';
import { planSheet } from '../../verifier/web/src/roster/plan-sheet.js';
import { readSheet } from '../../verifier/web/src/roster/read-sheet.js';
import { runRoster, waitingRows } from '../../verifier/web/src/roster/run-roster.js';
import { resultOf } from '../../verifier/web/src/roster/row-result.js';
import { arrange, countRows } from '../../verifier/web/src/roster/table.js';
import type { RosterEntry, RosterRow } from '../../verifier/web/src/roster/types.js';
import type { CheckInput, CheckResult } from '../../ui/verify/types.js';
import { loadWebModule } from './load-web-module.js';
import { NOW, PARTNER, signed, trustOf } from '../verdict/sample-trust.js';

const qrOf = async (changes: Parameters<typeof signed>[0] = {}): Promise<string> =>
  encodeQr(JSON.parse(await signed(changes)) as object).text;

async function verifier(): Promise<(input: CheckInput) => Promise<CheckResult>> {
  const trust = await trustOf(PARTNER, { revoked: [7] });
  return async (input) => {
    const opened = await openCarrier('text' in input ? input.text : input.bytes);
    const verdict = await verify(opened, { trust, anchor: PARTNER, now: NOW });
    return { verdict, json: opened.json, carrier: opened.carrier, memoranda: [] };
  };
}
const entry = (name: string, text: string, expected?: RosterEntry['expected']): RosterEntry => ({
  name,
  read: () => Promise.resolve({ text }),
  ...(expected && { expected }),
});
async function check(
  entries: RosterEntry[],
  verifiers = 2,
  signal = new AbortController().signal,
): Promise<RosterRow[]> {
  const rows = waitingRows(entries);
  const one = await verifier();
  await runRoster(entries, rows, {
    verifiers: Array.from({ length: verifiers }, () => one),
    signal,
    onChange: () => 0,
  });
  return rows;
}

describe('roster: many certificates at once', () => {
  it('writes for an institution the data has no name for whose it is, never an identifier', async () => {
    const [row] = await check([entry('a.txt', await qrOf())]);
    row!.certificate!.institution = 'did:web:nobody.example';
    const say = (key: string, values: Readonly<Record<string, string | number>> = {}): string =>
      [key, ...Object.values(values)].join(' ');
    // Node's navigator knows no languages.
    const { navigator } = globalThis as { navigator?: object };
    if (navigator) Object.defineProperty(navigator, 'languages', { value: ['zh-CN'], configurable: true });
    const { resultSheet } = (await loadWebModule('../verifier/web/src/roster/result-sheet.ts')) as {
      resultSheet: (rows: RosterRow[], text: object, about: object) => string;
    };
    const sheet = resultSheet(
      [row!],
      { say, sentences: 'zh-CN' },
      { anchor: 'did:web:hrss.example', dataAsOf: NOW, checkedAt: NOW },
    );
    assert.doesNotMatch(sheet, /did:/);
    assert.match(sheet, /name\.unknown nobody\.example/);
    assert.match(sheet, /name\.unknown hrss\.example/);
  });

  it('names every bad file by its own reason and never stops the rest', async () => {
    const good = await qrOf();
    const rows = await check([
      entry('a.txt', good),
      entry('b.txt', 'hello'),
      { name: 'c.jpg', read: () => Promise.reject(new DOMException('gone', 'NotFoundError')) },
      entry('d.json', (await signed()).replace('"value":"3"', '"value":"2"')),
      entry('e.txt', await qrOf({ certificateNumber: 'S000051000123263000046', status: { list: 1, index: 7 } })),
    ]);
    assert.deepEqual(
      rows.map(({ state, headline, code }) => [state, headline, code]),
      [
        ['done', 'accepted', 'RECOGNISED_BY_ANCHOR'],
        ['failed', undefined, 'QR_NOT_OURS'],
        ['failed', undefined, 'FILE_UNREADABLE'],
        ['done', 'refused', 'CREDENTIAL_SHAPE'],
        ['done', 'refused', 'CERTIFICATE_REVOKED'],
      ],
    );
  });

  it('marks the same certificate given twice, on both rows', async () => {
    const [one, two] = [await qrOf(), await qrOf({ certificateNumber: 'S000051000123263000099' })];
    const rows = await check([entry('a', one), entry('b', two), entry('c', one), entry('d', one)]);
    assert.deepEqual(
      rows.map(({ sameAs }) => sameAs.toSorted()),
      [[3, 4], [], [1, 4], [1, 3]],
    );
  });

  it('marks what differs from the roster as a thing to compare, never as accepted or refused', async () => {
    const good = await qrOf();
    const rows = await check([
      entry('a', good, { name: '张 伟', lastFour: '1234' }),
      entry('b', good, { name: '李伟', lastFour: '4321' }),
      entry('c', good, { certificateNumber: 'S000051000123263000046' }),
    ]);
    assert.deepEqual(
      rows.map(({ differences }) => differences),
      [[], ['name', 'lastFour'], ['certificateNumber']],
    );
    assert.ok(rows.every(({ headline }) => headline === 'accepted'));
    assert.deepEqual(rows.map(resultOf), ['accepted', 'differs', 'differs']);
    const { accepted, compare } = countRows(rows);
    assert.deepEqual([accepted, compare], [1, 2]);
    assert.deepEqual(
      arrange(rows, 'accepted', { by: 'number', descending: false }).map(({ name }) => name),
      ['a'],
    );
    assert.equal(resultOf({ headline: 'refused', differences: ['name'] }), 'refused');
  });

  it('says of a bare number that nobody can verify it, unless the certificate lies beside it', async () => {
    const entries = [
      ...planSheet('名单.csv', [
        ['姓名', '身份证后四位', '证书编号'],
        ['张伟', '1234', 'S000051000123263000045'],
        ['李娜', '9999', 'S000051000123263000077'],
      ]),
      entry('a.txt', await qrOf()),
    ];
    const rows = await check(entries);
    assert.deepEqual(
      rows.map(({ state, code, headline }) => [state, code, headline]),
      [
        ['done', 'RECOGNISED_BY_ANCHOR', 'accepted'],
        ['failed', 'ROSTER_NUMBER_ONLY', undefined],
        ['done', 'RECOGNISED_BY_ANCHOR', 'accepted'],
      ],
    );
  });

  it('stops when cancelled and keeps what was found', async () => {
    const controller = new AbortController();
    const good = await qrOf();
    let read = 0;
    const entries = Array.from({ length: 50 }, (_, i) => ({
      name: String(i),
      read: () => {
        if (++read === 3) controller.abort();
        return Promise.resolve({ text: good });
      },
    }));
    const rows = await check(entries, 1, controller.signal);
    assert.equal(read, 3);
    assert.deepEqual(new Set(rows.slice(3).map(({ state }) => state)), new Set(['cancelled']));
    assert.equal(rows[0]?.state, 'done');
  });

  it('holds no more inputs at a time than there are verifiers', async () => {
    const good = await qrOf();
    let [held, most] = [0, 0];
    const one = await verifier();
    const entries: RosterEntry[] = Array.from({ length: 8 }, (_, i) => ({
      name: String(i),
      read: () => {
        most = Math.max(most, ++held);
        return Promise.resolve({ text: good });
      },
    }));
    const rows = waitingRows(entries);
    const counting = async (input: CheckInput): Promise<CheckResult> => one(input).finally(() => held--);
    await runRoster(entries, rows, { verifiers: [counting, counting], signal: new AbortController().signal, onChange: () => 0 }); // prettier-ignore
    assert.equal(most, 2);
    assert.ok(rows.every(({ state }) => state === 'done'));
  });

  it('filters and sorts, with what needs a person first', async () => {
    const rows = await check([
      entry('a', await qrOf()),
      entry('b', 'x'),
      entry('c', await qrOf({ status: { list: 1, index: 7 } })),
    ]);
    const order = arrange(rows, 'all', { by: 'headline', descending: false }).map(({ name }) => name);
    assert.deepEqual(order, ['c', 'b', 'a']);
    const { all, accepted, refused, failed, same } = countRows(rows);
    assert.deepEqual([all, accepted, refused, failed, same], [3, 1, 1, 1, 2]);
    assert.deepEqual(
      arrange(rows, 'failed', { by: 'number', descending: true }).map(({ name }) => name),
      ['b'],
    );
  });
});

describe('roster sheets', () => {
  const codeOf = async (bytes: Uint8Array): Promise<string> =>
    readSheet(bytes).then(
      () => 'read',
      (error: unknown) => (error instanceof YizhengError ? error.code : String(error)),
    );
  const xlsx = (sheet: string, strings = ''): Uint8Array =>
    zipSync({
      'xl/workbook.xml': strToU8('<workbook xmlns:r="x"><sheets><sheet name="一" r:id="rId2"/></sheets></workbook>'),
      'xl/_rels/workbook.xml.rels': strToU8('<Relationships><Relationship Id="rId2" Target="worksheets/sheet7.xml"/></Relationships>'), // prettier-ignore
      'xl/worksheets/sheet7.xml': strToU8(sheet),
      'xl/sharedStrings.xml': strToU8(`<sst>${strings}</sst>`),
    });

  it('reads CSV with commas, tabs and semicolons, quotes and line breaks inside, in UTF-8, GBK and UTF-16', async () => {
    assert.deepEqual(readDelimited('a,"b ""c""\nd",\r\n1,2,3', 9), [['a', 'b "c"\nd', ''], ['1', '2', '3']]); // prettier-ignore
    assert.deepEqual(readDelimited('a;b\n1;2\n', 9), [['a', 'b'], ['1', '2']]); // prettier-ignore
    const gbk = Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0x31);
    assert.deepEqual(await readSheet(gbk), [['姓名', '1']]);
    const utf16 = Uint8Array.of(0xff, 0xfe, 0xd3, 0x59, 0x0d, 0x54);
    assert.deepEqual(await readSheet(utf16), [['姓名']]);
    assert.deepEqual(await readSheet(strToU8('\ufeff姓名,b')), [['姓名', 'b']]);
  });

  it('reads the first sheet of a workbook: shared and inline texts, gaps, numbers', async () => {
    const sheet =
      '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>编号</t></is></c></row>' +
      '<row r="3"><c r="B3"><v>1234</v></c></row></sheetData></worksheet>';
    assert.deepEqual(await readSheet(xlsx(sheet, '<si><t>姓</t><r><t>名</t></r><rPh><t>x</t></rPh></si>')), [
      ['姓名', '', '编号'],
      ['', '1234'],
    ]);
  });

  it('says of a broken, locked, old or far too large file what it is', async () => {
    assert.equal(await codeOf(Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9)), 'SHEET_UNREADABLE');
    assert.equal(await codeOf(xlsx('<worksheet><row>')), 'SHEET_UNREADABLE');
    assert.equal(await codeOf(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0)), 'SHEET_UNREADABLE');
    assert.equal(await codeOf(Uint8Array.of(0x61, 0x80, 0x00, 0xff, 0xff)), 'SHEET_ENCODING');
    assert.equal(await codeOf(strToU8('a\n'.repeat(6000))), 'SHEET_TOO_MANY_ROWS');
  });

  it('finds its columns by their headings, under a title line too, and takes of an ID number the last four only', async () => {
    const qr = await qrOf();
    const entries = planSheet('s.csv', [
      ['项目部焊工名单'],
      ['序号', '姓名', '证件号码', '二维码内容'],
      ['1', '张伟', '110101199003071234', qr],
      ['2', '', '', ''],
    ]);
    const [first, ...others] = entries;
    assert.ok(first?.read && others.length === 0);
    assert.deepEqual(first.expected, { name: '张伟', lastFour: '1234' });
    assert.equal(first.name, 's.csv · 3');
    assert.deepEqual(await first.read(), { text: qr, name: 's.csv · 3' });
    assert.equal(planSheet('s', [[qr], [qr]]).length, 2);
    assert.doesNotMatch(JSON.stringify(entries), /110101199003/);
  });

  it('writes a sheet no spreadsheet runs as a formula, with long numbers as text', () => {
    const text = writeCsv([['=HYPERLINK("x")', '@a', '-1', '1610012003300123', 'a,b', '张伟']]);
    assert.equal(text, '\ufeff"\'=HYPERLINK(""x"")","\'@a","\'-1","1610012003300123\t","a,b",张伟\r\n');
  });

  it('reads back what it wrote, for any texts', () => {
    const cell = fc
      .string({ unit: 'grapheme' })
      .filter((text) => neutralised(text) === text && !/^\d{12,}$|\r/.test(text));
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, (table) => {
        const headed = [['一', '二', '三', '四', '五'], ...table];
        assert.deepEqual(readDelimited(writeCsv(headed).slice(1), 99), headed);
      }),
      { numRuns: 300 },
    );
  });
});
