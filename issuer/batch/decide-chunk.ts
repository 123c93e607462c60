import { YizhengError } from '../../shared/errors.js';
import type { AccreditationStore } from '../accreditation-store.js';
import type { IssuedUnder } from '../covering-accreditation.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { chinaDate, wholeSecond } from '../time.js';
import type { StoredBatch, StoredChunk } from './batch-tables.js';
import { CoverDecisions } from './cover-facts.js';
import { recheckRow } from './recheck-row.js';
import type { RowFacts } from './row-facts.js';
import { draftAt, type ReadyRows } from './waiting-rows.js';

/** A chunk somebody has claimed, with its batch and its rows. */
export interface ClaimedChunk {
  batch: StoredBatch;
  chunk: StoredChunk;
  institution: Institution;
  /** Rows that wait for their turn. */
  rows: ReadyRows;
  /** Facts of these rows, by id. */
  facts: ReadonlyMap<number, RowFacts>;
}

/** What reserving works with. */
export interface ReserveTools {
  effects: IssuerEffects;
  accreditations: AccreditationStore;
}

/** What was decided about rows of a chunk. Lists go by the place of a row in the chunk. */
export interface Decided {
  keyId: string;
  created: string;
  under: readonly IssuedUnder[];
  /** Place in `under` of each row that may be issued. */
  underOf: readonly number[];
  /** Date of issue of each row. */
  issuedOn: readonly string[];
  /** Codes of rows that were refused, by row. */
  refused: Map<number, string>;
}

/**
 * Asks the accreditation about rows of a chunk, with the key that is active now.
 * @param places of the rows to be decided about
 * @param dates days of issue that are decided already, by place
 * @throws YizhengError what concerns more than a row: codes of `coverByAccreditation`, `KEY_NOT_FOUND`, `BATCH_DAMAGED`
 */
export async function decideChunk(
  { institution, rows, facts }: ClaimedChunk,
  { effects, accreditations }: ReserveTools,
  places: readonly number[],
  dates: ReadonlyMap<number, string> = new Map(),
): Promise<Decided> {
  const { keystore, clock } = effects;
  const view = await accreditations.view(institution.authority);
  await keystore.refresh();
  const { id: keyId } = keystore.activeKey(institution.did, 'assertion');
  const now = clock();
  const created = wholeSecond(now);
  const today = chinaDate(now);
  const decisions = new CoverDecisions(institution, view, { verificationMethod: keyId, created });
  const under: IssuedUnder[] = [];
  const underOf: number[] = [];
  const issuedOn: string[] = [];
  const refused = new Map<number, string>();
  /** Place in `under`, or the code of a refusal. */
  type Outcome = number | string;
  const ordinary = new Map<number, Outcome>();
  const outcomeOf = (place: number, id: number, own: RowFacts, date: string): Outcome => {
    const row = {
      draft: draftAt(rows, place),
      number: rows.number[place] ?? null,
      issued_on: rows.issued_on[place] ?? null,
    };
    const wrong = recheckRow(row, own, { institution: institution.code, issuedOn: date });
    if (wrong !== undefined) return wrong;
    const found = decisions.decide(id, own.cover, date);
    if ('code' in found) return found.code;
    const known = under.indexOf(found.under);
    return known === -1 ? under.push(found.under) - 1 : known;
  };
  for (const place of places) {
    const id = rows.facts[place] ?? 0;
    const own = facts.get(id);
    if (!own) throw new YizhengError('BATCH_DAMAGED', 'A row of the batch has lost its facts.', { status: 500 });
    const date = dates.get(place) ?? rows.issued_on[place] ?? today;
    // Where nothing of the row itself is asked, all rows with these facts are decided alike.
    const isOrdinary = own.seen !== undefined && date === today && isPlain(rows, place);
    const outcome = (isOrdinary ? ordinary.get(id) : undefined) ?? outcomeOf(place, id, own, date);
    if (isOrdinary) ordinary.set(id, outcome);
    issuedOn[place] = date;
    underOf[place] = typeof outcome === 'number' ? outcome : 0;
    if (typeof outcome === 'string') refused.set(rows.row[place] ?? 0, outcome);
  }
  return { keyId, created, under, underOf, issuedOn, refused };
}

/** A row with a draft, without number or date of issue of its own. */
function isPlain({ number, issued_on: issuedOn, draft }: ReadyRows, place: number): boolean {
  return number[place] === null && issuedOn[place] === null && draft.starts[place] !== draft.ends[place];
}

/** Places of rows that were not refused. */
export function placesLeft({ row }: ReadyRows, refused: ReadonlyMap<number, string>): number[] {
  const places: number[] = [];
  for (let place = 0; place < row.length; place++) if (!refused.has(row[place] ?? 0)) places.push(place);
  return places;
}
