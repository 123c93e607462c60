import type { Template } from './template.js';

/**
 * Fills a template again and again, and writes values that were the same every time so far only once: of the certificates of
 * one exam, few values differ. The text is always that of the template with these values.
 */
export class TemplateFiller {
  readonly #template: Template;
  #folded: Template;
  /** Values that never changed; undefined where one did. */
  #constants: (string | undefined)[] = [];
  #isNew = true;

  constructor(template: Template) {
    this.#template = template;
    this.#folded = template;
  }

  /** The text with these values, which are escaped already. */
  fill(values: readonly string[]): string {
    if (this.#isNew) {
      this.#constants = [...values];
      this.#isNew = false;
      this.#fold();
    } else if (this.#forgetChanged(values)) this.#fold();
    const { parts, holes } = this.#folded;
    let text = parts[0] ?? '';
    for (let i = 0; i < holes.length; i++) text += (values[holes[i] ?? -1] ?? '') + (parts[i + 1] ?? '');
    return text;
  }

  #forgetChanged(values: readonly string[]): boolean {
    let hasChanged = false;
    for (let i = 0; i < values.length; i++) {
      const constant = this.#constants[i];
      if (constant === undefined || constant === values[i]) continue;
      this.#constants[i] = undefined;
      hasChanged = true;
    }
    return hasChanged;
  }

  #fold(): void {
    const { parts, holes } = this.#template;
    const foldedParts = [parts[0] ?? ''];
    const foldedHoles: number[] = [];
    holes.forEach((hole, i) => {
      const constant = this.#constants[hole];
      const next = parts[i + 1] ?? '';
      if (constant === undefined) {
        foldedHoles.push(hole);
        foldedParts.push(next);
      } else foldedParts.push((foldedParts.pop() ?? '') + constant + next);
    });
    this.#folded = { parts: foldedParts, holes: foldedHoles };
  }
}
