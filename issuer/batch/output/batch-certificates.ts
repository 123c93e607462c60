import type { Knex } from 'knex';
import { issuedCertificate, storedCertificates, type IssuedCertificate } from '../../certificate-row.js';
import { LAST_ROW, rowKey } from '../batch-tables.js';

const PAGE = 200;

/** Rows of a sheet, both included; a bound left out does not limit. */
export interface RowRange {
  from?: number | undefined;
  to?: number | undefined;
}

/** Which certificates: those a batch issued, by the rows they come from. */
export interface CertificatesOfBatch extends RowRange {
  institution: string;
  batch: string;
}

/** How many certificates a batch issued so far in a range of rows. */
export async function countCertificates(knex: Knex, wanted: CertificatesOfBatch): Promise<number> {
  const counted = (await issuedIn(knex, wanted, rowKey(wanted.batch, wanted.from ?? 0))
    .count({ count: '*' })
    .first()) as { count: number | string } | undefined;
  return Number(counted?.count ?? 0);
}

/** The certificates themselves, in the order of their rows; memory holds some hundred. */
export async function* batchCertificates(knex: Knex, wanted: CertificatesOfBatch): AsyncGenerator<IssuedCertificate> {
  for (let start = rowKey(wanted.batch, wanted.from ?? 0); ;) {
    const rows = await issuedIn(knex, wanted, start).orderBy('idempotency_key').limit(PAGE);
    for (const row of rows) {
      const issued = issuedCertificate(row);
      if (issued) yield issued;
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    start = `${last.idempotency_key}~`;
  }
}

function issuedIn(
  knex: Knex,
  { institution, batch, to }: CertificatesOfBatch,
  start: string,
): ReturnType<typeof storedCertificates> {
  return storedCertificates(knex)
    .where({ institution, state: 'issued' })
    .whereBetween('idempotency_key', [start, rowKey(batch, to ?? LAST_ROW)]);
}
