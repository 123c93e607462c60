import type { Migration } from '../../server/index.js';

/** Schema of assessment sessions. */
export const assessmentSessionMigrations: readonly Migration[] = [
  {
    name: 'issuer-019-assessment-sessions',
    async up(knex) {
      await knex.schema.createTable('assessment_sessions', (table) => {
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.string('id', 40).notNullable();
        table.string('lead', 13).notNullable().references('code').inTable('institutions');
        table.string('state', 16).notNullable();
        table.string('kind', 40).notNullable();
        table.string('occupation_code', 20).notNullable();
        table.string('catalogue_edition', 4).notNullable();
        table.string('occupation_name', 80).notNullable();
        table.string('trade', 80);
        table.string('level_framework', 30).notNullable();
        table.string('level_value', 30).notNullable();
        table.string('method', 20).notNullable();
        table.string('standard', 120).notNullable();
        table.string('standard_type', 20).notNullable();
        table.string('region', 6);
        table.string('filing', 40);
        table.text('pass_marks').notNullable();
        table.string('held_on', 10).notNullable();
        table.string('ends_on', 10);
        table.string('register_by', 10);
        table.string('place', 120).notNullable();
        table.integer('seats').notNullable();
        table.text('staff').notNullable();
        table.string('publication_from', 10);
        table.string('publication_until', 10);
        for (const count of ['candidates', 'passed', 'failed', 'absent', 'withheld'])
          table.integer(count).notNullable().defaultTo(0);
        table.string('batch', 40);
        table.string('handing_in_until', 30);
        table.string('planned_by', 64).notNullable();
        table.text('writers').notNullable();
        table.string('planned_at', 30).notNullable();
        table.string('confirmed_by', 64);
        table.string('confirmed_at', 30);
        table.string('sent_back', 500);
        table.string('handed_in_by', 64);
        table.string('handed_in_at', 30);
        table.string('void_reason', 500);
        table.string('archived_at', 30);
        table.integer('last_candidate').notNullable().defaultTo(0);
        table.integer('version').notNullable().defaultTo(1);
        table.primary(['institution', 'id']);
        table.index(['lead', 'id']);
        table.index(['institution', 'held_on']);
      });
      await knex.schema.createTable('assessment_candidates', (table) => {
        table.string('institution', 13).notNullable();
        table.string('session', 40).notNullable();
        table.integer('candidate').notNullable();
        table.string('name', 120).notNullable();
        table.string('id_type', 40).notNullable();
        table.string('last_four', 4).notNullable();
        table.string('holder_key', 64).notNullable();
        table.text('sealed_number');
        table.string('ticket', 40);
        table.string('seat', 40);
        table.text('employer');
        table.integer('shares').notNullable();
        table.string('attendance', 10);
        table.string('theory', 5);
        table.string('practical', 5);
        table.string('comprehensive', 5);
        table.string('verdict', 4);
        table.integer('version').notNullable();
        table.primary(['institution', 'session', 'candidate']);
        table.unique(['institution', 'session', 'holder_key']);
        table.foreign(['institution', 'session']).references(['institution', 'id']).inTable('assessment_sessions');
      });
      await knex.schema.createTable('assessment_numbers', (table) => {
        table.string('institution', 13).notNullable();
        table.string('session', 40).notNullable();
        table.integer('candidate').notNullable();
        table.string('number', 40).notNullable();
        table.primary(['institution', 'session', 'candidate']);
        table.foreign(['institution', 'session']).references(['institution', 'id']).inTable('assessment_sessions');
      });
      await knex.schema.createTable('assessment_partners', (table) => {
        table.string('lead', 13).notNullable();
        table.string('session', 40).notNullable();
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.string('state', 10).notNullable();
        table.string('invited_by', 64).notNullable();
        table.string('invited_at', 30).notNullable();
        table.string('answered_by', 64);
        table.string('answered_at', 30);
        table.string('note', 500);
        table.primary(['lead', 'session', 'institution']);
        table.index(['institution', 'state']);
        table.foreign(['lead', 'session']).references(['institution', 'id']).inTable('assessment_sessions');
      });
    },
  },
];
