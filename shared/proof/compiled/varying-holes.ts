/**
 * Which values of a template differ from document to document. Of the certificates of one exam few do, so what was the same every time
 * becomes part of the text; once it changed, it stays a hole.
 */
export class VaryingHoles {
  /** Grows whenever a further value varies. */
  version = 0;
  /** Values that never changed; undefined where one did. */
  constants: readonly (string | undefined)[] = [];
  #seen: (string | undefined)[] | undefined;

  /** Takes note of the values of the next document. */
  note(values: readonly string[]): void {
    const seen = this.#seen;
    if (!seen) {
      this.#seen = [...values];
      this.constants = this.#seen;
      this.version++;
      return;
    }
    let hasChanged = false;
    for (let i = 0; i < seen.length; i++) {
      const constant = seen[i];
      if (constant === undefined || constant === values[i]) continue;
      seen[i] = undefined;
      hasChanged = true;
    }
    if (hasChanged) this.version++;
  }
}
