/**
 * Which values of a template differ from document to document, and which are always the same as another. Of the certificates of one
 * exam few differ, so what was the same every time becomes part of the text; once it changed, it stays a hole.
 */
export class VaryingHoles {
  /** Grows whenever there is more to fill. */
  version = 0;
  /** Values that never changed; undefined where one did. */
  readonly constants: (string | undefined)[] = [];
  /** The first hole that had the same value in every document. */
  readonly sameAs: number[] = [];
  /** Holes that vary together with an earlier one. */
  #followers: number[] = [];

  /** Takes note of the values of the next document, which are as many as those of the one before. */
  note(values: readonly string[]): void {
    if (this.version === 0) {
      this.constants.push(...values);
      this.sameAs.push(...values.map((value) => values.indexOf(value)));
      this.version = 1;
      return;
    }
    if (this.#isAnyNew(values)) {
      this.version++;
      this.#followers = this.sameAs.flatMap((first, i) =>
        first !== i && this.constants[i] === undefined && this.constants[first] === undefined ? [i] : [],
      );
    }
  }

  #isAnyNew(values: readonly string[]): boolean {
    const { constants, sameAs } = this;
    let isNew = false;
    for (let i = 0; i < constants.length; i++) {
      const constant = constants[i];
      if (constant === undefined || constant === values[i]) continue;
      constants[i] = undefined;
      isNew = true;
    }
    if (isNew)
      sameAs.forEach((first, i) => {
        if (values[first] !== values[i]) sameAs[i] = i;
      });
    for (const i of this.#followers)
      if (values[sameAs[i] ?? i] !== values[i]) {
        sameAs[i] = i;
        isNew = true;
      }
    return isNew;
  }
}
