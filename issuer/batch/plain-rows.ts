import type { ResultKeys } from '../result-keys.js';
import type { PersonBytes } from './person-bytes.js';
import type { RowTemplate, RowTexts } from './row-template.js';
import { TextPack } from './text-pack.js';
import type { CellProblem } from './types.js';

/** What is stored of plain rows as it lies there. */
interface StoredTexts extends Record<keyof ResultKeys, TextPack> {
  draft: TextPack;
  /** Ids of their assessments. */
  assessment: TextPack;
}

/** Bytes there is room for at first in what keys are made of. */
const KEY_BYTES = 64 * 1024;

/** Good rows of a block that differ from earlier ones in nothing but plain personal cells, in the order of the sheet. */
export class PlainRows {
  readonly rows: number[] = [];
  readonly templates: RowTemplate[] = [];
  /** Worth a look, but not wrong. */
  readonly notices: CellProblem[] = [];
  readonly stored: StoredTexts = {
    draft: new TextPack(),
    assessment: new TextPack(),
    duplicateKey: new TextPack(),
    holderKey: new TextPack(),
    resultKey: new TextPack(),
  };
  /** Their drafts, and what keys are made of. */
  readonly texts: RowTexts = {
    draft: this.stored.draft,
    duplicate: new TextPack(KEY_BYTES, true),
    holder: new TextPack(KEY_BYTES, true),
    result: new TextPack(KEY_BYTES, true),
  };

  /** How many rows there are. */
  get count(): number {
    return this.rows.length;
  }

  /** Adds a row. */
  add(row: number, template: RowTemplate, person: PersonBytes): void {
    const { assessment } = this.stored;
    this.rows.push(row);
    this.templates.push(template);
    assessment.copy(person.bytes, person.assessmentStart, person.assessmentEnd);
    assessment.end();
    template.write(person, this.texts);
  }

  /** Overwrites what keys were made of, document numbers among it. */
  forgetKeyTexts(): void {
    for (const name of KEY_TEXTS) this.texts[name].clear();
  }

  /** Forgets all rows. */
  clear(): void {
    this.rows.length = 0;
    this.templates.length = 0;
    this.notices.length = 0;
    for (const name of STORED) this.stored[name].clear();
    this.forgetKeyTexts();
  }
}

const STORED = ['draft', 'assessment', 'duplicateKey', 'holderKey', 'resultKey'] as const;
const KEY_TEXTS = ['duplicate', 'holder', 'result'] as const;
