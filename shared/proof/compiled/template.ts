import type { JsonObject } from '../../json/parse-json.js';
import type { Shape } from './shape.js';

/** A text with holes: `parts[0]`, value of `holes[0]`, `parts[1]`, … */
export interface Template {
  parts: readonly string[];
  /** Which value stands between part i and part i + 1. */
  holes: readonly number[];
}

/** Both texts of the documents of a shape. */
export interface ShapeTemplates {
  /** Canonical N-Quads. */
  nQuads: Template;
  /** What `JSON.stringify` writes, without the last brace; serves values that need no escape. */
  openJson: Template;
}

/** Derives the templates of a document's shape, as `deriveTemplates` does; undefined when no template serves all documents of it. */
export type DeriveTemplates = (document: JsonObject, shape: Shape) => Promise<ShapeTemplates | undefined>;

/**
 * The template with constants in the text instead of holes.
 * @param constants by hole; undefined where a hole stays
 */
export function foldTemplate(template: Template, constants: readonly (string | undefined)[]): Template {
  const parts = [template.parts[0] ?? ''];
  const holes: number[] = [];
  template.holes.forEach((hole, i) => {
    const constant = constants[hole];
    const next = template.parts[i + 1] ?? '';
    if (constant === undefined) {
      holes.push(hole);
      parts.push(next);
    } else parts.push((parts.pop() ?? '') + constant + next);
  });
  return { parts, holes };
}
