import type { Knex } from 'knex';
import type { Migration } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { recordOfRow, type CertificateRow } from '../certificate-row.js';
import { cellOf, idsOfCells } from './certificate-cells.js';
import { COUNTS, keepCounts } from './keep-counts.js';

/** Certificates read at once while those of before are placed. */
const PAGE = 500;

/** Schema of supervision. */
export const supervisionMigrations: readonly Migration[] = [
  {
    name: 'issuer-020-certificate-cells',
    async up(knex) {
      await knex.schema.createTable('certificate_cells', (table) => {
        table.increments('id');
        table.string('key', 64).notNullable().unique();
        table.string('series', 32).notNullable();
        table.string('institution', 13).notNullable();
        table.string('kind', 40).notNullable();
        table.string('occupation', 60).notNullable();
        table.string('edition', 10).notNullable();
        table.string('occupation_name', 60).notNullable();
        table.string('framework', 30).notNullable();
        table.string('level', 30).notNullable();
        table.string('month', 7).notNullable();
        table.string('issued_on', 10).notNullable();
        table.string('assessment', 60).notNullable();
        table.integer('outside_region').notNullable();
        table.string('accreditation', 200).notNullable();
        for (const count of COUNTS) table.integer(count).notNullable().defaultTo(0);
        table.index(['institution', 'month']);
        table.index(['series', 'month']);
        table.index(['month']);
      });
      await knex.schema.alterTable('certificates', (table) => {
        table.integer('cell');
      });
      await placeAll(knex);
      await knex.raw(`create index certificates_of_cell on certificates (cell) where state = 'issued'`);
      await knex.raw(
        `create index certificates_not_counted on certificates (institution) where cell is null and state = 'issued'`,
      );
      await keepCounts(knex);
    },
  },
  {
    name: 'issuer-021-supervision-rules',
    async up(knex) {
      await knex.schema.createTable('supervision_settings', (table) => {
        table.integer('id').primary();
        table.text('settings').notNullable();
        table.string('set_by', 64).notNullable();
        table.string('set_at', 30).notNullable();
      });
    },
  },
];

async function placeAll(knex: Knex): Promise<void> {
  for (let last = ''; ;) {
    const rows = await knex<CertificateRow>('certificates')
      .where('id', '>', last)
      .orderBy('id')
      .limit(PAGE)
      .select('id', 'institution', 'unsigned', 'credential');
    const placed = rows.flatMap((row) => {
      const cell = readCell(row);
      return cell === undefined ? [] : [{ id: row.id, cell }];
    });
    const ids = await idsOfCells(
      knex as Knex.Transaction,
      placed.map(({ cell }) => cell),
    );
    const members = new Map<number, string[]>();
    for (const { id, cell } of placed) {
      const at = ids.get(cell.key);
      if (at !== undefined) members.set(at, [...(members.get(at) ?? []), id]);
    }
    for (const [cell, own] of members) await knex('certificates').whereIn('id', own).update({ cell });
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.id ?? '';
  }
}

/** Undefined for what cannot be read: it is then reported as not counted. */
function readCell(
  row: Pick<CertificateRow, 'institution' | 'unsigned' | 'credential'>,
): ReturnType<typeof cellOf> | undefined {
  try {
    // No text is kept apart before `issuer-047-credential-skeletons`.
    const record = recordOfRow({ ...row, own_texts: null, skeleton_text: null });
    return cellOf(row.institution, record, record.accreditation.id);
  } catch (error) {
    if (error instanceof YizhengError) return undefined;
    throw error;
  }
}
