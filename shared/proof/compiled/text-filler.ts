import { foldTemplate, type Template } from './template.js';
import type { VaryingHoles } from './varying-holes.js';

/** Fills a template as text. */
export class TextFiller {
  readonly #template: Template;
  readonly #holes: VaryingHoles;
  #folded: Template;
  #version = 0;

  /** @param holes has taken note of the values before each filling */
  constructor(template: Template, holes: VaryingHoles) {
    this.#template = template;
    this.#folded = template;
    this.#holes = holes;
  }

  /** The text with these values, which are escaped already. */
  fill(values: readonly string[]): string {
    if (this.#version !== this.#holes.version) {
      this.#version = this.#holes.version;
      this.#folded = foldTemplate(this.#template, this.#holes.constants);
    }
    const { parts, holes } = this.#folded;
    let text = parts[0] ?? '';
    for (let i = 0; i < holes.length; i++) text += (values[holes[i] ?? -1] ?? '') + (parts[i + 1] ?? '');
    return text;
  }
}
