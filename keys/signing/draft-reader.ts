import { DraftTemplate } from './draft-template.js';

/** Kinds of drafts remembered; those of one exam are of a few kinds, which differ in what is left out. */
const MOST_TEMPLATES = 8;
/** So many drafts in a row of kinds not seen before, and nothing more is learnt: looking for what they share would not pay. */
const MOST_MISSES = 64;

/**
 * Reads JSON texts of which many are alike: of a text that differs from an earlier one in texts only, just those are taken over, into
 * the same object. Exactly what `JSON.parse` makes of each, in half the time.
 */
export class DraftReader {
  /** The one used last comes first. */
  readonly #templates: DraftTemplate[] = [];
  #misses = 0;

  /**
   * @param bytes holds a JSON text in UTF-8 from `start` to `end`
   * @returns its value, good until the next call, which may change it; members that are not in the text may be added to it
   * @throws SyntaxError where it is no JSON
   */
  read(bytes: Buffer, start: number, end: number): unknown {
    for (let i = 0; i < this.#templates.length; i++) {
      const template = this.#templates[i];
      if (!template?.read(bytes, start, end)) continue;
      if (i > 0) this.#templates.unshift(...this.#templates.splice(i, 1));
      this.#misses = 0;
      return template.value;
    }
    return this.#learn(bytes.toString('utf8', start, end));
  }

  #learn(text: string): unknown {
    const template = this.#misses++ < MOST_MISSES ? DraftTemplate.of(text) : undefined;
    if (!template) return JSON.parse(text);
    if (this.#templates.unshift(template) > MOST_TEMPLATES) this.#templates.pop();
    return template.value;
  }
}
