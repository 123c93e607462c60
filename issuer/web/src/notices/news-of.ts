import type { Role } from '../api/schemas.js';
import type { Batch } from '../batches/schemas.js';

/** Something about a batch that somebody should know. */
export interface News {
  kind: 'to-approve' | 'sent-back' | 'stuck' | 'done' | 'approved' | 'cancelled';
  batch: Batch;
  /** When it came about. */
  at: string;
  /** It stays until it was dealt with; the others until they were looked at. */
  isTask: boolean;
}

/** Of what only happened so much is told at most, the newest. */
const MOST = 20;

/**
 * What batches say to one person: what waits for them, and what happened to their own since they last looked.
 * @param since RFC 3339, when the newest of what they have seen came about; undefined: nothing was seen yet
 */
export function newsOf(
  batches: readonly Batch[],
  { id, roles, since }: { id: string; roles: readonly Role[]; since: string | undefined },
): News[] {
  const approves = roles.includes('approver') || roles.includes('officer');
  const isNew = (at: string | undefined): at is string => at !== undefined && (since === undefined || at > since);
  const news = batches.flatMap((batch): News[] => {
    const isOwn = batch.uploadedBy === id || batch.confirmedBy === id;
    const { state, sentBackAt, finishedAt, approvedAt } = batch;
    if (state === 'waiting-approval')
      return approves && !isOwn ? [{ kind: 'to-approve', batch, at: batch.uploadedAt, isTask: true }] : [];
    if (!isOwn) return [];
    if (state === 'checked' && sentBackAt !== undefined)
      return [{ kind: 'sent-back', batch, at: sentBackAt, isTask: true }];
    if (batch.trouble && batch.trouble.retryAt === undefined)
      return [{ kind: 'stuck', batch, at: batch.uploadedAt, isTask: true }];
    if (state === 'done' && isNew(finishedAt)) return [{ kind: 'done', batch, at: finishedAt, isTask: false }];
    if (state === 'cancelled' && isNew(finishedAt) && approvedAt === undefined && batch.confirmedBy !== undefined)
      return [{ kind: 'cancelled', batch, at: finishedAt, isTask: false }];
    if (state === 'running' && isNew(approvedAt)) return [{ kind: 'approved', batch, at: approvedAt, isTask: false }];
    return [];
  });
  const sorted = news.toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return [...sorted.filter(({ isTask }) => isTask), ...sorted.filter(({ isTask }) => !isTask).slice(0, MOST)];
}
