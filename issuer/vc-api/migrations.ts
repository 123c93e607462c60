import type { Migration } from '../../server/index.js';

/** Schema of VC-API tenants: who they are, and where the status of what they issued stands. No credential is kept. */
export const vcApiMigrations: readonly Migration[] = [
  {
    name: 'issuer-vc-api-001-tenants',
    async up(knex) {
      await knex.schema.createTable('vc_api_tenants', (table) => {
        table.string('name', 40).primary();
        table.string('did', 300).notNullable().unique();
        table.string('cryptosuite', 30).notNullable();
        table.string('status_purposes', 60).notNullable();
        table.string('created_at', 30).notNullable();
      });
      await knex.schema.createTable('vc_api_status_lists', (table) => {
        table.string('tenant', 40).notNullable().references('name').inTable('vc_api_tenants');
        table.integer('list').notNullable();
        table.integer('used').notNullable();
        table.integer('changes').notNullable();
        table.primary(['tenant', 'list']);
      });
      await knex.schema.createTable('vc_api_statuses', (table) => {
        table.string('tenant', 40).notNullable().references('name').inTable('vc_api_tenants');
        table.integer('list').notNullable();
        table.integer('list_index').notNullable();
        table.string('credential_id', 400).notNullable();
        table.string('revoked_at', 30);
        table.string('suspended_at', 30);
        table.primary(['tenant', 'list', 'list_index']);
        table.index(['tenant', 'credential_id']);
      });
    },
  },
];
