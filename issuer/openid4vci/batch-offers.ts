import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { readBatch, readyRows } from '../batch/batch-tables.js';
import type { RowRange } from '../batch/output/batch-certificates.js';
import { writeCsv } from '../batch/sheet/write-csv.js';
import type { Institution } from '../institutions.js';
import type { CredentialOffers } from './credential-offers.js';
import { offerableLines } from './offer-lines.js';
import type { OfferRequest } from './offer-request.js';

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
  for await (const lines of offerableLines(knex, { ...wanted, institution: institution.code })) {
    const subjects = lines.map(({ subject }) => subject);
    const made = await offers.make(institution, subjects, request, actor);
    for (const [i, { row, name, number }] of lines.entries()) {
      const { uri = '', txCode = '', codeWithheld, expiresAt = '', walletLink = '' } = made[i] ?? {};
      yield [String(row), name, number, uri, codeWithheld ? WITHHELD[language] : txCode, expiresAt, walletLink];
    }
  }
}
