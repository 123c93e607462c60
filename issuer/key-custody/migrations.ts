import type { Migration } from '../../server/index.js';

/** Schema of what two custodians do to keys together. Private keys are never in a database. */
export const keyCustodyMigrations: readonly Migration[] = [
  {
    name: 'issuer-022-key-ceremonies',
    async up(knex) {
      await knex.schema.createTable('key_ceremonies', (table) => {
        table.string('id', 40).primary();
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.string('kind', 12).notNullable();
        table.string('state', 12).notNullable();
        table.string('key_id', 300);
        table.string('compromised_since', 30);
        table.string('reason', 500).notNullable();
        table.string('proposed_by', 64).notNullable();
        table.string('proposed_at', 30).notNullable();
        table.string('expires_at', 30).notNullable();
        table.string('confirmed_by', 64);
        table.string('confirmed_at', 30);
        table.string('cancelled_by', 64);
        table.string('cancelled_at', 30);
        table.string('done_at', 30);
        table.text('record');
        table.string('record_sha256', 64);
        table.index(['institution', 'proposed_at']);
      });
    },
  },
];
