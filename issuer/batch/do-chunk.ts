import { errorCode, YizhengError } from '../../shared/errors.js';
import type { BulkSigner, CertificateJob } from '../../keys/bulk-signer.js';
import type { StoredBatch, StoredChunk } from './batch-tables.js';
import { applyStatusChunk } from './apply-status-chunk.js';
import type { Claim } from './claim.js';
import { plannedRows, type PlannedRow, type Reservation } from './reservation.js';
import { replanChunk, reserveChunk, type ClaimedChunk } from './reserve-chunk.js';
import type { Signers } from './signers.js';
import { isUnforeseen, type Patience } from './troubles.js';
import { readyRowsOf } from './waiting-rows.js';
import { storeChunk, type SignedRow, type SignedRows } from './store-chunk.js';
import type { WorkerTools } from './worker.js';

/** What doing a chunk works with. */
export interface ChunkTools extends WorkerTools {
  signers: Signers;
  /** How errors of signing that nobody foresaw are dealt with. */
  patience: Patience;
}

/** How often the key may change under a chunk before it is left for later. */
const REPLANS = 3;

/** Codes that are about the row that was to be signed, not about the signer or this host. */
const OF_A_ROW = /^(?:RECORD_|CREDENTIAL_|JSON_|QR_TOO_LARGE$)/;

/**
 * Does one claimed chunk: reserve, sign, store; or goes on where another worker ended. Doing it again changes nothing.
 * @returns false when there was nothing to do: somebody else has it, or its batch no longer runs
 * @throws YizhengError of whatever kept it from being done; what was reserved stays reserved
 */
export async function doChunk({ batch: id, chunk: number, token }: Claim, tools: ChunkTools): Promise<boolean> {
  const { knex } = tools.effects.database;
  const batch = await knex<StoredBatch>('batches').where({ id }).first();
  const chunk = await knex<StoredChunk>('batch_chunks').where({ batch: id, chunk: number, claim: token }).first();
  if (!batch || !chunk) return false;
  const institution = await tools.institutions.get(batch.institution);
  const claimed: ClaimedChunk = { batch, chunk, institution, rows: await readyRowsOf(knex, chunk) };
  if (batch.operation !== 'issue' && batch.operation !== 'correct')
    return (await applyStatusChunk(claimed, tools.effects)) !== undefined;
  const reservation =
    chunk.reservation === null ? await reserveChunk(claimed, tools) : (JSON.parse(chunk.reservation) as Reservation);
  return reservation !== undefined && (await signAndStore(claimed, reservation, tools));
}

async function signAndStore(claimed: ClaimedChunk, reserved: Reservation, tools: ChunkTools): Promise<boolean> {
  let reservation: Reservation | undefined = reserved;
  for (let round = 0; round < REPLANS && reservation; round++) {
    const signed = await sign(claimed, reservation, tools);
    if (signed) return (await storeChunk(claimed, reservation, signed, tools.effects)) !== undefined;
    reservation = await replanChunk(claimed, reservation, tools);
  }
  return false;
}

/** @returns the signed rows; undefined when the reserved key may no longer sign */
async function sign(
  claimed: ClaimedChunk,
  reservation: Reservation,
  { effects, signers, patience }: ChunkTools,
): Promise<SignedRows | undefined> {
  const rows = plannedRows(claimed.rows, reservation);
  if (rows.length === 0) return { signed: [], refused: new Map() };
  await effects.keystore.refresh();
  const key = effects.keystore.list().find(({ id }) => id === reservation.keyId);
  if (key?.state !== 'active') return undefined;
  const { created, under } = reservation;
  const job = { created, verifierUrl: effects.verifierUrl, under };
  try {
    return await signers.with(reservation.keyId, async (signer) => {
      const made = await signRows(rows, job, signer, patience);
      const [unforeseen] = [...made.refused.values()].flatMap((own) => (typeof own === 'string' ? [] : own));
      if (patience === 'rows' && made.signed.length === 0 && unforeseen) throw unforeseen.error;
      const refused = [...made.refused].map(([row, own]) => [row, typeof own === 'string' ? own : UNSIGNABLE] as const);
      return { signed: made.signed, refused: new Map(refused) };
    });
  } catch (error) {
    if (errorCode(error) === 'KEY_NOT_ACTIVE') return undefined;
    throw error;
  }
}

/** Code of a row whose signing fails again and again with what nobody foresaw. */
const UNSIGNABLE = 'ROW_CANNOT_BE_SIGNED';

interface HalvedRows {
  signed: SignedRow[];
  /** Code, or the error nobody foresaw. */
  refused: Map<number, string | { error: unknown }>;
}

/** Signs rows; where one cannot become a certificate, the others do, found by halving. */
async function signRows(
  rows: readonly PlannedRow[],
  job: Omit<CertificateJob, 'certificates'>,
  signer: BulkSigner,
  patience: Patience,
): Promise<HalvedRows> {
  try {
    const made = await signer.make({ ...job, certificates: rows.map(({ planned }) => planned) });
    const signed = rows.flatMap((row, i) => {
      const own = made[i];
      if (own) return [{ ...row, made: own }];
      throw new YizhengError('SIGNER_FAILED', 'The signer made too few certificates.', { status: 503 });
    });
    return { signed, refused: new Map() };
  } catch (error) {
    const code = errorCode(error);
    const isOfARow = OF_A_ROW.test(code);
    if (!isOfARow && (patience === 'all' || !isUnforeseen(code))) throw error;
    const [only, ...others] = rows;
    if (only && others.length === 0)
      return { signed: [], refused: new Map([[only.stored.row, isOfARow ? code : { error }]]) };
    const middle = rows.length >> 1;
    const first = await signRows(rows.slice(0, middle), job, signer, patience);
    const second = await signRows(rows.slice(middle), job, signer, patience);
    return {
      signed: [...first.signed, ...second.signed],
      refused: new Map([...first.refused, ...second.refused]),
    };
  }
}
