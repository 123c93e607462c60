import type { Migration } from '../server/index.js';
import { applicationMigrations } from './applications/migrations.js';
import { assessmentSessionMigrations } from './assessment-sessions/migrations.js';
import { batchMigrations } from './batch/migrations.js';
import { keyCustodyMigrations } from './key-custody/migrations.js';
import { leanStorageMigrations } from './lean-storage-migrations.js';
import { movingMigrations } from './moving/audit-origins.js';
import { openid4vciMigrations } from './openid4vci/migrations.js';
import { printingMigrations } from './printing/migrations.js';
import { statusMigrations } from './status-migrations.js';
import { supervisionMigrations } from './supervision/migrations.js';
import { vcApiMigrations } from './vc-api/migrations.js';

/** Schema of the issuer. */
export const issuerMigrations: readonly Migration[] = [
  {
    name: 'issuer-001-institutions',
    async up(knex) {
      await knex.schema.createTable('authorities', (table) => {
        table.string('did', 200).primary();
        table.text('root_pin');
        table.string('bundle_url', 300);
        table.text('state');
        table.integer('version').notNullable().defaultTo(0);
        table.string('imported_at', 30);
      });
      await knex.schema.createTable('institutions', (table) => {
        table.string('code', 13).primary();
        table.string('did', 200).notNullable().unique();
        table.string('name', 200).notNullable();
        table.string('authority', 200).notNullable().references('did').inTable('authorities');
        table.string('created_at', 30).notNullable();
      });
    },
  },
  {
    name: 'issuer-002-certificates',
    async up(knex) {
      await knex.schema.createTable('serials', (table) => {
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.string('year', 2).notNullable();
        table.string('level', 60).notNullable();
        table.integer('last').notNullable();
        table.primary(['institution', 'year', 'level']);
      });
      await knex.schema.createTable('status_lists', (table) => {
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.integer('list').notNullable();
        table.integer('entries').notNullable();
        table.integer('used').notNullable();
        table.integer('revocation_changes').notNullable();
        table.integer('suspension_changes').notNullable();
        table.primary(['institution', 'list']);
      });
      await knex.schema.createTable('certificates', (table) => {
        table.string('id', 200).primary();
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.string('number', 40).notNullable();
        table.integer('revision').notNullable();
        table.string('kind', 40).notNullable();
        table.integer('list').notNullable();
        table.integer('list_index').notNullable();
        table.text('unsigned').notNullable();
        table.string('proof_created', 30).notNullable();
        table.string('key_id', 300).notNullable();
        table.string('state', 10).notNullable();
        table.text('credential');
        table.string('status', 10).notNullable();
        table.string('status_reason', 40);
        table.string('status_at', 30);
        table.string('duplicate_key', 64);
        table.string('supersedes', 200);
        table.string('idempotency_key', 200).notNullable();
        table.string('actor', 64).notNullable();
        table.string('reserved_at', 30).notNullable();
        table.string('issued_at', 30);
        table.unique(['institution', 'number', 'revision']);
        table.unique(['institution', 'list', 'list_index']);
        table.unique(['institution', 'idempotency_key']);
        table.index(['institution', 'duplicate_key']);
        table.index(['state']);
      });
      await knex.schema.createTable('status_publications', (table) => {
        table.string('institution', 13).notNullable();
        table.integer('list').notNullable();
        table.string('purpose', 12).notNullable();
        table.integer('changes').notNullable();
        table.text('credential').notNullable();
        table.string('valid_from', 30).notNullable();
        table.string('valid_until', 30).notNullable();
        table.primary(['institution', 'list', 'purpose']);
      });
    },
  },
  {
    name: 'issuer-003-certificate-holder',
    async up(knex) {
      await knex.schema.alterTable('certificates', (table) => {
        table.string('holder_key', 64);
      });
    },
  },
  {
    name: 'issuer-004-certificate-result',
    async up(knex) {
      await knex.schema.alterTable('certificates', (table) => {
        table.string('result_key', 64);
        table.index(['institution', 'result_key']);
      });
    },
  },
  ...batchMigrations,
  ...statusMigrations,
  ...vcApiMigrations,
  ...openid4vciMigrations,
  ...assessmentSessionMigrations,
  ...applicationMigrations,
  ...keyCustodyMigrations,
  ...supervisionMigrations,
  ...printingMigrations,
  ...movingMigrations,
  ...leanStorageMigrations,
];
