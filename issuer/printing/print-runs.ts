import type { Knex } from 'knex';
import { appendAudit } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { LAST_ROW, rowKey } from '../batch/batch-tables.js';
import {
  issuedCertificate,
  storedCertificates,
  type CertificateRow,
  type IssuedCertificate,
  type StoredCertificate,
} from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import type { PrintLayouts } from './print-layouts.js';

/** Most certificates in one file of a run. */
const RUN_FILE_CERTIFICATES = 20;

/** Most certificates in one run. */
export const RUN_CERTIFICATES = 1000;
const DIGITS = 8;

/** A print run as it is shown. */
export interface PrintRun {
  id: string;
  /** Certificates on one sheet. */
  perSheet: 1 | 2;
  certificates: number;
  /** First and last serial, where sheets are numbered; each certificate has its own. */
  serials?: { first: string; last: string };
  /** Files of at most {@link RUN_FILE_CERTIFICATES} certificates each, from 1. */
  files: number;
  madeBy: string;
  madeAt: string;
}

/** One certificate of a run with its serial. */
export interface RunCertificate {
  certificate: IssuedCertificate;
  serial?: string;
}

interface StoredRun {
  id: string;
  institution: string;
  per_sheet: number;
  first_serial: number | null;
  serial_prefix: string;
  certificates: string;
  count: number;
  made_by: string;
  made_at: string;
}

/** Print runs: which certificates went to paper together, in which order, on sheets of which serial (印制流水码, DOMAIN §3). */
export class PrintRuns {
  constructor(
    private readonly effects: Pick<IssuerEffects, 'database' | 'clock' | 'randomBytes'>,
    private readonly layouts: PrintLayouts,
  ) {}

  /**
   * Plans a run. A file of it can be drawn any number of times, with the same serials.
   * @param wanted ids of certificates, or a batch; suspended and revoked certificates are refused by name where they were asked for, and
   *   left out of a batch
   * @throws YizhengError `CERTIFICATE_NOT_FOUND` (404), `CERTIFICATE_REVOKED`, `CERTIFICATE_SUSPENDED` (409) with the certificate,
   *   `PRINT_RUN_EMPTY`, `PRINT_RUN_TOO_LARGE` (422)
   */
  async create(
    institution: Institution,
    wanted: {
      source: { certificates: readonly string[] } | { batch: string };
      perSheet: 1 | 2;
      numbered: boolean;
    },
    actor: string,
  ): Promise<PrintRun> {
    const { database, clock, randomBytes } = this.effects;
    const { code } = institution;
    const { layout } = await this.layouts.of(code);
    return database.write(async (transaction) => {
      const now = clock();
      const ids =
        'batch' in wanted.source
          ? await activeOfBatch(transaction, code, wanted.source.batch)
          : await activeOf(transaction, code, wanted.source.certificates);
      if (ids.length === 0)
        throw new YizhengError('PRINT_RUN_EMPTY', 'There is no certificate in force to be printed.', { status: 422 });
      if (ids.length > RUN_CERTIFICATES)
        throw new YizhengError('PRINT_RUN_TOO_LARGE', `A run holds at most ${RUN_CERTIFICATES} certificates.`, {
          status: 422,
        });
      let firstSerial: number | null = null;
      if (wanted.numbered) {
        await transaction('print_serials').insert({ institution: code, next: 1 }).onConflict('institution').ignore();
        const row: { next: number } = await transaction('print_serials')
          .where({ institution: code })
          .forUpdate()
          .first('next');
        firstSerial = row.next;
        await transaction('print_serials')
          .where({ institution: code })
          .update({ next: firstSerial + ids.length });
      }
      const run: StoredRun = {
        id: Buffer.from(randomBytes(12)).toString('hex'),
        institution: code,
        per_sheet: wanted.perSheet,
        first_serial: firstSerial,
        serial_prefix: layout.serialPrefix,
        certificates: JSON.stringify(ids),
        count: ids.length,
        made_by: actor,
        made_at: now.toISOString(),
      };
      await transaction<StoredRun>('print_runs').insert(run);
      const shown = runOf(run);
      const { serials } = shown;
      const detail = {
        certificates: ids.length,
        perSheet: wanted.perSheet,
        ...(serials && { serials: { ...serials } }),
      };
      await appendAudit(transaction, { tenant: code, actor, action: 'print.run', subject: run.id, detail }, now);
      return shown;
    });
  }

  /** Runs of an institution, newest first. */
  async list(institution: string, limit: number): Promise<PrintRun[]> {
    const rows = await this.effects.database
      .knex<StoredRun>('print_runs')
      .where({ institution })
      .orderBy([{ column: 'made_at', order: 'desc' }, { column: 'id' }])
      .limit(limit);
    return rows.map(runOf);
  }

  /** @throws YizhengError `PRINT_RUN_NOT_FOUND` (404) */
  async get(institution: string, id: string): Promise<PrintRun> {
    return runOf(await this.read(institution, id));
  }

  /**
   * The certificates of one file of a run, as they are in force now.
   * @param file from 1
   * @throws YizhengError `PRINT_RUN_NOT_FOUND` (404), `CERTIFICATE_REVOKED`, `CERTIFICATE_SUSPENDED` (409): one was since
   */
  async certificates(institution: string, id: string, file: number): Promise<RunCertificate[]> {
    const run = await this.read(institution, id);
    const ids = JSON.parse(run.certificates) as string[];
    const from = (file - 1) * RUN_FILE_CERTIFICATES;
    const part = ids.slice(from, from + RUN_FILE_CERTIFICATES);
    if (part.length === 0) throw notFound();
    const found = await issuedOf(this.effects.database.knex, institution, part);
    return part.map((one, i) => ({
      certificate: inForce(found.get(one), one),
      ...(run.first_serial !== null && { serial: serialOf(run, from + i) }),
    }));
  }

  private async read(institution: string, id: string): Promise<StoredRun> {
    const run = await this.effects.database.knex<StoredRun>('print_runs').where({ institution, id }).first();
    if (!run) throw notFound();
    return run;
  }
}

async function activeOf(knex: Knex, institution: string, ids: readonly string[]): Promise<string[]> {
  const found = await issuedOf(knex, institution, ids);
  return [...new Set(ids)].map((id) => inForce(found.get(id), id).id);
}

async function activeOfBatch(knex: Knex, institution: string, batch: string): Promise<string[]> {
  const rows = await knex<CertificateRow>('certificates')
    .where({ institution, state: 'issued', status: 'active' })
    .whereBetween('idempotency_key', [rowKey(batch, 0), rowKey(batch, LAST_ROW)])
    .orderBy('idempotency_key')
    .limit(RUN_CERTIFICATES + 1)
    .select('id');
  return rows.map(({ id }) => id);
}

async function issuedOf(
  knex: Knex,
  institution: string,
  ids: readonly string[],
): Promise<Map<string, IssuedCertificate>> {
  const rows: StoredCertificate[] = await storedCertificates(knex)
    .where({ institution, state: 'issued' })
    .whereIn('id', [...ids]);
  return new Map(
    rows.flatMap((row) => {
      const certificate = issuedCertificate(row);
      return certificate ? [[row.id, certificate] as const] : [];
    }),
  );
}

function inForce(certificate: IssuedCertificate | undefined, id: string): IssuedCertificate {
  if (!certificate)
    throw new YizhengError('CERTIFICATE_NOT_FOUND', 'No such certificate was issued here.', { status: 404, at: id });
  if (certificate.status !== 'active')
    throw new YizhengError(
      `CERTIFICATE_${certificate.status.toUpperCase()}`,
      `Certificate ${certificate.certificateNumber} is ${certificate.status} and is not printed.`,
      { status: 409, at: id },
    );
  return certificate;
}

function serialOf({ serial_prefix: prefix, first_serial: first }: StoredRun, place: number): string {
  return prefix + String((first ?? 0) + place).padStart(DIGITS, '0');
}

function runOf(run: StoredRun): PrintRun {
  return {
    id: run.id,
    perSheet: run.per_sheet === 2 ? 2 : 1,
    certificates: run.count,
    ...(run.first_serial !== null && { serials: { first: serialOf(run, 0), last: serialOf(run, run.count - 1) } }),
    files: Math.ceil(run.count / RUN_FILE_CERTIFICATES),
    madeBy: run.made_by,
    madeAt: run.made_at,
  };
}

function notFound(): YizhengError {
  return new YizhengError('PRINT_RUN_NOT_FOUND', 'There is no such print run here.', { status: 404 });
}
