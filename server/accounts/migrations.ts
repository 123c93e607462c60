import type { Migration } from '../database.js';

/** Tables of the people who sign in. Nothing here says more of a person than the name they go by at work. */
export const accountMigrations: readonly Migration[] = [
  {
    name: 'base-004-accounts',
    async up(knex) {
      await knex.schema.createTable('accounts', (table) => {
        table.string('id', 32).primary();
        table.string('login', 100).notNullable().unique();
        table.string('name', 100).notNullable();
        table.string('created_at', 30).notNullable();
        table.string('disabled_at', 30);
        table.string('password', 200);
        table.string('totp_sealed', 200);
        table.string('totp_confirmed_at', 30);
        table.integer('totp_last_step');
      });
      await knex.schema.createTable('account_memberships', (table) => {
        table.string('account', 32).notNullable().references('accounts.id');
        table.string('tenant', 64).notNullable();
        table.string('roles', 200).notNullable();
        table.primary(['account', 'tenant']);
        table.index(['tenant']);
      });
      await knex.schema.createTable('account_passkeys', (table) => {
        table.string('id', 1400).primary();
        table.string('account', 32).notNullable().references('accounts.id');
        table.string('label', 100).notNullable();
        table.text('public_key').notNullable();
        table.bigInteger('counter').notNullable();
        table.string('transports', 100).notNullable();
        table.string('created_at', 30).notNullable();
        table.string('used_at', 30);
        table.index(['account']);
      });
      await knex.schema.createTable('account_identities', (table) => {
        table.string('issuer', 300).notNullable();
        table.string('subject', 255).notNullable();
        table.string('account', 32).notNullable().references('accounts.id');
        table.string('created_at', 30).notNullable();
        table.primary(['issuer', 'subject']);
        table.index(['account']);
      });
      await knex.schema.createTable('account_recovery_codes', (table) => {
        table.string('sha256', 64).primary();
        table.string('account', 32).notNullable().references('accounts.id');
        table.index(['account']);
      });
      await knex.schema.createTable('account_sessions', (table) => {
        table.string('token_sha256', 64).primary();
        table.string('account', 32).notNullable().references('accounts.id');
        table.string('method', 20).notNullable();
        table.string('created_at', 30).notNullable();
        table.string('seen_at', 30).notNullable();
        table.string('expires_at', 30).notNullable();
        table.index(['account']);
        table.index(['expires_at']);
      });
      await knex.schema.createTable('account_invitations', (table) => {
        table.string('token_sha256', 64).primary();
        table.string('account', 32).references('accounts.id');
        table.string('tenant', 64).notNullable();
        table.string('roles', 200).notNullable();
        table.string('name', 100).notNullable();
        table.string('invited_by', 64).notNullable();
        table.string('expires_at', 30).notNullable();
        table.string('used_at', 30);
        table.index(['tenant']);
      });
      await knex.schema.createTable('account_challenges', (table) => {
        table.string('id_sha256', 64).primary();
        table.string('purpose', 30).notNullable();
        table.string('account', 32);
        table.text('value').notNullable();
        table.string('expires_at', 30).notNullable();
        table.index(['expires_at']);
      });
      await knex.schema.createTable('account_failures', (table) => {
        table.string('subject_sha256', 64).primary();
        table.integer('failures').notNullable();
        table.string('last_at', 30).notNullable();
        table.string('locked_until', 30);
      });
    },
  },
  {
    name: 'base-006-identities',
    async up(knex) {
      await knex.schema.alterTable('account_identities', (table) => {
        table.string('used_at', 30);
        table.string('factor_seen_at', 30);
        table.unique(['account', 'issuer']);
      });
    },
  },
];
