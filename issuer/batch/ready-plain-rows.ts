import type { SqlColumn } from '../../server/index.js';
import type { ResultKeys } from '../result-keys.js';
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
    const { places, facts, plain } = this;
    if (places.length === 0) return undefined;
    return {
      rows: places.length === plain.count ? plain.rows : places.map((i) => plain.rows[i] ?? 0),
      columns: {
        facts,
        number: null,
        issued_on: this.days(),
        certificate: null,
        reason: null,
        ...(places.length === plain.count ? this.all() : this.some()),
      },
    };
  }

  /** Dates of issue; null where no row gives one. */
  private days(): (string | null)[] | null {
    const days: (string | null)[] = [];
    let isGiven = false;
    for (const i of this.places) {
      const day = this.plain.templates[i]?.issuedOn ?? null;
      if (day !== null) isGiven = true;
      days.push(day);
    }
    return isGiven ? days : null;
  }

  /** The texts of all plain rows, as they lie there. */
  private all(): Pick<ReadyColumns['columns'], Text> {
    const { keys, plain } = this;
    const column = (name: keyof ResultKeys): SqlColumn => ({ packed: [keys.packed(name)] });
    return {
      draft: { packed: [plain.stored.draft] },
      assessment: { packed: [plain.stored.assessment] },
      duplicate_key: column('duplicateKey'),
      result_key: column('resultKey'),
      holder_key: column('holderKey'),
    };
  }

  private some(): Pick<ReadyColumns['columns'], Text> {
    const { keys, places, plain } = this;
    const column = (name: keyof ResultKeys): SqlColumn => places.map((i) => keys.key(name, i));
    return {
      draft: places.map((i) => plain.stored.draft.text(i)),
      assessment: places.map((i) => plain.stored.assessment.text(i)),
      duplicate_key: column('duplicateKey'),
      result_key: column('resultKey'),
      holder_key: column('holderKey'),
    };
  }
}

type Text = 'draft' | 'assessment' | 'duplicate_key' | 'result_key' | 'holder_key';
