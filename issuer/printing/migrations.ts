import type { Migration } from '../../server/index.js';

/** Schema of what institutions choose about their paper, and of print runs. */
export const printingMigrations: readonly Migration[] = [
  {
    name: 'issuer-030-printing',
    async up(knex) {
      await knex.schema.createTable('print_layouts', (table) => {
        table.string('institution', 13).primary().references('code').inTable('institutions');
        table.text('layout').notNullable();
        /** Base64 of a PNG. */
        table.text('seal');
      });
      await knex.schema.createTable('print_runs', (table) => {
        table.string('id', 24).primary();
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.integer('per_sheet').notNullable();
        /** Of the first sheet; null where sheets have no serial. */
        table.integer('first_serial');
        table.string('serial_prefix', 8).notNullable();
        /** JSON: ids of the certificates, in the order they are printed. */
        table.text('certificates').notNullable();
        table.integer('count').notNullable();
        table.string('made_by', 100).notNullable();
        table.string('made_at', 30).notNullable();
        table.index(['institution', 'made_at']);
      });
      await knex.schema.createTable('print_serials', (table) => {
        table.string('institution', 13).primary().references('code').inTable('institutions');
        table.integer('next').notNullable();
      });
    },
  },
];
