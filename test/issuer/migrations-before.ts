import assert from 'node:assert/strict';
import { issuerMigrations } from '../../issuer/index.js';
import type { Migration } from '../../server/index.js';

/** The schema of the issuer before a step; all of it where none is named. */
export function migrationsBefore(step?: string): readonly Migration[] {
  if (step === undefined) return issuerMigrations;
  const place = issuerMigrations.findIndex(({ name }) => name === step);
  assert.ok(place > 0, `no step ${step}`);
  return issuerMigrations.slice(0, place);
}
