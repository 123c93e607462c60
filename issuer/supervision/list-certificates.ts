import type { Knex } from 'knex';
import { appendAudit } from '../../server/index.js';
import type { CertificateRow, CertificateStatus } from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import type { CellRow } from './certificate-cells.js';

/** A certificate as supervision lists it: nothing of its holder. */
export interface SupervisedCertificate {
  certificateNumber: string;
  revision: number;
  status: CertificateStatus;
  statusReason?: string;
  issuedOn: string;
  /** When it was signed and stored, RFC 3339; far behind the day of issue it was dated back. */
  signedAt: string;
  assessment: string;
}

/** Which certificates are listed. */
export interface CertificateQuery {
  institution: string;
  series: string;
  month: string;
  assessment?: string | undefined;
  /** Number of the last certificate of the page before. */
  after?: string | undefined;
  limit: number;
}

/**
 * The certificates behind one number of the board, by certificate number; that somebody looked is written down in the audit log of the
 * institution.
 */
export async function listCertificates(
  { database, clock }: Pick<IssuerEffects, 'database' | 'clock'>,
  query: CertificateQuery,
  actor: string,
): Promise<{ certificates: SupervisedCertificate[]; next?: string }> {
  const { institution, series, month, assessment, limit } = query;
  return database.write(async (transaction) => {
    const certificates = await read(transaction, query);
    await appendAudit(
      transaction,
      {
        tenant: institution,
        actor,
        action: 'supervision.certificates',
        subject: series,
        detail: { month, ...(assessment !== undefined && { assessment }), found: certificates.length },
      },
      clock(),
    );
    const last = certificates.length === limit ? certificates.at(-1) : undefined;
    return { certificates, ...(last && { next: last.certificateNumber }) };
  });
}

type ListedRow = Pick<
  CertificateRow,
  'number' | 'revision' | 'status' | 'status_reason' | 'issued_at' | 'reserved_at'
> &
  Pick<CellRow, 'issued_on' | 'assessment'>;

async function read(
  knex: Knex,
  { institution, series, month, assessment, after, limit }: CertificateQuery,
): Promise<SupervisedCertificate[]> {
  const cells = knex<CellRow>('certificate_cells').where({ institution, series, month }).select('id');
  if (assessment !== undefined) void cells.where({ assessment });
  const query = knex('certificates')
    .join('certificate_cells', 'certificate_cells.id', 'certificates.cell')
    .whereIn('certificates.cell', cells)
    .whereRaw(`certificates.state = 'issued'`)
    .whereRaw(`not (certificates.status = 'revoked' and coalesce(certificates.status_reason, '') = 'superseded')`)
    .orderBy('certificates.number')
    .limit(limit);
  if (after !== undefined) void query.where('certificates.number', '>', after);
  const rows = await query.select<ListedRow[]>(
    'certificates.number',
    'certificates.revision',
    'certificates.status',
    'certificates.status_reason',
    'certificates.issued_at',
    'certificates.reserved_at',
    'certificate_cells.issued_on',
    'certificate_cells.assessment',
  );
  return rows.map((row) => ({
    certificateNumber: row.number,
    revision: row.revision,
    status: row.status,
    ...(row.status_reason !== null && { statusReason: row.status_reason }),
    issuedOn: row.issued_on,
    signedAt: row.issued_at ?? row.reserved_at,
    assessment: row.assessment,
  }));
}
