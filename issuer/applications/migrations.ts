import type { Migration } from '../../server/index.js';

/** Schema of applications with exemptions. Document numbers stand in it as HMACs only, what was presented sealed, and only while needed. */
export const applicationMigrations: readonly Migration[] = [
  {
    name: 'issuer-018-applications',
    async up(knex) {
      await knex.schema.createTable('applications', (table) => {
        table.string('id', 24).primary();
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.string('state', 20).notNullable();
        table.text('wanted').notNullable();
        table.string('region', 6).notNullable();
        table.string('name', 60).notNullable();
        table.string('id_type', 40).notNullable();
        table.string('id_last_four', 4).notNullable();
        table.string('holder_key', 64).notNullable();
        table.text('answer').notNullable();
        table.text('remaining');
        table.string('batch', 40);
        table.string('certificate', 200);
        table.string('trouble', 60);
        table.text('reason');
        table.string('created_by', 64).notNullable();
        table.string('created_at', 30).notNullable();
        table.string('changed_at', 30).notNullable();
        table.index(['institution', 'created_at']);
        table.index(['institution', 'name']);
        table.index(['state']);
      });
      await knex.schema.createTable('application_evidence', (table) => {
        table.string('id', 24).primary();
        table.string('application', 24).notNullable().references('id').inTable('applications');
        table.string('sha256', 64).notNullable();
        table.string('carrier', 20).notNullable();
        table.text('sealed');
        table.text('shown').notNullable();
        table.text('judgement').notNullable();
        table.string('added_by', 64).notNullable();
        table.string('added_at', 30).notNullable();
        table.unique(['application', 'sha256']);
      });
    },
  },
];
