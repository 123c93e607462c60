import { WHOLE, type ApartTexts, type PackedTexts } from '../../keys/bulk-signer.js';
import { jsonAt, textAt } from '../../keys/made-certificates.js';
import type { SqlColumn } from '../../server/index.js';
import type { StoredBatch } from './batch-tables.js';
import { putCertificateId, putRowKey, rowKeyBeginning, type IdTexts } from './id-texts.js';
import type { SkeletonIds } from './credential-skeletons.js';
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
  /** Ids of the skeletons their texts are apart from. */
  skeletons: SkeletonIds;
}

/** Columns of `certificates` for signed rows: one value where all have the same. @param texts empty, and not looked at before these are stored */
export function certificateColumns(
  { places, certificates, made }: SignedRows,
  { batch, rows, keyId, created, now, cells, voided, skeletons }: StoredWith,
  texts: IdTexts,
): Record<string, SqlColumn> {
  const { number, revision, list, index } = certificates;
  const isVoid = voided.size === 0 ? undefined : places.map((place) => voided.has(rows.row[place] ?? 0));
  const unlessVoid = (parts: PackedTexts[]): SqlColumn =>
    isVoid ? isVoid.map((isIt, i) => (isIt ? null : textAt(parts, i))) : { packed: parts };
  const own = <T>(values: readonly T[]): readonly T[] => pick(values, places);
  return {
    id: idsOf(texts, number, revision),
    institution: batch.institution,
    number,
    revision,
    kind: made.kind,
    list,
    list_index: index,
    unsigned: isVoid ? isVoid.map((isIt, i) => (isIt ? unsignedOf(jsonAt(made.json, i)) : null)) : null,
    proof_created: created,
    key_id: keyId,
    state: isVoid ? isVoid.map((isIt) => (isIt ? 'void' : 'issued')) : 'issued',
    ...credentialColumns(made.json, skeletons, isVoid),
    qr: unlessVoid(made.qr),
    status: 'active',
    duplicate_key: rows.duplicate_key.column(places),
    result_key: rows.result_key.column(places),
    holder_key: rows.holder_key.column(places),
    assessment: own(rows.assessment),
    supersedes: batch.operation === 'correct' ? own(rows.certificate) : null,
    cell: own(cells),
    idempotency_key: rowKeysOf(texts, batch.id, rows, places),
    actor: batch.confirmed_by ?? 'system',
    reserved_at: created,
    issued_at: isVoid ? isVoid.map((isIt) => (isIt ? null : now.toISOString())) : now.toISOString(),
  };
}

// Loops: a function made anew for each chunk is compiled anew as well.

function idsOf({ ids }: IdTexts, number: readonly string[], revision: readonly number[]): SqlColumn {
  for (let i = 0; i < number.length; i++) {
    putCertificateId(ids, number[i] ?? '', revision[i] ?? 0);
    ids.end();
  }
  return { packed: [ids] };
}

function rowKeysOf({ rowKeys }: IdTexts, batch: string, { row }: ReadyRows, places: readonly number[]): SqlColumn {
  const beginning = rowKeyBeginning(batch);
  for (const place of places) {
    putRowKey(rowKeys, beginning, row[place] ?? 0);
    rowKeys.end();
  }
  return { packed: [rowKeys] };
}

/** Texts as they are kept: those that are whole, and those that are apart from what they share. */
function credentialColumns(
  parts: readonly ApartTexts[],
  skeletons: SkeletonIds,
  isVoid: readonly boolean[] | undefined,
): Pick<Record<string, SqlColumn>, 'credential' | 'own_texts' | 'skeleton'> {
  const ids: (number | null)[] = [];
  for (const { skeletons: own, skeletonOf } of parts)
    for (const at of skeletonOf) ids.push(at === WHOLE ? null : skeletons.of(own[at] ?? ''));
  const packed = { packed: parts.map(({ texts }) => texts) };
  if (!isVoid && !ids.includes(null)) return { credential: null, own_texts: packed, skeleton: ids };
  if (!isVoid && ids.every((id) => id === null)) return { credential: packed, own_texts: null, skeleton: null };
  const credential: (Uint8Array | null)[] = [];
  const own: (Uint8Array | null)[] = [];
  for (const [i, id] of ids.entries()) {
    const text = isVoid?.[i] === true ? null : textAt(packed.packed, i);
    credential.push(id === null ? text : null);
    own.push(id === null ? null : text);
    if (text === null) ids[i] = null;
  }
  return { credential, own_texts: own, skeleton: ids };
}

/** The credential before it was signed. */
function unsignedOf(json: string): string {
  return `${json.slice(0, json.lastIndexOf(',"proof":'))}}`;
}
