import type { PackedTexts } from '../../keys/bulk-signer.js';
import { textAt } from '../../keys/made-certificates.js';
import { certificateId } from '../../shared/certificate/credential.js';
import type { SqlColumn } from '../../server/index.js';
import { rowKey, type StoredBatch } from './batch-tables.js';
import { pick } from './reservation.js';
import type { SignedRows } from './store-chunk.js';
import type { ReadyRows } from './waiting-rows.js';

/** What the certificates of a chunk are stored with, beyond what is their own. */
export interface StoredWith {
  batch: StoredBatch;
  /** All rows of the chunk. */
  rows: ReadyRows;
  keyId: string;
  created: string;
  now: Date;
  /** Where each is counted, by the row's place in the chunk. */
  cells: readonly (number | null)[];
  /** Rows whose certificates are void, with the code of why. */
  voided: ReadonlyMap<number, string>;
}

/** Columns of `certificates` for signed rows: one value where all have the same. */
export function certificateColumns(
  { places, certificates, made }: SignedRows,
  { batch, rows, keyId, created, now, cells, voided }: StoredWith,
): Record<string, SqlColumn> {
  const { number, revision, list, index } = certificates;
  const isVoid = voided.size === 0 ? undefined : places.map((place) => voided.has(rows.row[place] ?? 0));
  const unlessVoid = (parts: PackedTexts[]): SqlColumn =>
    isVoid ? isVoid.map((isIt, i) => (isIt ? null : textAt(parts, i))) : { packed: parts };
  const own = <T>(values: readonly T[]): readonly T[] => pick(values, places);
  return {
    id: idsOf(number, revision),
    institution: batch.institution,
    number,
    revision,
    kind: made.kind,
    list,
    list_index: index,
    unsigned: isVoid ? isVoid.map((isIt, i) => (isIt ? unsignedOf(textAt(made.json, i)) : null)) : null,
    proof_created: created,
    key_id: keyId,
    state: isVoid ? isVoid.map((isIt) => (isIt ? 'void' : 'issued')) : 'issued',
    credential: unlessVoid(made.json),
    qr: unlessVoid(made.qr),
    status: 'active',
    duplicate_key: rows.duplicate_key.column(places),
    result_key: rows.result_key.column(places),
    holder_key: rows.holder_key.column(places),
    assessment: own(rows.assessment),
    supersedes: batch.operation === 'correct' ? own(rows.certificate) : null,
    cell: own(cells),
    idempotency_key: rowKeysOf(batch.id, rows, places),
    actor: batch.confirmed_by ?? 'system',
    reserved_at: created,
    issued_at: isVoid ? isVoid.map((isIt) => (isIt ? null : now.toISOString())) : now.toISOString(),
  };
}

// Loops: a function made anew for each chunk is compiled anew as well.

function idsOf(number: readonly string[], revision: readonly number[]): string[] {
  const ids: string[] = [];
  for (let i = 0; i < number.length; i++) ids.push(certificateId(number[i] ?? '', revision[i] ?? 0));
  return ids;
}

function rowKeysOf(batch: string, { row }: ReadyRows, places: readonly number[]): string[] {
  const keys: string[] = [];
  for (const place of places) keys.push(rowKey(batch, row[place] ?? 0));
  return keys;
}

/** The credential before it was signed. */
function unsignedOf(signed: Uint8Array): string {
  const json = new TextDecoder().decode(signed);
  return `${json.slice(0, json.lastIndexOf(',"proof":'))}}`;
}
