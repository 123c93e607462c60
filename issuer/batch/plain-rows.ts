import type { ResultKeys } from '../result-keys.js';
import type { PlainPerson, RowTemplate, RowTexts } from './row-template.js';
import { TextPack } from './text-pack.js';
import type { CellProblem } from './types.js';

/** A row that is told by its person and what all rows like it share. */
export interface PlainRow {
  template: RowTemplate;
  person: PlainPerson;
}

/** What is stored of plain rows as it lies there. */
interface StoredTexts extends Record<keyof ResultKeys, TextPack> {
  draft: TextPack;
  /** Ids of their assessments. */
  assessment: TextPack;
}

/** Good rows of a block that differ from earlier ones in nothing but plain personal cells, in the order of the sheet. */
export class PlainRows {
  rows: number[] = [];
  templates: RowTemplate[] = [];
  /** Worth a look, but not wrong. */
  notices: CellProblem[] = [];
  stored = newTexts();
  /** Their drafts, and what keys are made of. */
  readonly texts: RowTexts = {
    draft: this.stored.draft,
    duplicate: new TextPack(),
    holder: new TextPack(),
    result: new TextPack(),
  };
  /** Memory of blocks that were stored. */
  private readonly spare: StoredTexts[] = [];

  /** How many rows there are. */
  get count(): number {
    return this.rows.length;
  }

  /** Adds a row. */
  add(row: number, { template, person }: PlainRow): void {
    const { assessment } = this.stored;
    this.rows.push(row);
    this.templates.push(template);
    assessment.write(person.assessmentId);
    assessment.end();
    template.write(person, this.texts);
  }

  /**
   * Forgets the rows for the next block, and overwrites what holds document numbers.
   * @returns to be called when what is stored of them was stored: then its memory is used again
   */
  renew(): () => void {
    const { stored, texts } = this;
    this.rows = [];
    this.templates = [];
    this.notices = [];
    this.stored = this.spare.pop() ?? newTexts();
    texts.draft = this.stored.draft;
    for (const name of ['duplicate', 'holder', 'result'] as const) texts[name].clear();
    return () => {
      for (const name of STORED) stored[name].clear();
      this.spare.push(stored);
    };
  }
}

const STORED = ['draft', 'assessment', 'duplicateKey', 'holderKey', 'resultKey'] as const;

function newTexts(): StoredTexts {
  return {
    draft: new TextPack(),
    assessment: new TextPack(),
    duplicateKey: new TextPack(),
    holderKey: new TextPack(),
    resultKey: new TextPack(),
  };
}
