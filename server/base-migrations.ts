import { accountMigrations } from './accounts/migrations.js';
import { credentialMakerMigrations } from './credential-makers.js';
import type { Migration } from './database.js';
import { tenantMoveMigrations } from './tenant-moves.js';

/** Schema every service with a database shares. */
export const baseMigrations: readonly Migration[] = [
  {
    name: 'base-001-api-keys',
    async up(knex) {
      await knex.schema.createTable('api_keys', (table) => {
        table.string('id', 32).primary();
        table.string('secret_sha256', 64).notNullable();
        table.string('tenant', 64).notNullable();
        table.string('roles', 200).notNullable();
        table.string('label', 100).notNullable();
        table.string('created_at', 30).notNullable();
        table.string('expires_at', 30).notNullable();
        table.string('revoked_at', 30);
      });
    },
  },
  {
    name: 'base-002-audit',
    async up(knex) {
      await knex.schema.createTable('audit_log', (table) => {
        table.integer('sequence').primary();
        table.string('at', 30).notNullable();
        table.string('tenant', 64).notNullable();
        table.string('actor', 64).notNullable();
        table.string('action', 60).notNullable();
        table.string('subject', 200).notNullable();
        table.text('detail').notNullable();
        table.string('previous_hash', 64).notNullable();
        table.string('hash', 64).notNullable();
        table.index(['tenant', 'subject']);
      });
      await knex.schema.createTable('audit_head', (table) => {
        table.integer('id').primary();
        table.integer('sequence').notNullable();
        table.string('at', 30).notNullable();
        table.string('hash', 64).notNullable();
      });
      await knex('audit_head').insert({ id: 1, sequence: 0, at: '1970-01-01T00:00:00.000Z', hash: '0'.repeat(64) });
    },
  },
  {
    name: 'base-003-idempotency-keys',
    async up(knex) {
      await knex.schema.createTable('idempotency_keys', (table) => {
        table.string('tenant', 64).notNullable();
        table.string('key', 200).notNullable();
        table.string('operation', 100).notNullable();
        table.string('fingerprint', 100).notNullable();
        table.string('subject', 200);
        table.integer('status');
        table.text('answer');
        table.string('created_at', 30).notNullable();
        table.primary(['tenant', 'key']);
      });
    },
  },
  ...accountMigrations,
  ...credentialMakerMigrations,
  ...tenantMoveMigrations,
];
