import { hash } from 'node:crypto';
import type { Knex } from 'knex';
import type { KindId } from '../../shared/certificate/kind.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';

/** What a certificate says that decides where it is counted. */
export type CountedFacts = Pick<
  CertificateRecord,
  | 'kind'
  | 'issuedOn'
  | 'occupation'
  | 'level'
  | 'assessment'
  | 'permit'
  | 'specification'
  | 'competition'
  | 'training'
  | 'appointment'
>;

/**
 * One row of `certificate_cells`: certificates that agree in everything they are counted by. Holds nothing of a holder. There is about one
 * for each assessment session and day of issue.
 */
export interface CellRow {
  id: number;
  /** SHA-256 of all that follows. */
  key: string;
  /** Line of the board: the same institution, kind, occupation and level in every month. */
  series: string;
  institution: string;
  kind: KindId;
  /** Occupation code; of kinds without one what takes its place, e.g. the item of a permit; else empty. */
  occupation: string;
  /** Catalogue edition; `permit` for items of permits. */
  edition: string;
  occupation_name: string;
  framework: string;
  level: string;
  /** `YYYY-MM` of the day of issue. */
  month: string;
  /** Day of issue, China Standard Time. */
  issued_on: string;
  assessment: string;
  /** 1 where the assessment was held outside the institution's province; the place is stored, where holders come from is not. */
  outside_region: number;
  /** Id of the accreditation it was issued under. */
  accreditation: string;
  /** How many there are, kept by the database; see `keepCounts`. */
  issued: number;
  suspended: number;
  revoked: number;
  voided: number;
}

/** A cell as a certificate belongs to it, before it has an id. */
export type NewCell = Omit<CellRow, 'id' | 'issued' | 'suspended' | 'revoked' | 'voided'>;

/** Cells looked up in one query. */
const QUERY_CELLS = 500;

/** Where a certificate is counted. */
export function cellOf(institution: string, facts: CountedFacts, accreditation: string): NewCell {
  return cellMaker(institution)(facts, accreditation);
}

/** {@link cellOf} for many certificates of an institution: those that agree get one and the same cell, made once. */
export function cellMaker(institution: string): (facts: CountedFacts, accreditation: string) => NewCell {
  const made = new Map<string, NewCell>();
  return (facts, accreditation) => {
    const { kind, issuedOn, level, assessment } = facts;
    const subject = subjectOf(facts);
    const line = [institution, kind, subject.code, subject.edition, level?.framework ?? '', level?.value ?? ''];
    const isOutside = assessment.region !== undefined && assessment.region.slice(0, 2) !== institution.slice(5, 7);
    const text = JSON.stringify([...line, issuedOn, assessment.id, isOutside ? 1 : 0, accreditation]);
    const known = made.get(text);
    if (known) return known;
    const cell: NewCell = {
      key: hash('sha256', text),
      series: hash('sha256', JSON.stringify(line)).slice(0, 32),
      institution,
      kind,
      occupation: subject.code,
      edition: subject.edition,
      occupation_name: subject.name,
      framework: level?.framework ?? '',
      level: level?.value ?? '',
      month: issuedOn.slice(0, 7),
      issued_on: issuedOn,
      assessment: assessment.id,
      outside_region: isOutside ? 1 : 0,
      accreditation,
    };
    made.set(text, cell);
    return cell;
  };
}

/**
 * Ids of cells, made where there are none yet. Write transactions run one after the other, so no two make the same.
 * @returns the id of each cell by its key
 */
export async function idsOfCells(
  transaction: Knex.Transaction,
  cells: readonly NewCell[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = new Map(cells.map((cell) => [cell.key, cell]));
  const ids = await known(transaction, [...wanted.keys()]);
  const fresh = [...wanted.values()].filter(({ key }) => !ids.has(key));
  for (let start = 0; start < fresh.length; start += QUERY_CELLS)
    await transaction<CellRow>('certificate_cells').insert(fresh.slice(start, start + QUERY_CELLS));
  const made = await known(
    transaction,
    fresh.map(({ key }) => key),
  );
  return new Map([...ids, ...made]);
}

async function known(transaction: Knex.Transaction, keys: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let start = 0; start < keys.length; start += QUERY_CELLS) {
    const rows = await transaction<CellRow>('certificate_cells')
      .whereIn('key', keys.slice(start, start + QUERY_CELLS))
      .select('id', 'key');
    for (const { id, key } of rows) found.set(key, id);
  }
  return found;
}

function subjectOf(facts: CountedFacts): { code: string; edition: string; name: string } {
  const { occupation, permit, specification, competition, training, appointment } = facts;
  if (occupation) return { code: occupation.code, edition: occupation.catalogueEdition, name: occupation.name };
  if (permit) return { code: permit.item, edition: 'permit', name: permit.item };
  if (specification) return { code: specification.code, edition: '', name: specification.code };
  const name = competition?.name ?? training?.title ?? appointment?.position ?? '';
  return { code: name, edition: '', name };
}
