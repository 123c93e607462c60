import type { Knex } from 'knex';
import { HOST_TENANT } from '../../server/index.js';

/** A table whose rows go along with their institution. */
export interface MovedTable {
  name: string;
  /** Columns that name one row, in whose order rows are read. */
  key: readonly string[];
  /** Column that holds the institution's code, or the id of a row of `parent`, whose own row does. */
  column: string;
  parent?: string;
  /** Rows of an institution, where the column alone does not say. */
  rows?: (knex: Knex, code: string) => Knex.QueryBuilder;
}

const hostAccounts = (knex: Knex): Knex.QueryBuilder =>
  knex('account_memberships').where({ tenant: HOST_TENANT }).select('account');

const accountsOf = (knex: Knex, code: string): Knex.QueryBuilder =>
  knex('accounts')
    .where((either) => {
      void either
        .whereIn('id', knex('account_memberships').where({ tenant: code }).select('account'))
        .orWhereIn('id', knex('audit_log').where({ tenant: code }).distinct('actor'));
    })
    .whereNotIn('id', hostAccounts(knex));

/**
 * What goes along, parents before what refers to them. People come without passwords and devices: their ids keep four eyes and the history
 * true, and the new host lets them in by an invitation each. People of the host itself stay.
 */
export const MOVED_TABLES: readonly MovedTable[] = [
  {
    name: 'authorities',
    key: ['did'],
    column: 'did',
    rows: (knex, code) => knex('authorities').whereIn('did', knex('institutions').where({ code }).select('authority')),
  },
  { name: 'institutions', key: ['code'], column: 'code' },
  { name: 'serials', key: ['year', 'level'], column: 'institution' },
  { name: 'status_lists', key: ['list'], column: 'institution' },
  { name: 'certificate_cells', key: ['id'], column: 'institution' },
  { name: 'certificates', key: ['number', 'revision'], column: 'institution' },
  { name: 'status_publications', key: ['list', 'purpose'], column: 'institution' },
  { name: 'token_status_publications', key: ['list'], column: 'institution' },
  { name: 'batches', key: ['id'], column: 'institution' },
  { name: 'batch_rows', key: ['batch', 'row'], column: 'batch', parent: 'batches' },
  { name: 'batch_facts', key: ['batch', 'id'], column: 'batch', parent: 'batches' },
  { name: 'batch_problems', key: ['batch', 'sequence'], column: 'batch', parent: 'batches' },
  { name: 'batch_chunks', key: ['batch', 'chunk'], column: 'batch', parent: 'batches' },
  { name: 'credential_offers', key: ['id'], column: 'institution' },
  { name: 'certificate_forms', key: ['id'], column: 'certificate', parent: 'certificates' },
  { name: 'assessment_sessions', key: ['id'], column: 'institution' },
  { name: 'assessment_candidates', key: ['session', 'candidate'], column: 'institution' },
  { name: 'assessment_numbers', key: ['session', 'candidate'], column: 'institution' },
  { name: 'applications', key: ['id'], column: 'institution' },
  { name: 'application_evidence', key: ['id'], column: 'application', parent: 'applications' },
  { name: 'key_ceremonies', key: ['id'], column: 'institution' },
  { name: 'print_layouts', key: ['institution'], column: 'institution' },
  { name: 'print_runs', key: ['id'], column: 'institution' },
  { name: 'print_serials', key: ['institution'], column: 'institution' },
  { name: 'api_keys', key: ['id'], column: 'tenant' },
  { name: 'idempotency_keys', key: ['key'], column: 'tenant' },
  { name: 'accounts', key: ['id'], column: 'id', rows: accountsOf },
  {
    name: 'account_memberships',
    key: ['account'],
    column: 'tenant',
    rows: (knex, code) => knex('account_memberships').where({ tenant: code }).whereNotIn('account', hostAccounts(knex)),
  },
  {
    name: 'credential_makers',
    key: ['sequence'],
    column: 'credential',
    rows: (knex, code) =>
      knex('credential_makers').where((either) => {
        void either
          .whereIn('credential', knex('api_keys').where({ tenant: code }).select('id'))
          .orWhereIn('credential', accountsOf(knex, code).select('id'));
      }),
  },
  { name: 'audit_log', key: ['sequence'], column: 'tenant' },
];

/** Every other table, and why it stays: a test holds that no table is in neither list. */
export const STAYING_TABLES: Readonly<Record<string, string>> = {
  account_passkeys: 'devices are bound to the address of the host',
  account_identities: 'sign-in by a provider is configured by each host',
  account_recovery_codes: 'secrets of people, who get new ones',
  account_sessions: 'nobody stays signed in',
  account_invitations: 'links of the old host',
  account_challenges: 'of sign-ins under way',
  account_failures: 'of sign-ins at this host',
  credential_skeletons: 'certificates leave with all their text',
  assessment_partners: 'names other institutions; joint examinations must be over',
  access_tokens: 'live for minutes',
  deferred_credentials: 'live as long as their tokens',
  dpop_proofs: 'live for minutes',
  audit_head: 'of the chain of the whole service',
  audit_origins: 'goes along with each entry of audit_log',
  tenant_moves: 'what this host knows of moves',
  supervision_settings: 'of the host',
  vc_api_tenants: 'identities of the host, apart from institutions',
  vc_api_status_lists: 'of identities of the host',
  vc_api_statuses: 'of identities of the host',
  knex_migrations: 'schema',
  knex_migrations_lock: 'schema',
};

/** Rows of an institution in a table. */
export function rowsOf(knex: Knex, table: MovedTable, code: string): Knex.QueryBuilder {
  if (table.rows) return table.rows(knex, code);
  if (table.parent === undefined) return knex(table.name).where({ [table.column]: code });
  return knex(table.name).whereIn(table.column, knex(table.parent).where({ institution: code }).select('id'));
}
