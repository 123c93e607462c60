/** What was signed last under each name, so that nobody makes the registry sign the same again by asking. */
export class SignedOnce<T> {
  private readonly made = new Map<string, { input: string; output: Promise<T> }>();

  /** The one made from the same input, else a new one. A failure is not kept. */
  get(name: string, input: readonly string[], make: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(input);
    const known = this.made.get(name);
    if (known?.input === key) return known.output;
    const output = make();
    const entry = { input: key, output };
    this.made.set(name, entry);
    output.catch(() => {
      if (this.made.get(name) === entry) this.made.delete(name);
    });
    return output;
  }
}
