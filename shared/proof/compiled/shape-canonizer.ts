import type { JsonObject } from '../../json/parse-json.js';
import { matchShape, type Shape } from './shape.js';
import { deriveTemplates } from './template.js';
import { TemplateFiller } from './template-filler.js';

/**
 * Why a document was not canonicalised: `template-missing`: {@link ShapeCanonizer.learn} may find one; `other-shape`: it is for
 * the general path; `half-character`: a text holds a lone surrogate, so its hash would be that of another text.
 */
export type Refusal = 'template-missing' | 'other-shape' | 'half-character';

/** A document in canonical form. */
export interface Canonical {
  /** UTF-8 of canonical N-Quads, byte for byte what `rdf-canonize` writes; good until the canonizer's next call only. */
  nQuads: Uint8Array;
  /** The document as `JSON.stringify` writes it, without the last brace: members may follow. */
  openJson: () => string;
}

interface Fillers {
  nQuads: TemplateFiller;
  openJson: TemplateFiller;
}

/** Templates kept at once; a certificate in a further shape takes the place of the oldest. */
export const MAX_TEMPLATES = 256;

/** UTF-8 bytes of one UTF-16 unit, at most. */
const MAX_UTF8_BYTES = 3;
const encoder = new TextEncoder();

/**
 * Canonicalises documents of one shape from templates that are derived once for each combination of optional members.
 *
 * For every document of the shape the result equals that of `jsonld` and `rdf-canonize`; for any other it says so.
 */
export class ShapeCanonizer {
  readonly #shape: Shape;
  readonly #templates = new Map<number, Fillers | undefined>();
  #scratch = new Uint8Array(16_384);
  readonly #pending = new Map<number, Promise<boolean>>();

  constructor(shape: Shape) {
    this.#shape = shape;
  }

  /** Canonicalises without waiting. */
  canonize(document: unknown): Canonical | Refusal {
    const match = matchShape(document, this.#shape);
    if (!match) return 'other-shape';
    const fillers = this.#templates.get(match.variant);
    if (!fillers) return this.#templates.has(match.variant) ? 'other-shape' : 'template-missing';
    if (match.hasHalfCharacter) return 'half-character';
    return {
      nQuads: this.#encode(fillers.nQuads.fill(match.values)),
      openJson: () => (match.isPlain ? fillers.openJson.fill(match.values) : JSON.stringify(document).slice(0, -1)),
    };
  }

  /**
   * Derives the template of a document for which `template-missing` was said; takes milliseconds, once per shape.
   * @returns whether there is one now
   */
  learn(document: unknown): Promise<boolean> {
    const match = matchShape(document, this.#shape);
    if (!match) return Promise.resolve(false);
    const { variant } = match;
    const started = this.#pending.get(variant) ?? this.#derive(document as JsonObject, variant);
    this.#pending.set(variant, started);
    return started.finally(() => this.#pending.delete(variant));
  }

  #encode(text: string): Uint8Array {
    if (text.length * MAX_UTF8_BYTES > this.#scratch.length)
      this.#scratch = new Uint8Array(text.length * MAX_UTF8_BYTES);
    return this.#scratch.subarray(0, encoder.encodeInto(text, this.#scratch).written);
  }

  async #derive(document: JsonObject, variant: number): Promise<boolean> {
    const found = await deriveTemplates(document, this.#shape);
    const [oldest] = this.#templates.keys();
    if (this.#templates.size >= MAX_TEMPLATES && oldest !== undefined) this.#templates.delete(oldest);
    this.#templates.set(
      variant,
      found && { nQuads: new TemplateFiller(found.nQuads), openJson: new TemplateFiller(found.openJson) },
    );
    return found !== undefined;
  }
}
