import type { Migration } from '../server/index.js';

/** Tables of applications for accreditation, and of what cross-reviews led to. */
export const applicationMigrations: readonly Migration[] = [
  {
    name: 'registry-006-applications',
    async up(knex) {
      await knex.schema.createTable('registry_applications', (table) => {
        table.string('slug', 40).notNullable().references('slug').inTable('registry_authorities');
        table.string('id', 40).notNullable();
        table.string('institution', 200).notNullable();
        table.text('content').notNullable();
        table.string('state', 20).notNullable();
        table.integer('revision').notNullable();
        table.string('handed_in_by', 64).notNullable();
        table.string('handed_in_at', 30).notNullable();
        table.string('decided_by', 64);
        table.string('decided_at', 30);
        table.text('reason');
        table.string('proposal', 40);
        table.string('accreditation', 200);
        table.primary(['slug', 'id']);
        table.index(['slug', 'institution']);
        table.index(['slug', 'proposal']);
      });
    },
  },
  {
    name: 'registry-007-review-measures',
    async up(knex) {
      await knex.schema.createTable('registry_review_measures', (table) => {
        table.string('slug', 40).notNullable().references('slug').inTable('registry_authorities');
        table.string('review', 200).notNullable();
        table.integer('n').notNullable();
        table.string('proposal', 40);
        table.string('event', 200);
        table.string('proposed_at', 30).notNullable();
        table.primary(['slug', 'review', 'n']);
      });
    },
  },
];
