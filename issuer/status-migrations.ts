import type { Migration } from '../server/index.js';

/** Schema that keeps the cost of status lists in proportion to what changed. */
export const statusMigrations: readonly Migration[] = [
  {
    name: 'issuer-010-changed-certificates',
    async up(knex) {
      // Holds nothing of a certificate whose status never changed, so issuing pays nothing for it and signing a list anew reads
      // the changed entries of this list and no others.
      await knex.raw(
        `create index certificates_changed on certificates (institution, list, status, list_index) where status <> 'active'`,
      );
    },
  },
  {
    name: 'issuer-011-due-status-lists',
    async up(knex) {
      // What is due is found without reading the signed lists, which are long.
      await knex.schema.alterTable('status_publications', (table) => {
        table.index(['purpose', 'institution', 'list', 'changes', 'valid_from'], 'status_publications_due');
      });
    },
  },
];
