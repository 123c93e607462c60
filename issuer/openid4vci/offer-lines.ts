import type { Knex } from 'knex';
import { LAST_ROW, rowKey, rowOfKey, type StoredRow } from '../batch/batch-tables.js';
import type { RowRange } from '../batch/output/batch-certificates.js';
import {
  CREDENTIAL_COLUMNS,
  credentialJson,
  withSkeletons,
  type CertificateRow,
  type CredentialTexts,
} from '../certificate-row.js';
import type { OfferSubject } from './credential-offers.js';

/** Most lines read at once. */
export const OFFER_PAGE = 200;

/** What can be offered of a batch. */
export interface OfferableRows extends RowRange {
  /** Its code. */
  institution: string;
  batch: string;
}

/** A certificate of a batch that can be offered. */
export interface OfferLine {
  row: number;
  name: string;
  /** `''` while it is not issued. */
  number: string;
  subject: OfferSubject;
}

/** The certificates of a batch that can be offered, also those still to be issued, in the order of their rows, page by page. */
export async function* offerableLines(knex: Knex, wanted: OfferableRows): AsyncGenerator<OfferLine[]> {
  const { from = 0, to = LAST_ROW } = wanted;
  for (let start = from; start <= to;) {
    const lines = await linesFrom(knex, wanted, start, to);
    if (lines.length > 0) yield lines;
    const last = lines.at(-1);
    if (!last || lines.length < OFFER_PAGE) return;
    start = last.row + 1;
  }
}

type IssuedLine = Pick<CertificateRow, 'id' | 'number' | 'kind' | 'idempotency_key'> & CredentialTexts;

/** Rows still to come are read first: one that is issued in between is then seen twice and taken once, never missed. */
async function linesFrom(
  knex: Knex,
  { institution, batch }: OfferableRows,
  from: number,
  to: number,
): Promise<OfferLine[]> {
  const waiting = await knex<StoredRow>('batch_rows')
    .where({ batch, state: 'ready' })
    .whereBetween('row', [from, to])
    .orderBy('row')
    .limit(OFFER_PAGE)
    .select('row', 'draft');
  const issued = await withSkeletons(knex('certificates'))
    .where({ institution, state: 'issued', status: 'active' })
    .whereBetween('idempotency_key', [rowKey(batch, from), rowKey(batch, to)])
    .orderBy('idempotency_key')
    .limit(OFFER_PAGE)
    .select<IssuedLine[]>('id', 'number', 'kind', ...CREDENTIAL_COLUMNS, 'idempotency_key');
  const lines = new Map<number, OfferLine>();
  for (const { row, draft } of waiting) {
    const { kind, holder } = JSON.parse(draft ?? '{}') as { kind: string; holder: { name: string; id?: string } };
    const subject = { kind, isBound: holder.id !== undefined, certificateKey: rowKey(batch, row) };
    lines.set(row, { row, name: holder.name, number: '', subject });
  }
  for (const { id, number, kind, idempotency_key, ...text } of issued) {
    const row = rowOfKey(idempotency_key);
    const { credentialSubject } = JSON.parse(credentialJson(text) ?? '{}') as {
      credentialSubject: { name: string; id?: string };
    };
    const isBound = credentialSubject.id !== undefined;
    lines.set(row, { row, name: credentialSubject.name, number, subject: { kind, isBound, certificate: id } });
  }
  return [...lines.values()].toSorted((a, b) => a.row - b.row).slice(0, OFFER_PAGE);
}
