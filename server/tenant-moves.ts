import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import type { Migration } from './database.js';

/** A tenant that is being moved to another service, or was. */
export interface TenantMove {
  tenant: string;
  /** `moving`: everything stands still so that it can be carried over; `moved`: another service goes on with it. */
  state: 'moving' | 'moved';
  /** The archive it is carried in; null while none was written. */
  archive: string | null;
  /** SHA-256 of the archive's manifest, hex. */
  manifest_sha256: string | null;
  /** Where it is now; null while it is still here. */
  address: string | null;
  /** RFC 3339 with milliseconds. */
  since: string;
}

/** Table of {@link TenantMove}. */
export const tenantMoveMigrations: readonly Migration[] = [
  {
    name: 'base-007-tenant-moves',
    async up(knex) {
      await knex.schema.createTable('tenant_moves', (table) => {
        table.string('tenant', 64).primary();
        table.string('state', 10).notNullable();
        table.string('archive', 40);
        table.string('manifest_sha256', 64);
        table.string('address', 300);
        table.string('since', 30).notNullable();
      });
    },
  },
  {
    name: 'base-008-audit-of-tenant',
    async up(knex) {
      // A tenant's history is read in order without sorting all of it for each page.
      await knex.schema.alterTable('audit_log', (table) => {
        table.index(['tenant', 'sequence']);
      });
    },
  },
];

/** What is known of a tenant's move; undefined for one that stays. */
export async function moveOf(knex: Knex, tenant: string): Promise<TenantMove | undefined> {
  return knex<TenantMove>('tenant_moves').where({ tenant }).first();
}

/**
 * Refuses whatever touches a tenant that stands still or is gone.
 * @param options `reading`: what is public and changes nothing goes on while the tenant is moving
 * @throws YizhengError `TENANT_MOVING` (409), `TENANT_MOVED` (410)
 */
export async function refuseMoved(knex: Knex, tenant: string, options: { reading?: boolean } = {}): Promise<void> {
  const move = await moveOf(knex, tenant);
  if (move?.state === 'moved')
    throw new YizhengError(
      'TENANT_MOVED',
      `This institution is not here any more; another service goes on with it${move.address === null ? '' : `: ${move.address}`}.`,
      { status: 410 },
    );
  if (move && options.reading !== true)
    throw new YizhengError(
      'TENANT_MOVING',
      'This institution is being moved to another service: nothing is changed or looked up here until that is done.',
      { status: 409 },
    );
}
