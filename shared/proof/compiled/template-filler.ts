import type { Template } from './template.js';

/** UTF-8 bytes of one UTF-16 unit, at most. */
const MAX_UTF8_BYTES = 3;
const FIRST_NON_ASCII = 0x80;
const encoder = new TextEncoder();

/**
 * A template that is filled again and again: values that were the same every time so far become part of the text. Of the
 * certificates of one exam, few values differ.
 */
class FoldingTemplate {
  readonly #template: Template;
  #folded: Template;
  /** Values that never changed; undefined where one did. */
  #constants: (string | undefined)[] | undefined;

  constructor(template: Template) {
    this.#template = template;
    this.#folded = template;
  }

  /** The template to fill with these values; the same object as before unless other values vary now. */
  for(values: readonly string[]): Template {
    if (!this.#constants) this.#constants = [...values];
    else if (!this.#forgetChanged(this.#constants, values)) return this.#folded;
    this.#folded = this.#fold(this.#constants);
    return this.#folded;
  }

  #forgetChanged(constants: (string | undefined)[], values: readonly string[]): boolean {
    let hasChanged = false;
    for (let i = 0; i < values.length; i++) {
      const constant = constants[i];
      if (constant === undefined || constant === values[i]) continue;
      constants[i] = undefined;
      hasChanged = true;
    }
    return hasChanged;
  }

  #fold(constants: readonly (string | undefined)[]): Template {
    const { parts, holes } = this.#template;
    const foldedParts = [parts[0] ?? ''];
    const foldedHoles: number[] = [];
    holes.forEach((hole, i) => {
      const constant = constants[hole];
      const next = parts[i + 1] ?? '';
      if (constant === undefined) {
        foldedHoles.push(hole);
        foldedParts.push(next);
      } else foldedParts.push((foldedParts.pop() ?? '') + constant + next);
    });
    return { parts: foldedParts, holes: foldedHoles };
  }
}

/** Fills a template as text. */
export class TextFiller {
  readonly #template: FoldingTemplate;

  constructor(template: Template) {
    this.#template = new FoldingTemplate(template);
  }

  /** The text with these values, which are escaped already. */
  fill(values: readonly string[]): string {
    const { parts, holes } = this.#template.for(values);
    let text = parts[0] ?? '';
    for (let i = 0; i < holes.length; i++) text += (values[holes[i] ?? -1] ?? '') + (parts[i + 1] ?? '');
    return text;
  }
}

/**
 * Fills a template as UTF-8. What stays is encoded once, a value that stands in many places once for all of them, and whatever still
 * stands where the last filling put it is left there.
 */
export class BytesFiller {
  readonly #template: FoldingTemplate;
  #filled: Template | undefined;
  #parts: Uint8Array[] = [];
  #partsLength = 0;
  /** The values that vary, each once. */
  #values: EncodedValue[] = [];
  /** Those after each part but the last. */
  #inserted: EncodedValue[] = [];
  #out = new Uint8Array(0);
  /** Where each part stands in `#out`. */
  #starts = new Int32Array(0);

  constructor(template: Template) {
    this.#template = new FoldingTemplate(template);
  }

  /**
   * The bytes with these values, which are escaped already and well-formed.
   * @returns good until the next call, and not to be changed
   */
  fill(values: readonly string[]): Uint8Array {
    const template = this.#template.for(values);
    if (template !== this.#filled) this.#prepare(template);
    this.#encodeValues(values);
    const out = this.#out;
    const starts = this.#starts;
    const parts = this.#parts;
    const inserted = this.#inserted;
    let end = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] ?? NOTHING;
      const isInPlace = starts[i] === end;
      if (!isInPlace) {
        out.set(part, end);
        starts[i] = end;
      }
      end += part.length;
      const value = inserted[i];
      if (!value) break;
      if (!isInPlace || value.isNew) out.set(value.bytes, end);
      end += value.bytes.length;
    }
    return out.subarray(0, end);
  }

  #prepare(template: Template): void {
    this.#filled = template;
    this.#parts = template.parts.map((part) => encoder.encode(part));
    this.#partsLength = this.#parts.reduce((sum, part) => sum + part.length, 0);
    this.#values = [...new Set(template.holes)].map((hole) => new EncodedValue(hole));
    this.#inserted = template.holes.flatMap((hole) => this.#values.filter((value) => value.hole === hole));
    for (const value of this.#inserted) value.places++;
    this.#starts = new Int32Array(this.#parts.length).fill(NOWHERE);
  }

  #encodeValues(values: readonly string[]): void {
    let length = this.#partsLength;
    for (const value of this.#values) length += value.places * value.encode(values[value.hole] ?? '');
    if (length <= this.#out.length) return;
    this.#out = new Uint8Array(2 * length);
    this.#starts.fill(NOWHERE);
  }
}

const NOTHING = new Uint8Array(0);
const NOWHERE = -1;

/** UTF-8 of a value that changes. */
class EncodedValue {
  /** Its number. */
  readonly hole: number;
  /** In how many places it stands. */
  places = 0;
  /** Whether the last text is another than the one before. */
  isNew = true;
  bytes: Uint8Array = NOTHING;
  #text: string | undefined;
  #room = new Uint8Array(64);

  constructor(hole: number) {
    this.hole = hole;
  }

  /** @returns the length in bytes */
  encode(text: string): number {
    this.isNew = text !== this.#text;
    if (!this.isNew) return this.bytes.length;
    this.#text = text;
    if (text.length * MAX_UTF8_BYTES > this.#room.length) {
      this.#room = new Uint8Array(2 * text.length * MAX_UTF8_BYTES);
      this.bytes = NOTHING;
    }
    const length = this.#write(text);
    if (length !== this.bytes.length) this.bytes = this.#room.subarray(0, length);
    return length;
  }

  /** Most values are short and plain: a loop writes those sooner than the encoder begins. */
  #write(text: string): number {
    const room = this.#room;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= FIRST_NON_ASCII) return encoder.encodeInto(text, room).written;
      room[i] = unit;
    }
    return text.length;
  }
}
