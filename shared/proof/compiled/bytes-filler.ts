import {
  MOST_OWN_TEXTS,
  OWN_TEXT_SEPARATOR,
  ownTextSign,
  type ApartText,
} from '../../certificate/credential-skeleton.js';
import { EncodedValue } from './encoded-value.js';
import { foldTemplate, type Template } from './template.js';
import type { VaryingHoles } from './varying-holes.js';

const encoder = new TextEncoder();
const SEPARATOR = OWN_TEXT_SEPARATOR.charCodeAt(0);
/** After so many documents that found no further value to vary, the next will hardly find one either. */
const STEADY_FILLS = 32;
/** Texts a proof adds to those of the document: when it was made, and the signature. */
const PROOF_TEXTS = 2;

/** A text without its last brace, kept apart; `texts`: how many of its own it has. */
export interface OpenApartText extends ApartText {
  texts: number;
}

/**
 * Fills a template as UTF-8, in the place where the last document stands: of a value only the bytes that changed are written, and
 * what follows a value of another length is moved. Two certificates of one exam differ in some hundred of four thousand bytes.
 */
export class BytesFiller {
  readonly #template: Template;
  readonly #holes: VaryingHoles;
  #version = 0;
  #folded: Template = { parts: [], holes: [] };
  /** The values that vary, each once. */
  #values: EncodedValue[] = [];
  /** Value of each place, and where it starts. */
  #valueAt: EncodedValue[] = [];
  #starts = new Int32Array(0);
  /** Start, end and shift of each stretch to move. */
  #moves = new Int32Array(0);
  #bytes = new Uint8Array(0);
  #filled = this.#bytes;
  /** Documents filled since it was last begun. */
  #fills = 0;
  #skeleton: string | undefined;
  #own = new Uint8Array(256);

  /** @param holes has taken note of the values before each filling */
  constructor(template: Template, holes: VaryingHoles) {
    this.#template = template;
    this.#holes = holes;
  }

  /**
   * The bytes with these values, which are escaped already and well-formed.
   * @returns good until the next call, and not to be changed
   */
  fill(values: readonly string[]): Uint8Array {
    if (this.#version !== this.#holes.version) this.#begin(values);
    else this.#update(values);
    this.#fills++;
    return this.#filled;
  }

  /**
   * The text of the last filling apart from what the next will share with it.
   * @returns its own texts are good until the next call; undefined where there are too many of them, or new ones came up lately
   */
  apart(): OpenApartText | undefined {
    if (this.#fills < STEADY_FILLS || this.#values.length + PROOF_TEXTS > MOST_OWN_TEXTS) return undefined;
    const texts = this.#values.length;
    let length = texts;
    for (const value of this.#values) length += value.length;
    if (length > this.#own.length) this.#own = new Uint8Array(2 * length);
    const own = this.#own;
    let end = 0;
    for (let number = 0; number < texts; number++) {
      const value = this.#values[number];
      if (!value) continue;
      const { bytes, length: size } = value;
      if (number > 0) own[end++] = SEPARATOR;
      for (let i = 0; i < size; i++) own[end++] = bytes[i] ?? 0;
    }
    this.#skeleton ??= this.#skeletonText();
    return { skeleton: this.#skeleton, own: own.subarray(0, end), texts };
  }

  /** Whether what stands in place after so many fillings is what writing it anew gives. */
  isSound(): boolean {
    const text = this.#folded.parts.map((part, place) => part + (this.#valueAt[place]?.text ?? '')).join('');
    return isSame(encoder.encode(text), this.#filled);
  }

  #skeletonText(): string {
    const signs = this.#valueAt.map((value) => ownTextSign(this.#values.indexOf(value)));
    return this.#folded.parts.map((part, place) => part + (signs[place] ?? '')).join('');
  }

  /** Writes everything anew. */
  #begin(values: readonly string[]): void {
    this.#version = this.#holes.version;
    this.#fills = 0;
    this.#skeleton = undefined;
    const { constants, sameAs } = this.#holes;
    this.#folded = foldTemplate(this.#template, constants);
    const { parts } = this.#folded;
    const holes = this.#folded.holes.map((hole) => sameAs[hole] ?? hole);
    const byHole = new Map(holes.map((hole) => [hole, new EncodedValue(hole)]));
    this.#values = [...byHole.values()];
    this.#valueAt = holes.flatMap((hole) => byHole.get(hole) ?? []);
    holes.forEach((hole, place) => byHole.get(hole)?.places.push(place));
    for (const value of this.#values) value.set(values[value.hole] ?? '');
    this.#starts = new Int32Array(holes.length);
    this.#moves = new Int32Array(3 * (holes.length + 1));

    const pieces: Uint8Array[] = [];
    let end = 0;
    parts.forEach((part, place) => {
      const bytes = encoder.encode(part);
      const value = this.#valueAt[place];
      pieces.push(bytes);
      end += bytes.length;
      if (!value) return;
      this.#starts[place] = end;
      pieces.push(value.bytes.slice(0, value.length));
      end += value.length;
    });
    this.#bytes = new Uint8Array(2 * end);
    let start = 0;
    for (const piece of pieces) {
      this.#bytes.set(piece, start);
      start += piece.length;
    }
    this.#filled = this.#bytes.subarray(0, end);
  }

  #update(values: readonly string[]): void {
    let hasMoved = false;
    for (const value of this.#values) if (value.set(values[value.hole] ?? '')) hasMoved = true;
    if (hasMoved) this.#move();
    const bytes = this.#bytes;
    const starts = this.#starts;
    for (const { places, bytes: from, changedFrom, changedUntil } of this.#values) {
      if (changedFrom >= changedUntil) continue;
      for (const place of places) {
        const start = starts[place] ?? 0;
        for (let at = changedFrom; at < changedUntil; at++) bytes[start + at] = from[at] ?? 0;
      }
    }
  }

  /** Makes room where values became longer and closes up where they became shorter. */
  #move(): void {
    const starts = this.#starts;
    const moves = this.#moves;
    const old = this.#filled.length;
    let count = 0;
    let shift = 0;
    let from = 0;
    for (let place = 0; place < starts.length; place++) {
      const start = starts[place] ?? 0;
      const value = this.#valueAt[place];
      if (value && value.growth !== 0) {
        count = addMove(moves, count, from, start, shift);
        from = start + value.length - value.growth;
      }
      starts[place] = start + shift;
      shift += value?.growth ?? 0;
    }
    count = addMove(moves, count, from, old, shift);
    this.#makeRoom(old + shift);
    // A stretch that moves right must not be written over by the one before it, nor one that moves left by the one after it.
    for (let i = count - 3; i >= 0; i -= 3) if ((moves[i + 2] ?? 0) > 0) this.#shift(i);
    for (let i = 0; i < count; i += 3) if ((moves[i + 2] ?? 0) < 0) this.#shift(i);
    this.#filled = this.#bytes.subarray(0, old + shift);
  }

  #shift(move: number): void {
    const start = this.#moves[move] ?? 0;
    this.#bytes.copyWithin(start + (this.#moves[move + 2] ?? 0), start, this.#moves[move + 1]);
  }

  #makeRoom(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * length);
    larger.set(this.#filled);
    this.#bytes = larger;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function addMove(moves: Int32Array, count: number, start: number, end: number, shift: number): number {
  if (shift === 0 || start === end) return count;
  moves[count] = start;
  moves[count + 1] = end;
  moves[count + 2] = shift;
  return count + 3;
}
