import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import { kindsOf, type Change } from './change.js';

/** What an authority may ask a second person for (issue 3: four eyes). */
export const DUAL_CONTROL_KINDS = ['root', 'recognition', 'accreditation', 'event'] as const;

/** One of {@link DUAL_CONTROL_KINDS}. */
export type DualControlKind = (typeof DUAL_CONTROL_KINDS)[number];

/** Kind of a change; `settings` is dual control itself, which needs a second person once anything does. */
export type ChangeKind = DualControlKind | 'settings';

/** The kinds an authority asks a second person for, in the order of {@link DUAL_CONTROL_KINDS}. */
export async function readDualControl(knex: Knex, slug: string): Promise<DualControlKind[]> {
  const row = await knex('registry_authorities')
    .where({ slug })
    .first<{ dual_control: string } | undefined>('dual_control');
  return parseDualControl(row?.dual_control ?? '');
}

/** Reads the stored form. */
export function parseDualControl(text: string): DualControlKind[] {
  const kinds = text.split(' ');
  return DUAL_CONTROL_KINDS.filter((kind) => kinds.includes(kind));
}

/** The stored form: in fixed order, each once. */
export function writeDualControl(kinds: readonly DualControlKind[]): string {
  return DUAL_CONTROL_KINDS.filter((kind) => kinds.includes(kind)).join(' ');
}

/** Does a change need a second person? An urgent one always does. */
export function needsApproval(on: readonly DualControlKind[], change: Change): boolean {
  if (change.urgentReason !== undefined) return true;
  return kindsOf(change).some((kind) => (kind === 'settings' ? on.length > 0 : on.includes(kind)));
}

/**
 * Stops a direct write that needs a second person; read in the transaction of the write.
 * @throws YizhengError `DUAL_CONTROL_REQUIRED` (409)
 */
export async function refuseUnapproved(transaction: Knex, slug: string, change: Change): Promise<void> {
  if (needsApproval(await readDualControl(transaction, slug), change))
    throw new YizhengError('DUAL_CONTROL_REQUIRED', 'This needs a second person; propose it.', { status: 409 });
}
