import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { strToU8, zipSync } from 'fflate';
import { openIssueSheet, openStatusSheet } from '../../../../issuer/batch/sheet/index.js';
import { inline, rawXlsx, row } from './raw-xlsx.js';
import { bomb, gbk } from './hostile-files.js';
import { citizenNumber, contextWith, csv, fileOf, goodRow, HEADER, readWhole, removeFiles } from './sheet-world.js';

const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const good = csv([HEADER, goodRow(1)]);

describe('which files are sheets', () => {
  after(removeFiles);

  for (const [name, bytes, encoding] of [
    ['UTF-8', Buffer.from(good), 'utf-8'],
    ['UTF-8 with byte order mark', Buffer.from(`\ufeff${good}`), 'utf-8'],
    [
      'UTF-16 as Excel writes "Unicode text"',
      Buffer.from(`\ufeff${csv([HEADER, goodRow(1)], '\t')}`, 'utf16le'),
      'utf-16le',
    ],
    ['UTF-16 without a mark', Buffer.from(`Name\r\n${good}`, 'utf16le'), 'utf-16le'],
    ['big-endian UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le').swap16(), 'utf-16be'],
    ['GBK', gbk(good), 'gb18030'],
  ] as const)
    it(`reads CSV in ${name} and says which it was`, async () => {
      const { sheet, rows } = await readWhole(bytes);
      assert.equal(sheet.encoding, encoding);
      assert.ok(rows[0] && 'exam' in rows[0]);
      assert.equal(rows[0].exam.holder.name, '张伟');
      const told = sheet.notices().filter(({ code }) => code === 'CSV_ENCODING');
      assert.deepEqual(
        told.map(({ parameters }) => parameters['encoding']),
        encoding === 'utf-8' ? [] : [encoding.toUpperCase()],
      );
    });

  for (const [name, delimiter] of [
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
    ['full-width commas', ','],
  ] as const)
    it(`reads CSV divided by ${name}`, async () => {
      const { rows } = await readWhole(csv([HEADER, goodRow(1, { 工种: '' })], delimiter));
      assert.ok('exam' in (rows[0] ?? {}));
    });

  it('finds out what divides the cells though the headers come behind long remarks', async () => {
    const remarks = Array.from({ length: 6 }, () => ['说明'.repeat(450)]);
    const { rows } = await readWhole(csv([...remarks, HEADER, goodRow(1, { 工种: '' })], ';'));
    assert.ok('exam' in (rows[0] ?? {}));
  });

  it('numbers rows as the spreadsheet program does: blank lines count, lines inside a cell do not', async () => {
    const header = [...HEADER, '备注'];
    const text = csv([header, [...goodRow(1), '第一行\n第二行'], [], [...goodRow(2), ''], ['', '', '']]) + '\r\n';
    const { rows } = await readWhole(text);
    assert.deepEqual(
      rows.map(({ row: at }) => at),
      [2, 4],
    );
  });

  for (const [name, bytes, code] of [
    ['an empty file', Buffer.alloc(0), 'SHEET_EMPTY'],
    ['an old .xls', Buffer.concat([OLE, Buffer.alloc(600)]), 'SHEET_OLD_EXCEL'],
    [
      'an XLSX with a password',
      Buffer.concat([OLE, Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')]),
      'SHEET_ENCRYPTED',
    ],
    ['a web page named .xls', Buffer.from('\ufeff<html><table><tr><td>姓名</td></tr></table></html>'), 'SHEET_IS_HTML'],
    ['XML Spreadsheet 2003', Buffer.from('<?xml version="1.0"?><Workbook/>'), 'SHEET_IS_HTML'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'SHEET_IS_PDF'],
    ['a picture', Buffer.from('89504e470d0a1a0a00', 'hex'), 'SHEET_FORMAT_UNKNOWN'],
    [
      'bytes of no encoding',
      Buffer.concat([Buffer.from('姓名'), Buffer.from([0xff, 0xff, 0x20])]),
      'SHEET_ENCODING_UNKNOWN',
    ],
    ['an ODS', zipSync({ mimetype: strToU8('application/vnd.oasis.opendocument.spreadsheet') }), 'SHEET_IS_ODS'],
    ['a ZIP of something else', zipSync({ 'a.txt': strToU8('a') }), 'SHEET_FORMAT_UNKNOWN'],
    ['a sheet with macros', rawXlsx({ rows: '', more: { 'xl/vbaProject.bin': strToU8('x') } }), 'SHEET_HAS_MACROS'],
    ['half a ZIP', rawXlsx({ rows: row(1, HEADER) }).subarray(0, 600), 'SHEET_DAMAGED'],
    ['XML that is not well-formed', rawXlsx({ rows: row(1, HEADER) + '<row r="2"><c r="A2"></row>' }), 'SHEET_DAMAGED'],
    ['rows that go backwards', rawXlsx({ rows: row(2, HEADER) + row(1, goodRow()) }), 'SHEET_DAMAGED'],
    [
      'a shared string that is not there',
      rawXlsx({ rows: '<row r="1"><c r="A1" t="s"><v>9</v></c></row>' }),
      'SHEET_DAMAGED',
    ],
    [
      'a document type with external entities',
      rawXlsx({ rows: row(1, HEADER), doctype: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' }),
      'SHEET_XML_FORBIDDEN',
    ],
    ['elements nested without end', rawXlsx({ rows: '<a>'.repeat(100) + '</a>'.repeat(100) }), 'SHEET_DAMAGED'],
    ['an entity nobody declared', rawXlsx({ rows: row(1, ['&e;']) }), 'SHEET_DAMAGED'],
    ['a quote that is never closed', Buffer.from(`${good}"张伟,`), 'CSV_QUOTE_NOT_CLOSED'],
    ['only a header', Buffer.from(csv([HEADER])), 'SHEET_WITHOUT_ROWS'],
  ] as const)
    it(`refuses ${name} with ${code}`, async () => {
      await assert.rejects(readWhole(bytes), { code });
    });

  it('refuses an XLSX encrypted inside, and one with two parts of one name', async () => {
    const encrypted = Buffer.from(rawXlsx({ rows: row(1, HEADER) }));
    for (let at = encrypted.indexOf('PK\x01\x02'); at >= 0; at = encrypted.indexOf('PK\x01\x02', at + 4))
      encrypted.writeUInt16LE(encrypted.readUInt16LE(at + 8) | 1, at + 8);
    await assert.rejects(readWhole(encrypted), { code: 'SHEET_ENCRYPTED' });
    const twice = Buffer.from(zipSync({ 'xl/a.xml': strToU8('a'), 'xl/b.xml': strToU8('b') })).toString('latin1');
    await assert.rejects(readWhole(Buffer.from(twice.replaceAll('xl/b.xml', 'xl/a.xml'), 'latin1')), {
      code: 'SHEET_DAMAGED',
    });
  });

  it('refuses parts that share their bytes, as bombs of a few kilobytes do', async () => {
    const zip = Buffer.from(zipSync({ 'xl/a.xml': strToU8('a'), 'xl/b.xml': strToU8('b') }));
    zip.writeUInt32LE(0, zip.lastIndexOf('PK\x01\x02') + 42);
    await assert.rejects(readWhole(zip), { code: 'SHEET_DAMAGED' });
  });

  it('reads rich text, shared and inline strings, and prefixed names alike', async () => {
    const cells = goodRow(1);
    const strings = cells.map(
      (text) =>
        `<r><t>${text.slice(0, 1)}</t></r><r><t xml:space="preserve">${text.slice(1)}</t></r><rPh sb="0" eb="1"><t>ZHANG</t></rPh>`,
    );
    const xml = cells.map((_, i) => `<c r="${String.fromCharCode(65 + i)}2" t="s"><v>${i}</v></c>`).join('');
    const { rows, problems } = await readWhole(
      rawXlsx({ rows: `${row(1, HEADER)}<row r="2">${xml}</row>`, sharedStrings: strings }),
    );
    assert.deepEqual(problems, []);
    assert.ok(rows[0] && 'exam' in rows[0]);
    assert.equal(rows[0].exam.holder.name, '张伟');
    assert.equal(rows[0].exam.holder.idNumber, citizenNumber(1));
  });

  it('reads the first visible sheet and names the others', async () => {
    const other = {
      'xl/worksheets/sheet2.xml': strToU8(
        `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"/></x:sheetData></x:worksheet>`,
      ),
    };
    const sheets = '<sheet name="一" sheetId="1" r:id="r1"/><sheet name="二" sheetId="2" r:id="r2"/>';
    const { sheet } = await readWhole(rawXlsx({ rows: row(1, HEADER) + row(2, goodRow()), sheets, more: other }));
    assert.deepEqual(sheet.notices(), [{ code: 'OTHER_SHEETS_NOT_READ', parameters: { names: '二' } }]);
    const hidden = sheets.replace('name="一"', 'name="一" state="hidden"');
    await assert.rejects(readWhole(rawXlsx({ rows: row(1, HEADER), sheets: hidden, more: other })), {
      code: 'SHEET_EMPTY',
    });
  });

  it('lets go of the file when it is refused, closed or read to its end', async () => {
    const open = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
    if (process.platform !== 'linux') return;
    const many = csv([HEADER, ...Array.from({ length: 5000 }, (_, n) => goodRow(n))]);
    const wrong = csv([['甲', '乙'], ...Array.from({ length: 20_000 }, () => ['1', 'x'.repeat(40)])]);
    const before = await open();
    for (const bytes of [many, rawXlsx({ rows: row(1, HEADER) + row(2, goodRow()) })]) {
      const sheet = await openIssueSheet(await fileOf(bytes), contextWith());
      await sheet.close();
      const again = await openIssueSheet(await fileOf(bytes), contextWith());
      for await (const _ of again.rows()) break;
    }
    await assert.rejects(openIssueSheet(await fileOf(wrong), contextWith()), { code: 'HEADER_NOT_FOUND' });
    await setTimeout(50);
    assert.equal(await open(), before);
  });

  it('reads sheets of status changes, with the reason of the row or of the upload', async () => {
    const text = csv([
      ['证书编号', '原因'],
      ['s000051000001263000001', '弄虚作假'],
      ['urn:yizheng:certificate:S000051000001263000002:1', ''],
      ['', '因为'],
    ]);
    const read = async (reason?: 'error'): Promise<unknown[]> => {
      const sheet = await openStatusSheet(await fileOf(text), { operation: 'revoke', ...(reason && { reason }) });
      const rows: unknown[] = [];
      for await (const one of sheet.rows())
        rows.push('change' in one ? one.change : one.problems.map(({ code, letter }) => `${code} ${letter ?? ''}`));
      return rows;
    };
    assert.deepEqual(await read('error'), [
      { certificate: 'S000051000001263000001', reason: 'fraud' },
      { certificate: 'urn:yizheng:certificate:S000051000001263000002:1', reason: 'error' },
      ['CELL_NOT_IN_LIST B', 'CELL_MISSING A'],
    ]);
    assert.deepEqual((await read())[1], ['REASON_MISSING B']);
  });
});

describe('sheets that are too large', () => {
  after(removeFiles);

  it('refuses a 500 MB zip bomb within a second, from its directory alone', async () => {
    const file = await fileOf(bomb(500));
    const before = process.memoryUsage().rss;
    const start = performance.now();
    await assert.rejects(openIssueSheet(file, contextWith()), { code: 'SHEET_TOO_LARGE', status: 413 });
    assert.ok(performance.now() - start < 1000);
    assert.ok(process.memoryUsage().rss - before < 50e6);
  });

  it('does not believe a directory that hides the bomb: inflating stops at the size it names', async () => {
    await assert.rejects(openIssueSheet(await fileOf(bomb(50, 2_000_000)), contextWith()), { code: 'SHEET_DAMAGED' });
  });

  it('holds flat memory while a bomb of the allowed ratio inflates as one text', async () => {
    const before = process.memoryUsage().rss;
    await assert.rejects(openIssueSheet(await fileOf(bomb(50)), contextWith({ limits: { inflateRatio: 5000 } })), {
      code: 'SHEET_DAMAGED',
    });
    assert.ok(process.memoryUsage().rss - before < 100e6);
  });

  it('names the limit of file, rows, columns, parts, texts and cells', async () => {
    const rows = csv([HEADER, goodRow(1), goodRow(2), goodRow(3)]);
    const limited = (limits: object, bytes: string | Uint8Array = rows) => readWhole(bytes, { limits });
    await assert.rejects(limited({ fileBytes: 100 }), { code: 'SHEET_TOO_LARGE', at: undefined });
    await assert.rejects(limited({ rows: 2 }), { code: 'SHEET_TOO_LARGE', at: 'row 4' });
    await assert.rejects(limited({ cellCharacters: 15 }), { code: 'CELL_TOO_LONG', at: 'row 2, column C' });
    await assert.rejects(limited({ columns: 5 }), { code: 'SHEET_TOO_WIDE', at: 'row 2, column F' });
    const xlsx = rawXlsx({ rows: row(1, HEADER) + row(2, goodRow()), sharedStrings: ['<t>a</t>', '<t>bb</t>'] });
    await assert.rejects(limited({ entries: 3 }, xlsx), { code: 'SHEET_TOO_LARGE' });
    await assert.rejects(limited({ inflatedBytes: 1000 }, xlsx), { code: 'SHEET_TOO_LARGE' });
    await assert.rejects(limited({ sharedStrings: 1 }, xlsx), { code: 'SHEET_TOO_LARGE' });
    await assert.rejects(limited({ sharedStringBytes: 2 }, xlsx), { code: 'SHEET_TOO_LARGE' });
    await assert.rejects(limited({ columns: 5 }, xlsx), { code: 'SHEET_TOO_WIDE', at: 'row 1, column F' });
    await assert.rejects(limited({ cellCharacters: 15 }, xlsx), { code: 'CELL_TOO_LONG', at: 'row 2, column C' });
    const merges = Array.from({ length: 10_001 }, (_, i) => `<mergeCell ref="A${i * 2 + 2}:B${i * 2 + 2}"/>`).join('');
    await assert.rejects(readWhole(rawXlsx({ rows: row(1, HEADER) + inline('A1', ''), behind: merges })), {
      code: 'SHEET_TOO_MANY_MERGED',
    });
  });

  it('takes no longer for merged areas and number formats made to be slow', async function () {
    this.timeout(10_000);
    const limits = { inflateRatio: 5000 };
    const rows = row(1, HEADER) + row(2, goodRow());
    for (const behind of ['<mergeCell ', '<mergeCell ref', '<mergeCell ref=', '<mergeCell x="1" ref = "A1:'])
      await readWhole(rawXlsx({ rows, behind: `<!--${behind.repeat(900_000 / behind.length)}-->` }), { limits });
    const gaps = `<mergeCell ref${' '.repeat(200_000)}`.repeat(4);
    await readWhole(rawXlsx({ rows, behind: `<!--${gaps}-->` }), { limits });
    for (const piece of ['[', '&quot;', '\\', '_'])
      await readWhole(rawXlsx({ rows, format: piece.repeat(900_000 / piece.length) }), { limits });
  });

  it('refuses merged areas that overlap, so that no cell is looked at more than once', async () => {
    const merged = (...areas: string[]) =>
      readWhole(
        rawXlsx({
          rows: row(1, HEADER) + row(2, goodRow(1)) + row(3, goodRow(2)),
          behind: areas.map((ref) => `<mergeCell ref="${ref}"/>`).join(''),
        }),
      );
    await assert.rejects(merged('A2:C3', 'C3:D4'), { code: 'SHEET_DAMAGED', at: 'row 3' });
    await assert.rejects(merged('C4:A2', 'A2:CV1048576'), { code: 'SHEET_DAMAGED', at: 'row 2' });
    assert.equal((await merged('A20:C30', 'C31:D40', 'D20:E30', 'E31:E31')).problems.length, 0);
    assert.ok((await merged('C3:B2')).problems.every(({ code }) => code === 'CELL_MERGED'));
  });

  it('reads 60,000 rows of an XLSX within a heap that could not hold them @slow', async () => {
    const worker = new Worker(new URL('./read-many-rows.js', import.meta.url), {
      workerData: { count: 60_000 },
      resourceLimits: { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 8 },
    });
    const good = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    assert.equal(good, 60_000);
  });
});
