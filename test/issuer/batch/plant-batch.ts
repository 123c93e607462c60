import type { Knex } from 'knex';

/** Plants the row of a batch that issues, without rows of its own, for tests of what refers to it. */
export async function plantBatch(
  transaction: Knex.Transaction,
  batch: { id: string; institution: string; state: string },
): Promise<void> {
  await transaction('batches').insert({
    ...batch,
    operation: 'issue',
    needs_approval: 0,
    uploaded_by: 'clerk',
    uploader_roles: 'clerk',
    uploaded_at: '2026-11-22',
  });
}
