import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';

/** Names of the schema's steps that were run, in order. */
export async function migrationsOf(knex: Knex): Promise<string[]> {
  const rows: { name: string }[] = await knex('knex_migrations').orderBy('id').select('name');
  return rows.map(({ name }) => name);
}

/**
 * Demands the same schema on both sides; whoever is behind is updated first.
 * @throws YizhengError `ARCHIVE_SCHEMA` (409)
 */
export async function requireSameSchema(knex: Knex, theirs: readonly string[]): Promise<void> {
  const ours = await migrationsOf(knex);
  const missingHere = theirs.filter((name) => !ours.includes(name));
  const missingThere = ours.filter((name) => !theirs.includes(name));
  if (missingHere.length === 0 && missingThere.length === 0) return;
  throw new YizhengError(
    'ARCHIVE_SCHEMA',
    missingHere.length > 0
      ? 'The archive was written by a newer version; update this host first.'
      : 'The archive was written by an older version; update the old host, and write it anew.',
    { status: 409, at: missingHere[0] ?? missingThere[0] ?? '' },
  );
}
