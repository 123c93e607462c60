import type { Knex } from 'knex';
import type { Keystore } from '../../keys/keystore.js';
import { HOST_TENANT } from '../../server/index.js';
import { openEvidence, sealEvidence } from '../applications/sealed-evidence.js';
import { NumberSeal } from '../assessment-sessions/number-seal.js';
import { credentialJson, type CertificateRow } from '../certificate-row.js';
import type { IssuerKeystore } from '../effects.js';
import type { AuditOrigin } from './audit-origins.js';
import { textOf, type MovedRow } from './table-file.js';

/** What rows are made ready with. */
export interface LeavingTools {
  knex: Knex;
  code: string;
  /** Custody of this host, which what it sealed is opened with. */
  keystore: IssuerKeystore;
  /** Keystore of the archive, which it is sealed with on the way. */
  transfer: Keystore;
  /** Address of this host. */
  from: string;
  randomBytes: (length: number) => Uint8Array;
}

/** Makes rows ready to leave, in order. */
export type Leave = (rows: readonly MovedRow[]) => MovedRow[] | Promise<MovedRow[]>;

/** Stands for an HMAC that the new host makes anew; it cannot be one. */
export const MADE_ANEW = '';

/** An idempotency key that was used stays used, whatever is sent with it: the body's HMAC was this host's. */
export const USED_ELSEWHERE = 'moved';

/** Who gave an access at the old host, being of the host: nobody the new one knows. */
const OF_OLD_HOST = 'operator';

/**
 * How rows of a table leave. HMACs are made with a secret that serves every institution of this host, so none of them goes along: what can be
 * made anew from what a certificate says is, and of the rest the number is known no more than its last characters, which is how records
 * without a full number always were. What is sealed with custody is opened and sealed for the way.
 */
export async function leavingOf(table: string, tools: LeavingTools): Promise<Leave> {
  switch (table) {
    case 'certificates':
      return (rows) => leaveCertificates(rows, tools.knex);
    case 'batch_rows':
      return each((row) => withoutKeys(row, row['draft'] !== null));
    case 'batches':
      return each((row) => ({ ...row, file_hmac: null }));
    case 'batch_chunks':
      return each((row) => ({ ...row, claim: null, claimed_until: null }));
    case 'credential_offers':
      return each(leaveOffer);
    case 'assessment_sessions':
      return each((row) => ({ ...row, lead: tools.code, handing_in_until: null }));
    case 'assessment_candidates':
      return (rows) => oneByOne(rows, (row) => leaveCandidate(row, tools));
    case 'applications':
      return each((row) => ({ ...row, holder_key: MADE_ANEW }));
    case 'application_evidence':
      return (rows) => oneByOne(rows, (row) => leaveEvidence(row, tools));
    case 'idempotency_keys':
      return each((row) => ({ ...row, fingerprint: USED_ELSEWHERE }));
    case 'accounts':
      return each(
        ({ id, login, name, created_at, disabled_at }) => ({ id, login, name, created_at, disabled_at }) as MovedRow,
      );
    case 'credential_makers':
      return leaveMakers(tools.knex);
    case 'audit_log':
      return (rows) => leaveEntries(rows, tools);
    default:
      return each((row) => row);
  }
}

function each(leave: (row: MovedRow) => MovedRow): Leave {
  return (rows) => rows.map(leave);
}

async function oneByOne(rows: readonly MovedRow[], leave: (row: MovedRow) => Promise<MovedRow>): Promise<MovedRow[]> {
  const ready: MovedRow[] = [];
  for (const row of rows) ready.push(await leave(row));
  return ready;
}

function withoutKeys(row: MovedRow, isKnown: boolean): MovedRow {
  const isMade = isKnown && row['result_key'] !== null;
  return { ...row, duplicate_key: null, holder_key: null, result_key: isMade ? MADE_ANEW : null };
}

/** Texts leave whole: what certificates of this host share stays here. */
async function leaveCertificates(rows: readonly MovedRow[], knex: Knex): Promise<MovedRow[]> {
  const ids = new Set(rows.flatMap(({ skeleton }) => (typeof skeleton === 'number' ? [skeleton] : [])));
  const known: { skeleton_id: number; skeleton_text: string }[] = await knex('credential_skeletons')
    .whereIn('skeleton_id', [...ids])
    .select('skeleton_id', 'skeleton_text');
  const texts = new Map(known.map(({ skeleton_id: id, skeleton_text: text }) => [id, text]));
  return rows.map((row) => {
    const { credential, own_texts, skeleton } = row as unknown as CertificateRow;
    const skeleton_text = texts.get(skeleton ?? 0) ?? null;
    const whole = credentialJson({ credential, own_texts, skeleton_text });
    const isKnown = whole !== null || row['unsigned'] !== null;
    return withoutKeys({ ...row, credential: whole, own_texts: null, skeleton: null }, isKnown);
  });
}

/** A transaction code is known by an HMAC only, so an open offer that asks for one ends; others stay good with their links. */
function leaveOffer(row: MovedRow): MovedRow {
  if (row['tx_code_hash'] === null || row['state'] !== 'open') return { ...row, tx_code_hash: null };
  return { ...row, tx_code_hash: null, sealed: null, state: 'withdrawn' };
}

async function leaveCandidate(
  row: MovedRow,
  { code, keystore, transfer, randomBytes }: LeavingTools,
): Promise<MovedRow> {
  const place = { institution: code, id: textOf(row, 'session') };
  const { sealed_number: sealed } = row;
  if (typeof sealed !== 'string') return { ...row, holder_key: MADE_ANEW };
  const own = await NumberSeal.of({ keystore, randomBytes }, place);
  const way = await NumberSeal.of({ keystore: transfer, randomBytes }, place);
  const number = own.open(sealed, textOf(row, 'holder_key'));
  return { ...row, holder_key: MADE_ANEW, sealed_number: way.seal(number, textOf(row, 'candidate')) };
}

async function leaveEvidence(row: MovedRow, { keystore, transfer, randomBytes }: LeavingTools): Promise<MovedRow> {
  const { sealed } = row;
  const id = textOf(row, 'id');
  if (typeof sealed !== 'string') return row;
  const text = await openEvidence(sealed, id, { keystore });
  return { ...row, sealed: await sealEvidence(text, id, { keystore: transfer, randomBytes }) };
}

async function leaveMakers(knex: Knex): Promise<Leave> {
  const accounts: { account: string; roles: string }[] = await knex('account_memberships')
    .where({ tenant: HOST_TENANT })
    .select('account', 'roles');
  const keys: { id: string }[] = await knex('api_keys').where({ tenant: HOST_TENANT }).select('id');
  const host = new Set([
    ...accounts.filter(({ roles }) => roles.split(' ').includes('admin')).map(({ account }) => account),
    ...keys.map(({ id }) => id),
  ]);
  return each(
    ({ sequence: _, ...row }) =>
      ({ ...row, maker: host.has(textOf(row, 'maker')) ? OF_OLD_HOST : row['maker'] }) as MovedRow,
  );
}

async function leaveEntries(rows: readonly MovedRow[], { knex, from }: LeavingTools): Promise<MovedRow[]> {
  const known: AuditOrigin[] = await knex<AuditOrigin>('audit_origins').whereIn(
    'sequence',
    rows.map((row) => Number(row['sequence'])),
  );
  const before = groups(known);
  return rows.map(({ sequence, previous_hash, hash, ...entry }) => {
    const here = { origin: from, origin_sequence: sequence, origin_previous_hash: previous_hash, origin_hash: hash };
    return { ...entry, origins: [...(before.get(Number(sequence)) ?? []), here] };
  });
}

function groups(origins: readonly AuditOrigin[]): Map<number, object[]> {
  const found = new Map<number, object[]>();
  for (const { sequence, ...origin } of origins) found.set(sequence, [...(found.get(sequence) ?? []), origin]);
  return found;
}
