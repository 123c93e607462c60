const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

/** A text in a JSON text: what stands before it, and where it belongs in the value. */
interface Hole {
  before: Uint8Array;
  owner: Record<string, unknown>;
  name: string;
  /** UTF-8 of the text that stands there now, in the first `length` bytes. */
  bytes: Uint8Array;
  length: number;
}

/** A JSON text with its texts left open: all that differ from it in those only are read by comparing. */
export class DraftTemplate {
  /** What `JSON.parse` makes of the text that was read last. */
  readonly value: unknown;
  readonly #holes: readonly Hole[];
  readonly #after: Uint8Array;

  private constructor(value: unknown, holes: readonly Hole[], after: Uint8Array) {
    this.value = value;
    this.#holes = holes;
    this.#after = after;
  }

  /**
   * @param text JSON
   * @returns undefined where it is not written as `JSON.stringify` writes it, or one of its texts needs an escape
   * @throws SyntaxError where it is no JSON
   */
  static of(text: string): DraftTemplate | undefined {
    const value: unknown = JSON.parse(text);
    const writer = new TemplateWriter();
    writer.write(value);
    return writer.text === text ? new DraftTemplate(value, writer.holes, Buffer.from(writer.part)) : undefined;
  }

  /**
   * Takes over a text into {@link DraftTemplate.value}.
   * @returns whether it is one of these texts; if not, the value is none any more until one is read
   */
  read(bytes: Buffer, start: number, end: number): boolean {
    let at = start;
    for (const hole of this.#holes) {
      const { before } = hole;
      if (!standsAt(bytes, before, before.length, at)) return false;
      at += before.length;
      // The quote counts: a text may begin with the one before.
      if (standsAt(bytes, hole.bytes, hole.length + 1, at)) at += hole.length;
      else {
        const until = endOfText(bytes, at, end);
        if (until === -1) return false;
        take(hole, bytes, at, until);
        at = until;
      }
    }
    return standsAt(bytes, this.#after, this.#after.length, at) && at + this.#after.length === end;
  }
}

type Owner = Record<string, unknown>;

/** Writes a value as `JSON.stringify` does, and notes its texts. */
class TemplateWriter {
  readonly holes: Hole[] = [];
  text = '';
  /** What was written since the last text. */
  part = '';

  write(value: unknown): void {
    if (typeof value !== 'object' || value === null) this.#add(JSON.stringify(value));
    else if (Array.isArray(value)) this.#members('[', value as unknown as Owner, () => '', ']');
    else this.#members('{', value as Owner, (name) => `${JSON.stringify(name)}:`, '}');
  }

  #members(open: string, owner: Owner, label: (name: string) => string, close: string): void {
    this.#add(open);
    for (const [i, name] of Object.keys(owner).entries()) {
      const value = owner[name];
      this.#add((i === 0 ? '' : ',') + label(name));
      if (typeof value === 'string') this.#hole(owner, name, value);
      else this.write(value);
    }
    this.#add(close);
  }

  #hole(owner: Owner, name: string, text: string): void {
    this.#add('"');
    const bytes = Buffer.from(`${text}"`);
    this.holes.push({ before: Buffer.from(this.part), owner, name, bytes, length: bytes.length - 1 });
    this.part = '';
    this.text += text;
    this.#add('"');
  }

  #add(part: string): void {
    this.part += part;
    this.text += part;
  }
}

function take(hole: Hole, bytes: Buffer, start: number, end: number): void {
  hole.owner[hole.name] = bytes.toString('utf8', start, end);
  hole.length = end - start;
  if (hole.bytes.length <= hole.length) hole.bytes = new Uint8Array(2 * hole.length + 1);
  // With the quote behind it.
  for (let i = 0; i <= hole.length; i++) hole.bytes[i] = bytes[start + i] ?? 0;
}

/** Where the text ends that begins at a place; -1 where it needs a closer look. */
function endOfText(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH || byte < FIRST_PRINTABLE) return -1;
  }
  return -1;
}

/** Whether the first `length` bytes of a part stand at a place. */
function standsAt(bytes: Uint8Array, part: Uint8Array, length: number, place: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[place + i] !== part[i]) return false;
  return true;
}
