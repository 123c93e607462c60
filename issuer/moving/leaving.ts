import type { Knex } from 'knex';
import type { Keystore } from '../../keys/keystore.js';
import { HOST_TENANT } from '../../server/index.js';
import { openEvidence, sealEvidence } from '../applications/sealed-evidence.js';
import { NumberSeal } from '../assessment-sessions/number-seal.js';
import type { IssuerKeystore } from '../effects.js';
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

/** Makes one row ready to leave; undefined for one that stays. */
export type Leave = (row: MovedRow) => MovedRow | Promise<MovedRow>;

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
    case 'batch_rows':
      return (row) => ({
        ...row,
        duplicate_key: null,
        holder_key: null,
        result_key: row['result_key'] === null ? null : MADE_ANEW,
      });
    case 'batches':
      return (row) => ({ ...row, file_hmac: null });
    case 'batch_chunks':
      return (row) => ({ ...row, claim: null, claimed_until: null });
    case 'credential_offers':
      return leaveOffer;
    case 'assessment_sessions':
      return (row) => ({ ...row, lead: tools.code, handing_in_until: null });
    case 'assessment_candidates':
      return (row) => leaveCandidate(row, tools);
    case 'applications':
      return (row) => ({ ...row, holder_key: MADE_ANEW });
    case 'application_evidence':
      return (row) => leaveEvidence(row, tools);
    case 'idempotency_keys':
      return (row) => ({ ...row, fingerprint: USED_ELSEWHERE });
    case 'accounts':
      return ({ id, login, name, created_at, disabled_at }) =>
        ({ id, login, name, created_at, disabled_at }) as MovedRow;
    case 'credential_makers':
      return leaveMakers(tools.knex);
    case 'audit_log':
      return (row) => leaveEntry(row, tools);
    default:
      return (row) => row;
  }
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
  return ({ sequence: _, ...row }) =>
    ({ ...row, maker: host.has(textOf(row, 'maker')) ? OF_OLD_HOST : row['maker'] }) as MovedRow;
}

async function leaveEntry(row: MovedRow, { knex, from }: LeavingTools): Promise<MovedRow> {
  const { sequence, previous_hash, hash, ...entry } = row;
  const before: object[] = await knex('audit_origins')
    .where({ sequence })
    .select('origin', 'origin_sequence', 'origin_previous_hash', 'origin_hash');
  const here = { origin: from, origin_sequence: sequence, origin_previous_hash: previous_hash, origin_hash: hash };
  return { ...entry, origins: [...before, here] };
}
