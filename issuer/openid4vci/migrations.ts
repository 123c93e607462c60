import type { Migration } from '../../server/index.js';

/** Schema of handing certificates to wallets. Secrets stand in it as hashes only. */
export const openid4vciMigrations: readonly Migration[] = [
  {
    name: 'issuer-openid4vci-001-offers',
    async up(knex) {
      await knex.schema.createTable('credential_offers', (table) => {
        table.string('id', 32).primary();
        table.string('institution', 13).notNullable().references('code').inTable('institutions');
        table.string('handle_hash', 64).notNullable().unique();
        table.string('code_hash', 64).notNullable().unique();
        table.string('tx_code_hash', 64);
        table.integer('tx_code_length');
        table.integer('wrong_codes').notNullable().defaultTo(0);
        table.string('certificate', 220);
        table.string('certificate_key', 200);
        table.string('kind', 40).notNullable();
        table.string('formats', 100).notNullable();
        table.text('sealed');
        table.string('state', 10).notNullable();
        table.string('actor', 64).notNullable();
        table.string('created_at', 30).notNullable();
        table.string('expires_at', 30).notNullable();
        table.string('used_at', 30);
        table.index(['institution', 'certificate']);
        table.index(['institution', 'certificate_key']);
        table.index(['expires_at']);
      });
      await knex.schema.createTable('access_tokens', (table) => {
        table.string('token_hash', 64).primary();
        table.string('institution', 13).notNullable();
        table.string('offer', 32).notNullable().references('id').inTable('credential_offers');
        table.string('formats', 100).notNullable();
        table.integer('by_identifier').notNullable();
        table.string('dpop_thumbprint', 43);
        table.text('sealed');
        table.integer('forms').notNullable().defaultTo(0);
        table.string('expires_at', 30).notNullable();
        table.index(['expires_at']);
      });
      await knex.schema.createTable('deferred_credentials', (table) => {
        table.string('transaction_hash', 64).primary();
        table.string('token_hash', 64).notNullable();
        table.string('format', 20).notNullable();
        table.text('holders').notNullable();
        table.string('created_at', 30).notNullable();
        table.index(['token_hash']);
        table.index(['created_at']);
      });
      await knex.schema.createTable('certificate_forms', (table) => {
        table.string('id', 32).primary();
        table.string('certificate', 220).notNullable().references('id').inTable('certificates');
        table.string('format', 20).notNullable();
        table.string('holder_thumbprint', 43).notNullable();
        table.string('key_id', 300).notNullable();
        table.string('sha256', 64).notNullable();
        table.string('offer', 32).notNullable();
        table.string('created_at', 30).notNullable();
        table.string('notification_hash', 64).notNullable();
        table.string('event', 24);
        table.string('event_at', 30);
        table.index(['certificate', 'created_at']);
        table.index(['notification_hash']);
      });
      await knex.schema.createTable('dpop_proofs', (table) => {
        table.string('proof_hash', 64).primary();
        table.string('expires_at', 30).notNullable();
        table.index(['expires_at']);
      });
      await knex.schema.createTable('token_status_publications', (table) => {
        table.string('institution', 13).notNullable();
        table.integer('list').notNullable();
        table.integer('changes').notNullable();
        table.text('token').notNullable();
        table.string('signed_at', 30).notNullable();
        table.primary(['institution', 'list']);
      });
    },
  },
  {
    name: 'issuer-openid4vci-002-withheld-codes',
    async up(knex) {
      await knex.schema.alterTable('credential_offers', (table) => {
        table.integer('code_withheld').notNullable().defaultTo(0);
        table.string('code_told_by', 64);
        table.string('code_told_at', 30);
      });
    },
  },
];
