import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { checkIssueRows, type IssueCheck } from '../../../issuer/batch/check-issue-rows.js';
import { CoverDecisions } from '../../../issuer/batch/cover-facts.js';
import { DuplicateSet } from '../../../issuer/batch/duplicate-set.js';
import { FactIds } from '../../../issuer/batch/fact-ids.js';
import { OpenRows } from '../../../issuer/batch/open-rows.js';
import { PersonBytes } from '../../../issuer/batch/person-bytes.js';
import { PlainBlocks } from '../../../issuer/batch/plain-blocks.js';
import { PlainKeys } from '../../../issuer/batch/plain-keys.js';
import { PlainRows } from '../../../issuer/batch/plain-rows.js';
import { storeBlock, type BlockPosition } from '../../../issuer/batch/row-block.js';
import { rowFactsText } from '../../../issuer/batch/row-facts.js';
import type { RowTexts } from '../../../issuer/batch/row-template.js';
import { ByteRow } from '../../../issuer/batch/sheet/byte-row.js';
import { CsvRows } from '../../../issuer/batch/sheet/csv/csv-rows.js';
import { openIssueSheet, type CheckedRow } from '../../../issuer/batch/sheet/index.js';
import { textOf } from '../../../issuer/batch/sheet/raw-sheet.js';
import { RowChecker } from '../../../issuer/batch/sheet/row-checker.js';
import { SeenPeople } from '../../../issuer/batch/sheet/seen-people.js';
import { storedDraft } from '../../../issuer/batch/stored-draft.js';
import { newBatch } from '../../../issuer/batch/upload.js';
import { draftOf } from '../../../issuer/exam-result.js';
import { keyTexts } from '../../../issuer/result-keys.js';
import { chinaDate } from '../../../issuer/time.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { startWorld, type World } from '../world.js';
import { cellsOf, columns, context, header, sheets } from './sheet/odd-sheets.js';
import {
  citizenNumber,
  contextWith,
  csv,
  fileOf,
  goodRow,
  HEADER,
  INSTITUTION,
  KEY,
  removeFiles,
} from './sheet/sheet-world.js';

const TODAY = chinaDate(context.now);

/** What a row that was not taken for a plain one is made into, if it is good. */
function theLongWay(checked: CheckedRow): Record<keyof RowTexts | 'facts', string> & { issuedOn: string | null } {
  assert.ok('exam' in checked);
  const { exam } = checked;
  const draft = draftOf(exam, exam.issuedOn ?? TODAY);
  return {
    draft: storedDraft(draft),
    ...keyTexts({ draft, exam }),
    facts: rowFactsText(draft, INSTITUTION.code),
    issuedOn: exam.issuedOn ?? null,
  };
}

function textAt({ texts }: PlainRows, name: keyof RowTexts, i: number): string {
  return texts[name].text(i).toString();
}

describe('rows that differ from earlier ones only in their person', () => {
  it('are written as they are where each goes its own way, whatever rows came before', () => {
    const found = { plain: 0, other: 0 };
    fc.assert(
      fc.property(sheets, ({ shared, rows }) => {
        const checker = new RowChecker(columns, context);
        const plain = new PlainRows();
        const people = [new SeenPeople(), new SeenPeople()] as const;
        for (const [i, { n, personal, other }] of rows.entries()) {
          const raw = { row: i + 2, cells: cellsOf(n, { ...shared, ...personal, ...other }) };
          const row = checker.plainRow(raw);
          const checked = checker.check(raw);
          const notice = 'exam' in checked ? people[0].notice(raw.row, checked.exam) : undefined;
          found[row ? 'plain' : 'other']++;
          if (!row) {
            if ('exam' in checked) people[1].notice(raw.row, checked.exam);
            continue;
          }
          const { template, person } = row;
          const cells = new PersonBytes().take(person);
          plain.add(raw.row, template, cells);
          const at = plain.count - 1;
          assert.deepEqual(
            {
              draft: textAt(plain, 'draft', at),
              duplicate: textAt(plain, 'duplicate', at),
              holder: textAt(plain, 'holder', at),
              result: textAt(plain, 'result', at),
              facts: rowFactsText(template.draft, INSTITUTION.code),
              issuedOn: template.issuedOn,
            },
            theLongWay(checked),
          );
          assert.equal(plain.stored.assessment.text(at).toString(), 'exam' in checked && checked.exam.assessment.id);
          assert.ok(!textAt(plain, 'draft', at).toUpperCase().includes(person.idNumber));
          assert.deepEqual(template.shared && people[1].noticeOf(raw.row, template.shared, cells), notice);
        }
      }),
      { numRuns: 120 },
    );
    assert.ok(found.plain > 200 && found.other > 200, JSON.stringify(found));
  });

  it('are known as bytes only where they would be as texts, and are written alike', () => {
    const found = { ofBytes: 0, ofTexts: 0, other: 0 };
    const mark = header.indexOf('姓名');
    fc.assert(
      fc.property(sheets, ({ shared, rows }) => {
        const checkers = [new RowChecker(columns, context), new RowChecker(columns, context)] as const;
        const people = [new SeenPeople(), new SeenPeople()] as const;
        const plain = [new PlainRows(), new PlainRows()] as const;
        const csvRows = new CsvRows(',', { cellCharacters: 1000, columns: 100 });
        const person = new PersonBytes();
        const lines = rows.flatMap(({ n, personal, other }, i) => [
          cellsOf(n, { ...shared, ...personal, ...other }),
          cellsOf(1000 + i, shared),
        ]);
        for (const cells of lines) {
          const texts = cells.map(textOf);
          if (texts.some((text) => /[",=\r\n]/.test(text))) continue;
          const [raw] = csvRows.push(Buffer.from(`${texts.join(',')}\r\n`));
          assert.ok(raw instanceof ByteRow);
          const asText = { row: raw.row, cells: texts };
          checkers[0].check(asText);
          checkers[1].check(asText);
          const template = checkers[0].plainOf(raw, person);
          const atOnce = template !== undefined;
          const one = template ? { template } : checkers[0].plainRow(raw);
          const other = checkers[1].plainRow(asText);
          assert.equal(one === undefined, other === undefined);
          found[atOnce ? 'ofBytes' : one ? 'ofTexts' : 'other']++;
          if (!one || !other) continue;
          assert.ok(!atOnce || !texts[mark]?.startsWith('示例'));
          if ('person' in one) person.take(one.person);
          const expected = new PersonBytes().take(other.person);
          plain[0].add(raw.row, one.template, person);
          plain[1].add(raw.row, other.template, expected);
          const at = plain[1].count - 1;
          for (const name of ['draft', 'duplicate', 'holder', 'result'] as const)
            assert.equal(textAt(plain[0], name, at), textAt(plain[1], name, at));
          assert.deepEqual(plain[0].stored.assessment.text(at), plain[1].stored.assessment.text(at));
          assert.deepEqual(
            one.template.shared && people[0].noticeOf(raw.row, one.template.shared, person),
            other.template.shared && people[1].noticeOf(raw.row, other.template.shared, expected),
          );
        }
      }),
      { numRuns: 120 },
    );
    assert.ok(found.ofBytes > 300 && found.ofTexts > 100 && found.other > 200, JSON.stringify(found));
  });

  it('are examples of a template where the name says so, as bytes too', () => {
    const checker = new RowChecker(columns, context);
    const csvRows = new CsvRows(',', { cellCharacters: 1000, columns: 100 });
    const bytes = (n: number, name?: string): ByteRow => {
      const texts = cellsOf(n, {}).map(textOf);
      if (name !== undefined) texts[header.indexOf('姓名')] = name;
      const [raw] = csvRows.push(Buffer.from(`${texts.join(',')}\n`));
      assert.ok(raw instanceof ByteRow);
      return raw;
    };
    checker.check(bytes(1));
    assert.ok(checker.plainRow(bytes(2)));
    const person = new PersonBytes();
    assert.ok(checker.plainOf(bytes(3), person));
    assert.equal(checker.plainOf(bytes(4, '示例张三'), person), undefined);
    assert.ok(checker.plainOf(bytes(5, '示张三例'), person));
  });

  it('are never made of a cell that holds the number of their document, in small letters either', () => {
    const number = '11010519491231002X';
    const checker = new RowChecker(columns, context);
    const row = (n: number, idNumber: string): string[] => {
      const cells = cellsOf(n, {}).map(textOf);
      cells[header.indexOf('工种')] = `9${number.toLowerCase()}`;
      cells[header.indexOf('证件号码')] = idNumber;
      return cells;
    };
    const checked = checker.check({ row: 2, cells: row(1, citizenNumber(1)) });
    assert.ok('exam' in checked);
    assert.ok(checker.plainRow({ row: 3, cells: row(2, citizenNumber(2)) }));
    assert.equal(checker.plainRow({ row: 4, cells: row(3, number) }), undefined);
    const refused = checker.check({ row: 4, cells: row(3, number) });
    assert.deepEqual('problems' in refused && refused.problems.map(({ code }) => code), ['ID_NUMBER_ON_CERTIFICATE']);
  });

  it('stay as they are until they are stored, while the next ones are read; what keys are made of is overwritten at once', async () => {
    const checker = new RowChecker(columns, context);
    checker.check({ row: 2, cells: cellsOf(1, {}) });
    const plain = new PlainBlocks();
    const add = (n: number): void => {
      const found = checker.plainRow({ row: n, cells: cellsOf(n, {}) });
      assert.ok(found);
      plain.current.add(n, found.template, new PersonBytes().take(found.person));
    };
    add(2);
    const first = plain.next();
    const document = first.texts.holder.text(0);
    assert.ok(document.includes(citizenNumber(2)));
    const before = first.stored.draft.text(0).toString();
    add(3);
    assert.notEqual(plain.current, first);
    await PlainKeys.of({ hmacPacked: (_, { ends }) => Promise.resolve(new Uint8Array(32 * ends.length)) }, first);
    assert.ok(document.every((byte) => byte === 0));
    assert.equal(first.stored.draft.text(0).toString(), before);
    assert.deepEqual([first.count, plain.current.count], [1, 1]);
    plain.giveBack(first);
    plain.next();
    assert.equal(plain.current, first);
    assert.deepEqual([first.stored.draft.ends.length, first.count], [0, 0]);
  });

  it('may have cells that only have to be tidied', () => {
    const checker = new RowChecker(columns, context);
    checker.check({ row: 2, cells: cellsOf(1, {}) });
    const changes = { 姓名: '欧\u3000阳 ', 证件号码: "'11010519491231002x", 考核计划编号: 'Ａ－1', 理论成绩: '85.0' };
    const cells = header.map((column, i) => new Map(Object.entries(changes)).get(column) ?? cellsOf(2, {})[i] ?? '');
    const person = checker.plainRow({ row: 3, cells })?.person;
    assert.deepEqual(
      [person?.name, person?.idNumber, person?.assessmentId, person?.theoryScore],
      ['欧阳', '11010519491231002X', 'A-1', '85'],
    );
  });

  it('are known again where a cell looks like the mark of a place to fill', () => {
    const checker = new RowChecker(columns, context);
    const cells = (n: number): string[] =>
      cellsOf(n, {}).map((cell, i) => (header[i] === '工种' ? '\\u00010\\u0001"\\u00011\\u0001' : textOf(cell)));
    assert.ok('exam' in checker.check({ row: 2, cells: cells(1) }));
    const plain = new PlainRows();
    const found = checker.plainRow({ row: 3, cells: cells(2) });
    assert.ok(found);
    plain.add(3, found.template, new PersonBytes().take(found.person));
    const expected = theLongWay(checker.check({ row: 3, cells: cells(2) }));
    for (const name of ['draft', 'duplicate', 'holder', 'result'] as const)
      assert.equal(textAt(plain, name, 0), expected[name]);
  });
});

describeOnEachDatabase('a sheet with plain rows among others', function (kind) {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await startWorld({ kind });
  });
  after(async () => {
    await world.remove();
    await removeFiles();
  });

  const checkOf = async (columnsOfSheet: IssueCheck['header'], { view } = context): Promise<IssueCheck> => ({
    knex: world.database.knex,
    keystore: world.keystore,
    institution: INSTITUTION.code,
    roles: [],
    today: TODAY,
    header: columnsOfSheet,
    decisions: new CoverDecisions(INSTITUTION, view, {
      verificationMethod: KEY,
      created: '2026-11-21T09:00:00Z',
    }),
    facts: new FactIds(INSTITUTION.code),
    results: new DuplicateSet(),
    names: new DuplicateSet(),
    others: await OpenRows.read(world.database.knex, INSTITUTION.code),
  });

  /** Checks and stores a sheet in blocks of some rows. @returns how many of its rows were plain */
  const store = async (batch: string, text: string, way: 'pieces' | 'rows'): Promise<number> => {
    const sheet = await openIssueSheet(await fileOf(text), context);
    const check = await checkOf(sheet.header);
    const institution = { ...INSTITUTION, requiresApproval: false } as Parameters<typeof newBatch>[1]['institution'];
    let position: BlockPosition = { batch, institution: INSTITUTION.code, chunk: 1, problem: 1 };
    await world.database.write(async (transaction) => {
      await transaction('batches').insert(
        newBatch(batch, { institution, actor: 'c', operation: 'issue' }, context.now),
      );
    });
    const blocks = new PlainBlocks();
    let count = 0;
    const take = async (rows: readonly CheckedRow[]): Promise<void> => {
      const plain = blocks.next();
      count += plain.count;
      const notices = rows.flatMap((row) => ('exam' in row ? (row.notices ?? []) : []));
      notices.push(...plain.notices);
      const block = await checkIssueRows({ rows, plain }, check, Promise.resolve());
      await world.database.write(async (transaction) => {
        position = await storeBlock(transaction, position, {
          ...block,
          notices: notices.sort((a, b) => a.row - b.row),
          facts: check.facts.takeFresh(),
        });
      });
      blocks.giveBack(plain);
    };
    if (way === 'pieces') for await (const { rows } of sheet.pieces(() => 7, blocks)) await take(rows);
    else {
      const rows: CheckedRow[] = [];
      for await (const row of sheet.rows()) if (rows.push(row) === 7) await take(rows.splice(0));
      await take(rows);
    }
    return count;
  };

  const stored = async (batch: string): Promise<Record<string, unknown[]>> => {
    const { knex } = world.database;
    const of = (table: string, order: string): Promise<Record<string, unknown>[]> =>
      knex(table).where({ batch }).orderBy(order);
    const without = (rows: Record<string, unknown>[]): unknown[] =>
      rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'batch')));
    const [counts] = await knex<Record<string, unknown>>('batches').where({ id: batch });
    return {
      rows: without(await of('batch_rows', 'row')),
      problems: without(await of('batch_problems', 'sequence')),
      chunks: without(await of('batch_chunks', 'chunk')),
      facts: without(await of('batch_facts', 'id')),
      counts: [counts?.['rows'], counts?.['wrong'], counts?.['already']],
    };
  };

  it('is stored as it is where every row goes its own way: rows, facts, problems, remarks, chunks and counts', async () => {
    const picks = fc.sample(sheets, { numRuns: 30, seed: 7 });
    const lines = picks.flatMap(({ shared, rows }, i) =>
      rows.map(({ n, personal, other }, j) =>
        cellsOf(j % 3 === 0 ? n : 1000 + i * 20 + j, j % 2 === 0 ? shared : { ...shared, ...personal, ...other }).map(
          (cell) => (typeof cell === 'string' ? cell : cell.text),
        ),
      ),
    );
    // A file that holds NUL is no text.
    const text = csv([header, ...lines]).replaceAll('\u0000', '\u0002');
    const plain = await store('plain', text, 'pieces');
    assert.equal(await store('other', text, 'rows'), 0);
    assert.ok(plain > 60 && plain < lines.length - 60, `${plain} of ${lines.length}`);
    const expected = await stored('other');
    assert.deepEqual(await stored('plain'), expected);
    const states = (expected['rows'] as { state: string }[]).map(({ state }) => state);
    assert.deepEqual([...new Set(states)].sort(), ['ready', 'wrong']);
    assert.ok(JSON.stringify(expected['problems']).includes('DUPLICATE_IN_SHEET'));
    assert.ok(JSON.stringify(expected['problems']).includes('SAME_PERSON_AGAIN'));

    await world.database.write(async (transaction) => {
      await transaction('batches').where({ id: 'plain' }).update({ state: 'paused' });
    });
    await store('plain-again', text, 'pieces');
    await store('other-again', text, 'rows');
    const again = await stored('other-again');
    assert.deepEqual(await stored('plain-again'), again);
    assert.ok(JSON.stringify(again['problems']).includes('DUPLICATE_IN_BATCH'));
    assert.deepEqual([...new Set((again['rows'] as { state: string }[]).map(({ state }) => state))], ['wrong']);
  });

  it('knows the first of two rows with one result though their blocks are checked at the same time', async () => {
    const own = contextWith();
    const sheet = await openIssueSheet(await fileOf(csv([HEADER, goodRow(701), goodRow(702), goodRow(702)])), own);
    // The keys of each block are there sooner than those of the block before.
    let milliseconds = 300;
    const { keystore } = world;
    const check: IssueCheck = {
      ...(await checkOf(sheet.header, own)),
      keystore: {
        hmacAll: (...what) => keystore.hmacAll(...what),
        hmacPacked: async (...what) => {
          await pause((milliseconds -= 30));
          return keystore.hmacPacked(...what);
        },
      },
    };
    const blocks = new PlainBlocks();
    const finished: ReturnType<typeof checkIssueRows>[] = [];
    let begin: () => void = () => undefined;
    let before: Promise<unknown> = new Promise<void>((resolve) => (begin = resolve));
    for await (const { rows } of sheet.pieces(() => 1, blocks)) {
      const block = checkIssueRows({ rows, plain: blocks.next() }, check, before);
      finished.push(block);
      before = block;
    }
    begin();
    const [, first, second] = await Promise.all(finished);
    assert.deepEqual([first?.ready?.rows, first?.rows], [[3], []]);
    const [wrong] = (second?.rows ?? []) as { problems: { code: string; parameters: object }[] }[];
    assert.deepEqual(
      [second?.ready, wrong?.problems.map(({ code, parameters }) => [code, parameters])],
      [undefined, [['DUPLICATE_IN_SHEET', { row: '3' }]]],
    );
  });
});
