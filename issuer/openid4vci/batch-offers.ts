import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { readBatch, readyRows, rowKey, rowOfKey, type StoredRow } from '../batch/batch-tables.js';
import type { RowRange } from '../batch/output/batch-certificates.js';
import { writeCsv } from '../batch/sheet/write-csv.js';
import type { CertificateRow } from '../certificate-row.js';
import type { Institution } from '../institutions.js';
import type { CredentialOffers, OfferSubject } from './credential-offers.js';
import type { OfferRequest } from './offer-request.js';

const PAGE = 200;
const LAST_ROW = 9_999_999;

const HEADERS = {
  'zh-CN': ['行', '姓名', '证书编号', '领取链接', '领取码', '有效期至', '钱包网页'],
  en: ['Row', 'Name', 'Certificate number', 'Offer link', 'Transaction code', 'Valid until', 'Web wallet'],
} as const;

/** Instead of a code that a second person tells. */
const WITHHELD = { 'zh-CN': '由另一人核对证件后告知', en: 'told by a second person' } as const;

/** What is offered. */
export interface BatchOffers extends RowRange {
  institution: Institution;
  batch: string;
  request: OfferRequest;
  /** API key id of who makes them. */
  actor: string;
  language: keyof typeof HEADERS;
}

interface Line {
  row: number;
  name: string;
  number: string;
  subject: OfferSubject;
}

/** @throws YizhengError `BATCH_NOT_FOUND` (404), `BATCH_NOTHING_TO_OFFER` (409) where it issues nothing */
export async function requireOfferable(knex: Knex, institution: string, id: string): Promise<void> {
  const batch = await readBatch(knex, institution, id);
  const issues = batch.operation === 'issue' || batch.operation === 'correct';
  if (!issues || (batch.done === 0 && readyRows(batch) === 0) || batch.state === 'checking')
    throw new YizhengError('BATCH_NOTHING_TO_OFFER', 'This batch has issued nothing that could be offered.', {
      status: 409,
    });
}

/**
 * Makes an offer for each certificate of a batch, also for those still to be issued, and writes them as CSV, made while it is sent:
 * links and codes stand in it and nowhere else. Memory holds some hundred.
 */
export function batchOffersCsv(knex: Knex, offers: CredentialOffers, wanted: BatchOffers): AsyncGenerator<Uint8Array> {
  return writeCsv(offerLines(knex, offers, wanted));
}

async function* offerLines(knex: Knex, offers: CredentialOffers, wanted: BatchOffers): AsyncGenerator<string[]> {
  const { institution, request, actor, language } = wanted;
  yield [...HEADERS[language]];
  for await (const lines of pages(knex, wanted)) {
    const subjects = lines.map(({ subject }) => subject);
    const made = await offers.make(institution, subjects, request, actor);
    for (const [i, { row, name, number }] of lines.entries()) {
      const { uri = '', txCode = '', codeWithheld, expiresAt = '', walletLink = '' } = made[i] ?? {};
      yield [String(row), name, number, uri, codeWithheld ? WITHHELD[language] : txCode, expiresAt, walletLink];
    }
  }
}

async function* pages(knex: Knex, wanted: BatchOffers): AsyncGenerator<Line[]> {
  const { from = 0, to = LAST_ROW } = wanted;
  for (let start = from; start <= to;) {
    const lines = await linesFrom(knex, wanted, start, to);
    if (lines.length > 0) yield lines;
    const last = lines.at(-1);
    if (!last || lines.length < PAGE) return;
    start = last.row + 1;
  }
}

/** Rows still to come are read first: one that is issued in between is then seen twice and taken once, never missed. */
async function linesFrom(knex: Knex, { institution, batch }: BatchOffers, from: number, to: number): Promise<Line[]> {
  const waiting = await knex<StoredRow>('batch_rows')
    .where({ batch, state: 'ready' })
    .whereBetween('row', [from, to])
    .orderBy('row')
    .limit(PAGE)
    .select('row', 'draft');
  const issued = await knex<CertificateRow>('certificates')
    .where({ institution: institution.code, state: 'issued', status: 'active' })
    .whereBetween('idempotency_key', [rowKey(batch, from), rowKey(batch, to)])
    .orderBy('idempotency_key')
    .limit(PAGE)
    .select('id', 'number', 'kind', 'credential', 'idempotency_key');
  const lines = new Map<number, Line>();
  for (const { row, draft } of waiting) {
    const { kind, holder } = JSON.parse(draft ?? '{}') as { kind: string; holder: { name: string; id?: string } };
    const subject = { kind, isBound: holder.id !== undefined, certificateKey: rowKey(batch, row) };
    lines.set(row, { row, name: holder.name, number: '', subject });
  }
  for (const { id, number, kind, credential, idempotency_key } of issued) {
    const row = rowOfKey(idempotency_key);
    const { credentialSubject } = JSON.parse(credential ?? '{}') as {
      credentialSubject: { name: string; id?: string };
    };
    const isBound = credentialSubject.id !== undefined;
    lines.set(row, { row, name: credentialSubject.name, number, subject: { kind, isBound, certificate: id } });
  }
  return [...lines.values()].toSorted((a, b) => a.row - b.row).slice(0, PAGE);
}
