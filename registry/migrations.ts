import type { Migration } from '../server/index.js';
import { applicationMigrations } from './application-migrations.js';

/** Schema of the registry. Statements are appended; only signing keys of an accreditation are added to. */
export const registryMigrations: readonly Migration[] = [
  {
    name: 'registry-001-authorities',
    async up(knex) {
      await knex.schema.createTable('registry_authorities', (table) => {
        table.string('slug', 40).primary();
        table.string('did', 200).notNullable().unique();
        table.string('name', 200).notNullable();
        table.integer('sequence').notNullable().defaultTo(0);
        table.text('freshness');
        table.text('bundle');
        table.string('created_at', 30).notNullable();
      });
      await knex.schema.createTable('registry_roots', (table) => {
        table.string('slug', 40).notNullable().references('slug').inTable('registry_authorities');
        table.integer('version').notNullable();
        table.string('digest', 60).notNullable();
        table.text('root').notNullable();
        table.text('envelope').notNullable();
        table.primary(['slug', 'version']);
      });
    },
  },
  {
    name: 'registry-002-statements',
    async up(knex) {
      await knex.schema.createTable('registry_statements', (table) => {
        table.string('slug', 40).notNullable().references('slug').inTable('registry_authorities');
        table.string('id', 200).notNullable();
        table.string('kind', 20).notNullable();
        table.string('subject', 200).notNullable();
        table.text('statement').notNullable();
        table.text('signed').notNullable();
        table.string('key_id', 300).notNullable();
        table.string('created_at', 30).notNullable();
        table.primary(['slug', 'id']);
        table.index(['slug', 'kind', 'subject']);
      });
    },
  },
  {
    name: 'registry-003-publications',
    async up(knex) {
      await knex.schema.createTable('registry_parts', (table) => {
        table.string('sha256', 64).primary();
        table.text('text').notNullable();
      });
      await knex.schema.createTable('registry_manifests', (table) => {
        table.string('slug', 40).notNullable().references('slug').inTable('registry_authorities');
        table.integer('sequence').notNullable();
        table.string('sha256', 64).notNullable();
        table.text('manifest').notNullable();
        table.text('envelope').notNullable();
        table.primary(['slug', 'sequence']);
      });
      await knex.schema.createTable('registry_status_lists', (table) => {
        table.string('slug', 40).notNullable().references('slug').inTable('registry_authorities');
        table.string('url', 300).notNullable();
        table.text('credential').notNullable();
        table.string('collected_at', 30).notNullable();
        table.primary(['slug', 'url']);
      });
      await knex.schema.createTable('registry_partner_feeds', (table) => {
        table.string('slug', 40).notNullable().references('slug').inTable('registry_authorities');
        table.string('authority', 200).notNullable();
        table.text('files').notNullable();
        table.text('held').notNullable();
        table.string('fetched_at', 30).notNullable();
        table.primary(['slug', 'authority']);
      });
    },
  },
  {
    name: 'registry-004-deltas',
    async up(knex) {
      await knex.schema.createTable('registry_deltas', (table) => {
        table.string('slug', 40).notNullable().references('slug').inTable('registry_authorities');
        table.string('part', 40).notNullable();
        table.string('from_sha256', 64).notNullable();
        table.string('to_sha256', 64).notNullable();
        table.integer('sequence').notNullable();
        table.text('text').notNullable();
        table.primary(['slug', 'part', 'from_sha256', 'to_sha256']);
      });
    },
  },
  {
    name: 'registry-005-dual-control',
    async up(knex) {
      await knex.schema.alterTable('registry_authorities', (table) => {
        table.string('dual_control', 60).notNullable().defaultTo('');
      });
      await knex.schema.createTable('registry_proposals', (table) => {
        table.string('slug', 40).notNullable().references('slug').inTable('registry_authorities');
        table.string('id', 40).notNullable();
        table.string('operation', 30).notNullable();
        table.text('change').notNullable();
        table.string('basis', 64).notNullable();
        table.string('proposed_by', 64).notNullable();
        table.string('proposer_label', 100).notNullable();
        table.string('proposed_at', 30).notNullable();
        table.string('state', 20).notNullable();
        table.string('decided_by', 64);
        table.string('decided_at', 30);
        table.text('reason');
        table.text('result');
        table.primary(['slug', 'id']);
        table.index(['slug', 'state', 'proposed_at']);
      });
    },
  },
  ...applicationMigrations,
];
