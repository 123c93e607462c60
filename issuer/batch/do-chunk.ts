import { errorCode, YizhengError } from '../../shared/errors.js';
import type { BulkSigner, CertificateJob, MadeCertificates } from '../../keys/bulk-signer.js';
import { joinMade } from '../../keys/made-certificates.js';
import { slicePlans } from '../../keys/signing/packed-plans.js';
import { giveBack } from '../../keys/signing/packer-room.js';
import { applyStatusChunk } from './apply-status-chunk.js';
import { factsOf } from './chunk-rows.js';
import type { TakenChunk } from './claim.js';
import type { ClaimedChunk } from './decide-chunk.js';
import { parseReservation, pick, pickLists, plannedRows, type PlannedRows, type Reservation } from './reservation.js';
import { replanChunk, reserveChunk } from './reserve-chunk.js';
import type { Signers } from './signers.js';
import { isUnforeseen, type Patience } from './troubles.js';
import { letGoOfRows, readyRowsOf } from './waiting-rows.js';
import { storeChunk, type SignedRows } from './store-chunk.js';
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
export async function doChunk({ batch, chunk }: TakenChunk, tools: ChunkTools): Promise<boolean> {
  const { knex } = tools.effects.database;
  const institution = await tools.institutions.get(batch.institution);
  const rows = await readyRowsOf(knex, chunk);
  const claimed: ClaimedChunk = { batch, chunk, institution, rows, facts: await factsOf(knex, batch.id, rows) };
  if (batch.operation !== 'issue' && batch.operation !== 'correct')
    return (await applyStatusChunk(claimed, tools.effects)) !== undefined;
  const reservation =
    chunk.reservation === null ? await reserveChunk(claimed, tools) : parseReservation(chunk.reservation);
  return reservation !== undefined && (await signAndStore(claimed, reservation, tools));
}

async function signAndStore(claimed: ClaimedChunk, reserved: Reservation, tools: ChunkTools): Promise<boolean> {
  let reservation: Reservation | undefined = reserved;
  for (let round = 0; round < REPLANS && reservation; round++) {
    const signed = await sign(claimed, reservation, tools);
    if (signed) {
      const issued = await storeChunk(claimed, reservation, signed, tools.effects);
      giveBack(signed.made);
      letGoOfRows(claimed.rows);
      return issued !== undefined;
    }
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
  const planned = plannedRows(claimed.rows, reservation);
  const count = planned.places.length;
  if (count === 0) return { ...planned, made: joinMade([]), refused: new Map() };
  await effects.keystore.refresh();
  const key = effects.keystore.list().find(({ id }) => id === reservation.keyId);
  if (key?.state !== 'active') return undefined;
  const { created, under } = reservation;
  const job = { created, verifierUrl: effects.verifierUrl, under };
  try {
    return await signers.with(reservation.keyId, async (signer) => {
      const halved = await signRows(planned, { from: 0, to: count }, job, signer, patience);
      const [unforeseen] = [...halved.refused.values()].flatMap((own) => (typeof own === 'string' ? [] : own));
      if (patience === 'rows' && halved.signed.length === 0 && unforeseen) throw unforeseen.error;
      return signedRows(claimed, planned, halved);
    });
  } catch (error) {
    if (errorCode(error) === 'KEY_NOT_ACTIVE') return undefined;
    throw error;
  }
}

/** Code of a row whose signing fails again and again with what nobody foresaw. */
const UNSIGNABLE = 'ROW_CANNOT_BE_SIGNED';

interface HalvedRows {
  /** Which of the planned rows were signed, in order. */
  signed: number[];
  made: MadeCertificates;
  /** Code of a planned row that was not, or the error nobody foresaw. */
  refused: Map<number, string | { error: unknown }>;
}

function signedRows(
  { rows }: ClaimedChunk,
  { places, certificates }: PlannedRows,
  { signed, made, refused }: HalvedRows,
): SignedRows {
  return {
    places: pick(places, signed),
    certificates: pickLists(certificates, signed),
    made,
    refused: new Map(
      [...refused].map(([at, own]) => [rows.row[places[at] ?? 0] ?? 0, typeof own === 'string' ? own : UNSIGNABLE]),
    ),
  };
}

/** Signs planned rows from one to before another; where one cannot become a certificate, the others do, found by halving. */
async function signRows(
  planned: PlannedRows,
  { from, to }: { from: number; to: number },
  job: Omit<CertificateJob, 'certificates'>,
  signer: BulkSigner,
  patience: Patience,
): Promise<HalvedRows> {
  try {
    const made = await signer.make({ ...job, certificates: slicePlans(planned.certificates, from, to) });
    if (made.kind.length !== to - from)
      throw new YizhengError('SIGNER_FAILED', 'The signer made too few certificates.', { status: 503 });
    return { signed: range(from, to), made, refused: new Map() };
  } catch (error) {
    const code = errorCode(error);
    const isOfARow = OF_A_ROW.test(code);
    if (!isOfARow && (patience === 'all' || !isUnforeseen(code))) throw error;
    if (to - from === 1)
      return { signed: [], made: joinMade([]), refused: new Map([[from, isOfARow ? code : { error }]]) };
    const middle = (from + to) >> 1;
    const first = await signRows(planned, { from, to: middle }, job, signer, patience);
    const second = await signRows(planned, { from: middle, to }, job, signer, patience);
    return {
      signed: [...first.signed, ...second.signed],
      made: joinMade([first.made, second.made]),
      refused: new Map([...first.refused, ...second.refused]),
    };
  }
}

function range(from: number, to: number): number[] {
  const places: number[] = [];
  for (let place = from; place < to; place++) places.push(place);
  return places;
}
