import type { JsonObject } from '../../json/parse-json.js';
import { matchShape, type Shape, type ShapeMatch } from './shape.js';
import { BytesFiller, type OpenApartText } from './bytes-filler.js';
import type { DeriveTemplates, ShapeTemplates } from './template.js';
import { TextFiller } from './text-filler.js';
import { VaryingHoles } from './varying-holes.js';

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
  /** UTF-8 of that, good until the canonizer's next call only; undefined where a value needs a look at the text. */
  openJsonBytes: () => Uint8Array | undefined;
  /** The same, apart from what following documents share with it, as {@link BytesFiller.apart}; to be asked for after the bytes. */
  openJsonApart: () => OpenApartText | undefined;
}

/** What fills the templates of one shape. */
class Fillers {
  readonly #holes = new VaryingHoles();
  readonly #nQuads: BytesFiller;
  readonly #text: TextFiller;
  readonly #bytes: BytesFiller;
  #isUsed = false;

  constructor({ nQuads, openJson }: ShapeTemplates) {
    this.#nQuads = new BytesFiller(nQuads, this.#holes);
    this.#text = new TextFiller(openJson, this.#holes);
    this.#bytes = new BytesFiller(openJson, this.#holes);
  }

  fill({ values, isPlain }: ShapeMatch, document: () => unknown): Canonical {
    this.#isUsed = true;
    this.#holes.note(values);
    return {
      nQuads: this.#nQuads.fill(values),
      openJson: () => (isPlain ? this.#text.fill(values) : JSON.stringify(document()).slice(0, -1)),
      openJsonBytes: () => (isPlain ? this.#bytes.fill(values) : undefined),
      openJsonApart: () => (isPlain ? this.#bytes.apart() : undefined),
    };
  }

  /** Looks only at what was filled since the last look. */
  isSound(): boolean {
    const isUsed = this.#isUsed;
    this.#isUsed = false;
    return !isUsed || (this.#nQuads.isSound() && this.#bytes.isSound());
  }
}

/** Templates kept at once; a certificate in a further shape takes the place of the oldest. */
export const MAX_TEMPLATES = 256;

/**
 * Canonicalises documents of one shape from templates that are derived once for each combination of optional members.
 *
 * For every document of the shape the result equals that of `jsonld` and `rdf-canonize`; for any other it says so.
 */
export class ShapeCanonizer {
  readonly #shape: Shape;
  readonly #deriveTemplates: DeriveTemplates;
  readonly #templates = new Map<number, Fillers | undefined>();
  readonly #pending = new Map<number, Promise<boolean>>();

  /** @param derive where templates come from */
  constructor(shape: Shape, derive: DeriveTemplates) {
    this.#shape = shape;
    this.#deriveTemplates = derive;
  }

  /** Canonicalises without waiting. @param beside see `matchShape` */
  canonize(document: unknown, beside?: string): Canonical | Refusal {
    const match = matchShape(document, this.#shape, beside);
    return match ? this.canonizeMatch(match, () => document) : 'other-shape';
  }

  /**
   * Canonicalises a document of which the match with the shape is known.
   * @param match what `matchShape` gives, or would give, for it
   * @param document makes the document; asked only where its JSON text needs it
   */
  canonizeMatch(match: ShapeMatch, document: () => unknown): Canonical | Refusal {
    const fillers = this.#templates.get(match.variant);
    if (!fillers) return this.#templates.has(match.variant) ? 'other-shape' : 'template-missing';
    if (match.hasHalfCharacter) return 'half-character';
    return fillers.fill(match, document);
  }

  /** Whether everything that was canonicalised in place since the last look still stands as its template and values say. */
  isSound(): boolean {
    return [...this.#templates.values()].every((fillers) => fillers?.isSound() ?? true);
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

  async #derive(document: JsonObject, variant: number): Promise<boolean> {
    const found = await this.#deriveTemplates(document, this.#shape);
    const [oldest] = this.#templates.keys();
    if (this.#templates.size >= MAX_TEMPLATES && oldest !== undefined) this.#templates.delete(oldest);
    this.#templates.set(variant, found && new Fillers(found));
    return found !== undefined;
  }
}
