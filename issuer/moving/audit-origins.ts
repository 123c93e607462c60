import type { Migration } from '../../server/index.js';

/** Where an entry of the audit log stood before its institution came here: enough to check its hash there again. */
export interface AuditOrigin {
  /** Sequence in the log of this host. */
  sequence: number;
  /** Address of the host it was written at. */
  origin: string;
  origin_sequence: number;
  origin_previous_hash: string;
  origin_hash: string;
}

/** Table of {@link AuditOrigin}. */
export const movingMigrations: readonly Migration[] = [
  {
    name: 'issuer-040-audit-origins',
    async up(knex) {
      await knex.schema.createTable('audit_origins', (table) => {
        table.integer('sequence').notNullable();
        table.string('origin', 300).notNullable();
        table.integer('origin_sequence').notNullable();
        table.string('origin_previous_hash', 64).notNullable();
        table.string('origin_hash', 64).notNullable();
        table.primary(['sequence', 'origin_hash']);
      });
    },
  },
];
