import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Knex } from 'knex';
import { insertRows } from './insert-rows.js';
import { YizhengError } from '../shared/errors.js';
import type { JsonObject } from '../shared/json/parse-json.js';
import { refuseMoved } from './tenant-moves.js';

/** One act to be written down. Holds no personal data: ids, numbers of certificates, codes, HMACs. */
export interface AuditEntry {
  /** Institution code, or `*` for the host. */
  tenant: string;
  /** Key id of who did it, or `system`. */
  actor: string;
  /** What was done, e.g. `certificate.issue`. */
  action: string;
  /** What it was done to: a certificate id, a key id, a list address. */
  subject: string;
  detail?: JsonObject;
}

/** A written entry; its hash covers everything and the hash before it. */
export interface AuditRow extends Required<AuditEntry> {
  sequence: number;
  /** RFC 3339 with milliseconds. */
  at: string;
  previousHash: string;
  hash: string;
}

/** How far the clock may lie behind the newest entry, in milliseconds (SECURITY §2.5). */
const CLOCK_TOLERANCE_MS = 2000;

/** Actions of the move of a tenant. */
const OF_MOVES = 'tenant.';

/** Goes on while a tenant is moving: verifiers ask for its lists until another service answers. */
const LIST_SIGNING = 'status-list.sign';

interface Stored {
  sequence: number;
  at: string;
  tenant: string;
  actor: string;
  action: string;
  subject: string;
  detail: string;
  previous_hash: string;
  hash: string;
}

/**
 * Appends to the hash-chained audit log, in the same transaction as the act: either both are stored or neither.
 * @param transaction the act's transaction
 * @param entry what happened
 * @param now the clock
 * @throws YizhengError `CLOCK_WENT_BACK` (503) when the clock lies more than two seconds before the newest entry; `TENANT_MOVING` (409),
 *   `TENANT_MOVED` (410) for anything but the move itself and the signing of status lists, so that no act escapes the archive
 */
export async function appendAudit(transaction: Knex.Transaction, entry: AuditEntry, now: Date): Promise<AuditRow> {
  if (!entry.action.startsWith(OF_MOVES))
    await refuseMoved(transaction, entry.tenant, { reading: entry.action === LIST_SIGNING });
  const head = (await transaction('audit_head').where({ id: 1 }).forUpdate().first()) as
    { sequence: number; at: string; hash: string } | undefined;
  if (!head) throw new YizhengError('AUDIT_BROKEN', 'The audit log has lost its head row.', { status: 503 });
  refuseEarlier(now, head.at);
  const unhashed = {
    sequence: head.sequence + 1,
    at: now.toISOString(),
    tenant: entry.tenant,
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    detail: entry.detail ?? {},
    previousHash: head.hash,
  };
  const row = { ...unhashed, hash: auditHash(unhashed) };
  const { previousHash, detail, ...columns } = row;
  await transaction('audit_log').insert({
    ...columns,
    detail: JSON.stringify(detail),
    previous_hash: previousHash,
  });
  await transaction('audit_head').where({ id: 1 }).update({ sequence: row.sequence, at: row.at, hash: row.hash });
  return row;
}

/** An entry as it stands in the log of another host. */
export type ForeignEntry = Omit<AuditRow, 'sequence' | 'previousHash' | 'hash'>;

/** Does an entry have the hash it should, where it stood? */
export function isWholeEntry(row: AuditRow): boolean {
  const { hash, ...unhashed } = row;
  return auditHash(unhashed) === hash;
}

/**
 * Appends the history of a tenant that comes from another host, with the instants of then: the chain of this host holds it from now on like
 * what happened here. The clock of the chain stays.
 * @param entries oldest first
 * @returns the rows as they stand here
 */
export async function appendHistory(
  transaction: Knex.Transaction,
  entries: readonly ForeignEntry[],
): Promise<AuditRow[]> {
  const head = (await transaction('audit_head').where({ id: 1 }).forUpdate().first()) as
    { sequence: number; hash: string } | undefined;
  if (!head) throw new YizhengError('AUDIT_BROKEN', 'The audit log has lost its head row.', { status: 503 });
  let { sequence, hash } = head;
  const rows = entries.map(({ at, tenant, actor, action, subject, detail }): AuditRow => {
    sequence += 1;
    const unhashed = { sequence, at, tenant, actor, action, subject, detail, previousHash: hash };
    hash = auditHash(unhashed);
    return { ...unhashed, hash };
  });
  await insertRows(
    transaction,
    'audit_log',
    rows.map(({ previousHash, detail, ...columns }) => ({
      ...columns,
      detail: JSON.stringify(detail),
      previous_hash: previousHash,
    })),
  );
  await transaction('audit_head').where({ id: 1 }).update({ sequence, hash });
  return rows;
}

/**
 * Refuses a clock that is behind what was written down before, e.g. when a service starts.
 * @throws YizhengError `CLOCK_WENT_BACK` (503)
 */
export async function checkAuditClock(knex: Knex, now: Date): Promise<void> {
  const head = await knex<{ id: number; at: string }>('audit_head').where({ id: 1 }).first('at');
  if (head) refuseEarlier(now, head.at);
}

function refuseEarlier(now: Date, newest: string): void {
  if (now.getTime() < Date.parse(newest) - CLOCK_TOLERANCE_MS)
    throw new YizhengError('CLOCK_WENT_BACK', 'The clock is behind the newest audit entry; correct it.', {
      status: 503,
    });
}

/**
 * Re-computes the whole chain.
 * @returns `entries` checked, and `brokenAt`: sequence of the first row that was changed, removed or added outside
 *   {@link appendAudit}; undefined when the chain is whole
 */
export async function verifyAuditChain(knex: Knex): Promise<{ entries: number; brokenAt?: number }> {
  let previousHash = '0'.repeat(64);
  let sequence = 0;
  for (;;) {
    const rows: Stored[] = await knex<Stored>('audit_log')
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(1000);
    for (const stored of rows) {
      const row = readRow(stored);
      const { hash, ...unhashed } = row;
      if (row.sequence !== sequence + 1 || row.previousHash !== previousHash || auditHash(unhashed) !== hash)
        return { entries: sequence, brokenAt: sequence + 1 };
      sequence = row.sequence;
      previousHash = hash;
    }
    if (rows.length < 1000) break;
  }
  const head = (await knex('audit_head').where({ id: 1 }).first()) as { sequence: number; hash: string } | undefined;
  if (head?.sequence !== sequence || head.hash !== previousHash) return { entries: sequence, brokenAt: sequence + 1 };
  return { entries: sequence };
}

/**
 * Reads a tenant's audit entries, oldest first.
 * @param options `after`: sequence to start behind; `limit`: most entries, default 100
 */
export async function readAudit(
  knex: Knex,
  options: { tenant: string; after?: number; limit?: number },
): Promise<AuditRow[]> {
  const rows: Stored[] = await knex<Stored>('audit_log')
    .where('tenant', options.tenant)
    .where('sequence', '>', options.after ?? 0)
    .orderBy('sequence')
    .limit(options.limit ?? 100);
  return rows.map(readRow);
}

function readRow({ previous_hash, detail, ...row }: Stored): AuditRow {
  return { ...row, detail: JSON.parse(detail) as JsonObject, previousHash: previous_hash };
}

function auditHash(row: Omit<AuditRow, 'hash'>): string {
  return createHash('sha256')
    .update(canonicalize(row) ?? '')
    .digest('hex');
}
