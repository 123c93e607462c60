import type { FactIds } from './fact-ids.js';
import type { PlainKeys } from './plain-keys.js';
import type { PlainRows } from './plain-rows.js';
import type { ReadyColumns } from './row-block.js';

/** Plain rows of a block that nothing speaks against. */
export class ReadyPlainRows {
  private readonly places: number[] = [];
  private readonly facts: number[] = [];

  constructor(
    private readonly plain: PlainRows,
    private readonly keys: PlainKeys,
  ) {}

  /** Adds a row by its place among the plain rows. */
  add(i: number, facts: FactIds): void {
    const template = this.plain.templates[i];
    if (!template) throw new RangeError('There is no such row.');
    this.places.push(i);
    this.facts.push(facts.idOfShared(template.draft));
  }

  /** What is stored of them; undefined where there are none. */
  columns(): ReadyColumns | undefined {
    const { places, facts, keys, plain } = this;
    if (places.length === 0) return undefined;
    const { draft } = plain.texts;
    const days = places.map((i) => plain.templates[i]?.issuedOn ?? null);
    return {
      rows: places.map((i) => plain.rows[i] ?? 0),
      columns: {
        draft: places.map((i) => draft.text(i)),
        facts,
        number: null,
        issued_on: days.every((day) => day === null) ? null : days,
        assessment: places.map((i) => plain.assessments[i]),
        duplicate_key: places.map((i) => keys.key('duplicateKey', i)),
        result_key: places.map((i) => keys.key('resultKey', i)),
        holder_key: places.map((i) => keys.key('holderKey', i)),
        certificate: null,
        reason: null,
      },
    };
  }
}
