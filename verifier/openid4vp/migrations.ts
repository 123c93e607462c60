import type { Migration } from '../../server/index.js';

/** Schema of a verifier with a database. */
export const verifierMigrations: readonly Migration[] = [
  {
    name: 'verifier-001-presentation-sessions',
    async up(knex) {
      await knex.schema.createTable('presentation_sessions', (table) => {
        table.string('id', 32).primary();
        table.string('phase', 10).notNullable();
        table.string('expires_at', 30).notNullable();
        table.string('erase_at', 30).notNullable().index();
        table.text('session').notNullable();
        /** Sealed: it holds what a certificate says. */
        table.text('outcome');
      });
    },
  },
];
