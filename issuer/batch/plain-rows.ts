import type { CellProblem } from './types.js';
import type { PlainPerson, RowTemplate, RowTexts } from './row-template.js';
import { TextPack } from './text-pack.js';

/** A row that is told by its person and what all rows like it share. */
export interface PlainRow {
  template: RowTemplate;
  person: PlainPerson;
}

/** Good rows of a block that differ from earlier ones in nothing but plain personal cells, in the order of the sheet. */
export class PlainRows {
  rows: number[] = [];
  templates: RowTemplate[] = [];
  /** Worth a look, but not wrong. */
  notices: CellProblem[] = [];
  /** Ids of their assessments. */
  assessments = new TextPack(16 * 1024);
  readonly texts: RowTexts = {
    draft: new TextPack(),
    duplicate: new TextPack(),
    holder: new TextPack(),
    result: new TextPack(),
  };

  /** How many rows there are. */
  get count(): number {
    return this.rows.length;
  }

  /** Adds a row. */
  add(row: number, { template, person }: PlainRow): void {
    this.rows.push(row);
    this.templates.push(template);
    this.assessments.write(person.assessmentId);
    this.assessments.end();
    template.write(person, this.texts);
  }

  /** Forgets the rows for the next block. Their drafts and assessments are left to whoever stores them; what holds document numbers is overwritten. */
  renew(): void {
    const { texts } = this;
    this.rows = [];
    this.templates = [];
    this.assessments = new TextPack(this.assessments.bytes.length);
    this.notices = [];
    texts.draft = new TextPack(texts.draft.bytes.length);
    for (const name of ['duplicate', 'holder', 'result'] as const) texts[name].clear();
  }
}
