/** Most different facts remembered; beyond that a row gets its own. */
const REMEMBERED = 5000;

/** Gives each different text of facts an id, so that it is stored once and not with every row. */
export class FactIds {
  private readonly ids = new Map<string, number>();
  private fresh = new Map<number, string>();
  private next = 1;

  /** Id of this text in the batch. */
  idOf(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.next++;
    if (this.ids.size < REMEMBERED) this.ids.set(text, id);
    this.fresh.set(id, text);
    return id;
  }

  /** What has come since the last call. */
  takeFresh(): ReadonlyMap<number, string> {
    const fresh = this.fresh;
    this.fresh = new Map();
    return fresh;
  }
}
