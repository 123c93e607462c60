import type { Knex } from 'knex';

/** Knex prints statements with their values when it warns; what matters is thrown. */
export const SILENT: Knex.Logger = {
  warn: () => undefined,
  error: () => undefined,
  deprecate: () => undefined,
  debug: () => undefined,
};
