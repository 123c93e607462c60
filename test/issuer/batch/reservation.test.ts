import assert from 'node:assert/strict';
import {
  parseReservation,
  plannedRows,
  reservationText,
  type Reservation,
  type ReservedPlace,
} from '../../../issuer/batch/reservation.js';
import { RowKeys } from '../../../issuer/batch/row-keys.js';
import type { ReadyRows } from '../../../issuer/batch/waiting-rows.js';

const party = { id: 'did:web:a.example', name: '示例' };
const under = ['urn:a', 'urn:b'].map((id) => ({
  issuer: party,
  authority: party,
  accreditation: { id, validUntil: '2030-01-01' },
})) as unknown as Reservation['under'];
const places: ReservedPlace[] = [
  [2, 'S000051000001263000001', 1, '2026-11-22', 0, 1, 77],
  [3, '由主管部门给定"\\1', 1, '2026-11-21', 1, 1, 5],
  [7, 'S000051000001263000002', 12, '2026-11-22', 0, 2, 131_000],
];
const stored = JSON.stringify({
  ...{ keyId: 'did:web:i.example#key-1', created: '2026-11-22T08:00:00Z', under, rows: places },
});

describe('what is reserved for a chunk', () => {
  it('is stored as every release stored it, and read as it was stored', () => {
    const reservation = parseReservation(stored);
    assert.equal(reservationText(reservation), stored);
    assert.deepEqual(parseReservation(reservationText(reservation)), reservation);
    assert.deepEqual(reservation.under, under);
    const none = { ...reservation, rows: parseReservation(stored.replace(JSON.stringify(places), '[]')).rows };
    assert.deepEqual(JSON.parse(reservationText(none)), { ...(JSON.parse(stored) as object), rows: [] });
  });

  it('belongs to the rows that wait still and have a draft, and to no other', () => {
    const planned = plannedRows(ready({ 2: '{"n":2}', 3: '', 4: '{"n":4}', 7: '{"n":7}' }), parseReservation(stored));
    const { draft, ...lists } = planned.certificates;
    assert.deepEqual(planned.places, [0, 3]);
    assert.deepEqual(lists, {
      number: ['S000051000001263000001', 'S000051000001263000002'],
      revision: [1, 12],
      issuedOn: ['2026-11-22', '2026-11-22'],
      under: [0, 0],
      list: [1, 2],
      index: [77, 131_000],
    });
    assert.deepEqual(
      [...draft.starts].map((start, i) => Buffer.from(draft.bytes.subarray(start, draft.ends[i])).toString()),
      ['{"n":2}', '{"n":7}'],
    );
    const all = plannedRows(ready({ 2: 'a', 3: 'b', 7: 'c' }), parseReservation(stored));
    assert.deepEqual(
      [all.places, all.certificates.list],
      [
        [0, 1, 2],
        [1, 1, 2],
      ],
    );
    assert.deepEqual(plannedRows(ready({}), parseReservation(stored)).places, []);
  });
});

function ready(drafts: Readonly<Record<number, string>>): ReadyRows {
  const texts = Object.values(drafts).map((text) => Buffer.from(text));
  const ends = Uint32Array.from(texts, ({ length }) => length);
  for (let i = 1; i < ends.length; i++) ends[i] = (ends[i] ?? 0) + (ends[i - 1] ?? 0);
  const nothing = texts.map(() => null);
  return {
    row: Object.keys(drafts).map(Number),
    facts: nothing,
    draft: { bytes: Buffer.concat(texts), starts: Uint32Array.from(ends, (_, i) => ends[i - 1] ?? 0), ends },
    ...{ number: nothing, issued_on: nothing, assessment: nothing, certificate: nothing, reason: nothing },
    ...{ duplicate_key: RowKeys.of(nothing), result_key: RowKeys.of(nothing), holder_key: RowKeys.of(nothing) },
  };
}
