import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import {
  insertColumns,
  insertRows,
  isUniqueViolation,
  type PackedColumn,
  type PackedKeys,
  type PackedTexts,
  type SqlColumn,
  type SqlValue,
} from '../../server/index.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { temporaryDatabase } from './helpers.js';

const people = {
  name: 'test-001-people',
  up: async (knex: import('knex').Knex) => {
    await knex.schema.createTable('people', (table) => {
      table.integer('id').primary();
      table.text('name');
      table.text('town');
      table.integer('size');
    });
  },
};

describeOnEachDatabase('insertRows', (kind) => {
  let open: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeEach(async () => {
    open = await temporaryDatabase([people], kind);
  });
  afterEach(() => open.remove());

  it('stores every value byte for byte: quotes, backslashes, line ends, question marks, astral characters, NULL', async () => {
    const names = ['张伟', "O'Neil", 'a"b', '\\N', '\\', 'a\tb\nc\rd', '?', '$1', '', '𠮷😀', '\\.', null, undefined];
    const rows = names.map((name, id) => ({ id, name, town: '成都' }));
    await open.database.write((transaction) => insertRows(transaction, 'people', rows));
    assert.deepEqual(
      await open.database.knex('people').select('id', 'name', 'town').orderBy('id'),
      rows.map((row) => ({ ...row, name: row.name ?? null })),
    );
  });

  it('stores more rows than one statement takes, and none at all', async () => {
    const rows = Array.from({ length: 25_000 }, (_, id) => ({ id, name: `n${id % 7}`, town: null }));
    await open.database.write(async (transaction) => {
      await insertRows(transaction, 'people', []);
      await insertRows(transaction, 'people', rows);
    });
    assert.deepEqual(await open.database.knex('people').count({ n: '*' }).max({ last: 'id' }).first(), {
      n: 25_000,
      last: 24_999,
    });
  });

  it('stores rows that differ in nothing', async () => {
    await open.database.write(async (transaction) => {
      await transaction.schema.createTable('same', (table) => void table.integer('a'));
      await insertRows(transaction, 'same', [{ a: 1 }, { a: 1 }, { a: 1 }]);
    });
    assert.deepEqual(await open.database.knex('same').select(), [{ a: 1 }, { a: 1 }, { a: 1 }]);
  });

  it('stores nothing when one row is there already, and says so', async () => {
    const rows = Array.from({ length: 1500 }, (_, id) => ({ id: id === 1400 ? 3 : id, name: null, town: null }));
    await assert.rejects(
      open.database.write((transaction) => insertRows(transaction, 'people', rows)),
      isUniqueViolation,
    );
    assert.deepEqual(await open.database.knex('people').select(), []);
    await open.database.write((transaction) => insertRows(transaction, 'people', rows.slice(0, 3)));
  });

  it('refuses rows with different columns', async () => {
    const rows = [
      { id: 1, name: 'a' },
      { id: 2, town: 'b' },
    ];
    await assert.rejects(
      open.database.write((transaction) => insertRows(transaction, 'people', rows)),
      TypeError,
    );
  });

  it('stores by column what it stores by row, whatever mixture of texts, bytes, numbers and nothing', async () => {
    const random = randoms(20261122);
    for (let round = 0; round < 12; round++) {
      const count = [1, 2, 499, 500, 501, 1203][round % 6] ?? 1;
      const column = (): SqlColumn => {
        const pools = [LONG, SHORT, KEYS, [null, undefined], [...SHORT, null], [...KEYS, ...LONG, undefined]];
        const pool = pools[random(pools.length)] ?? [];
        if (random(4) === 0) return pool[random(pool.length)];
        return Array.from({ length: count }, () => pool[random(pool.length)]);
      };
      const id = Array.from({ length: count }, (_, i) => i * 1000 - random(900));
      const size = random(3) === 0 ? -12 : id.map((n) => (n % 3 === 0 ? null : -n));
      const columns = { name: column(), id, size, town: column() };
      await open.database.write(async (transaction) => {
        await transaction('people').delete();
        await insertColumns(transaction, 'people', count, columns);
      });
      const at = (column: SqlColumn, i: number) =>
        plain(Array.isArray(column) ? (column[i] as SqlValue) : (column as SqlValue));
      assert.deepEqual(
        await open.database.knex('people').select('id', 'name', 'town', 'size').orderBy('id'),
        id.map((n, i) => ({ id: n, name: at(columns.name, i), town: at(columns.town, i), size: at(size, i) })),
      );
    }
  });

  it('stores texts in pieces, of any length or all of one, as it stores them one by one', async () => {
    const random = randoms(7);
    const texts = (keys: boolean, length: number) =>
      Array.from({ length }, () => plain((keys ? KEYS : [...SHORT, ...LONG])[random(keys ? 5 : 12)]) as string);
    for (const count of [1, 128, 129, 500, 501, 1203, 40]) {
      const column = (kinds: number): { texts: string[]; column: PackedColumn } => {
        const all: string[] = [];
        const packed: (PackedTexts | PackedKeys)[] = [];
        while (all.length < count || random(3) === 0) {
          const areKeys = random(kinds) === 0;
          const own = texts(areKeys, Math.min(count - all.length, random(300)));
          packed.push(packedTexts(own, areKeys ? 16 : undefined));
          all.push(...own);
        }
        return { texts: all, column: { packed } };
      };
      const [name, town] = [column(1), column(2)];
      const id = Array.from({ length: count }, (_, i) => i);
      await open.database.write(async (transaction) => {
        await transaction('people').delete();
        await insertColumns(transaction, 'people', count, { id, name: name.column, town: town.column });
      });
      assert.deepEqual(
        await open.database.knex('people').select('id', 'name', 'town').orderBy('id'),
        id.map((n) => ({ id: n, name: name.texts[n], town: town.texts[n] })),
      );
    }
  });

  it('stores in two databases at once what belongs to each, whatever the length of the rows', async () => {
    const other = await temporaryDatabase([people], kind);
    try {
      const databases = [open.database, other.database];
      const texts = (database: number) =>
        Array.from({ length: 1500 }, (_, i) => `${database} `.repeat(i % 7 === 0 ? 20_000 : i % 90));
      await Promise.all(
        databases.map((database, n) =>
          database.write((transaction) =>
            insertColumns(transaction, 'people', 1500, { id: texts(n).map((_, i) => i), name: texts(n) }),
          ),
        ),
      );
      for (const [n, { knex }] of databases.entries()) {
        const found = await knex('people').orderBy('id').select<{ name: string }[]>('name');
        assert.ok(
          isDeepStrictEqual(
            found.map(({ name }) => name),
            texts(n),
          ),
        );
      }
    } finally {
      await other.remove();
    }
  });

  it('refuses pieces that hold another number of texts than there are rows, or fewer bytes than they say', async () => {
    const refused = (name: PackedColumn) =>
      assert.rejects(
        open.database.write((transaction) => insertColumns(transaction, 'people', 2, { id: [1, 2], name })),
        TypeError,
      );
    await refused({ packed: [packedTexts(['a', 'b', 'c'])] });
    await refused({ packed: [packedTexts(['a'])] });
    await refused({ packed: [{ bytes: Buffer.from('abc'), width: 2 }] });
    await refused({ packed: [{ bytes: Buffer.from('abc'), ends: [1, 4] }] });
    assert.deepEqual(await open.database.knex('people').select(), []);
  });

  it('refuses a column of another length, and what is neither text nor whole number', async () => {
    const refused = (columns: Record<string, SqlColumn>) =>
      assert.rejects(
        open.database.write((transaction) => insertColumns(transaction, 'people', 2, columns)),
        TypeError,
      );
    await refused({ id: [1, 2, 3] });
    await refused({ id: [1, 0.5] });
    await refused({ id: [1, 2], size: 2 ** 53 });
    await refused({ id: [1, 2], name: [true as unknown as string, 'x'] });
    await refused({ id: [1, 2], name: new Date(0) as unknown as string });
    assert.deepEqual(await open.database.knex('people').select(), []);
  });

  it('goes on after rows that were refused when many were on their way, in whatever place, and mixes no two statements up', async () => {
    const rows = 1000;
    const texts = (mark: string) => Array.from({ length: rows }, (_, i) => `${mark}${i}`.padEnd(2000, '汉'));
    const ids = Array.from({ length: rows }, (_, i) => i);
    const insert = (columns: Record<string, SqlColumn>) =>
      open.database.write((transaction) => insertColumns(transaction, 'people', rows, columns));
    for (const place of [0, 300, rows - 1]) {
      const wrong = ids.map((id) => (id === place ? 0.5 : id));
      await assert.rejects(insert({ id: wrong, name: texts('a') }), TypeError);
      const twice = ids.map((id) => (id === place ? (id + 1) % rows : id));
      await assert.rejects(insert({ id: twice, name: texts('b') }), isUniqueViolation);
      await insert({ id: ids.map((id) => id + 10_000 * (place + 1)), name: texts(`c${place} `) });
    }
    const stored = await open.database.knex<{ id: number; name: string }>('people').orderBy('id').select('id', 'name');
    assert.deepEqual(
      stored,
      [0, 300, rows - 1].flatMap((place) =>
        texts(`c${place} `).map((name, id) => ({ id: id + 10_000 * (place + 1), name })),
      ),
    );
  });
});

const KEYS = ['0123456789abcdef', 'fedcba9876543210', '????????????????', '\\'.repeat(16), "'".repeat(16)];
const SHORT = [
  ...['', '张', '欧阳', '𠮷😀', 'a\tb\nc\rd', '\\.', '\\N', '?1', '$1', 'NULL', "o'", '"', '\ud800', '12'],
  Buffer.from('阿卜杜热合曼·买买提'),
];
const LONG = [
  ...['x'.repeat(3000), '成都'.repeat(900), `{"a":"${'\\"'.repeat(400)}"}`],
  new TextEncoder().encode('\\\t'.repeat(500)),
];

/** Texts one after the other, somewhere within more memory. */
function packedTexts(texts: readonly string[], width?: number): PackedTexts | PackedKeys {
  const all = Buffer.from(`xyz${texts.join('')}`);
  const bytes = all.subarray(3);
  if (width !== undefined) return { bytes, width };
  let end = 0;
  return { bytes, ends: Uint32Array.from(texts, (text) => (end += Buffer.byteLength(text))) };
}

/** As the databases give it back: half a surrogate pair is no text. */
function plain(value: SqlValue): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return typeof value === 'string' ? Buffer.from(value).toString() : (value ?? null);
}

/** Numbers below a limit that are the same in every run. */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
