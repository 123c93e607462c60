import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import type { Migration } from './database.js';

const LOCK_WAIT_MS = 5000;

/**
 * Runs the steps that were not run yet, each in one transaction. A process killed while migrating leaves Knex's lock row behind; since
 * each step is whole or not there, taking it over is safe.
 * @param options `alone`: the caller sees to it that no other process migrates, so the row cannot be a living one's
 * @throws YizhengError `DATABASE_FOREIGN` when steps were run that are not ours; the driver's errors
 */
export async function migrate(
  knex: Knex,
  migrations: readonly Migration[],
  options: { alone?: boolean } = {},
): Promise<void> {
  const config: Knex.MigratorConfig = {
    migrationSource: {
      getMigrations: () => Promise.resolve([...migrations]),
      getMigrationName: (migration: Migration) => migration.name,
      getMigration: (migration: Migration) =>
        Promise.resolve({ up: (at: Knex) => migration.up(at), down: () => Promise.resolve() }),
    },
  };
  const patience = options.alone ? 0 : LOCK_WAIT_MS;
  for (let waited = 0; ; waited += 200) {
    try {
      await knex.migrate.latest(config);
      return;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('The migration directory is corrupt'))
        throw new YizhengError(
          'DATABASE_FOREIGN',
          'The database holds the tables of another service or of a newer version; give each service a database or a ?schema= of its own.',
          { status: 503 },
        );
      if (!(error instanceof Error) || error.name !== 'MigrationLocked' || waited > patience) throw error;
      if (waited === patience) await knex.migrate.forceFreeMigrationsLock(config);
      else await sleep(200);
    }
  }
}
