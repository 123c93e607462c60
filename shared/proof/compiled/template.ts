import jsonld from 'jsonld';
import { canonize } from 'rdf-canonize';
import type { JsonObject, JsonValue } from '../../json/parse-json.js';
import { createDocumentLoader } from '../document-loader.js';
import type { Member, Shape } from './shape.js';

/** The canonical N-Quads of a shape with holes: `parts[0]`, value of `holes[0]`, `parts[1]`, … */
export interface Template {
  parts: readonly string[];
  /** Which value stands between part i and part i + 1. */
  holes: readonly number[];
}

const documentLoader = createDocumentLoader();
const MARKED = /"(\d{6})"|<([^<>"]*[a-z]x\d{4}y)>|"([^<>"]*[a-z]x\d{4}y)"/g;
/** Two probes whose values sort in opposite directions, so that an order that depends on values shows. */
const RISING = (hole: number): number => hole + 1;
const FALLING = (hole: number): number => 9999 - hole;

/**
 * Derives the template of a document's shape by canonicalising probe documents whose values are markers, with the libraries
 * of the general path (`jsonld` in safe mode, `rdf-canonize` RDFC-1.0).
 * @param document a document that matches `shape`: says which optional members are there
 * @returns undefined when no template serves every document of this shape: the order of lines would depend on values, a value
 *   is not signed at all, or a value appears otherwise than the shape says
 */
export async function deriveTemplate(document: JsonObject, shape: Shape): Promise<Template | undefined> {
  const [rising, falling] = await Promise.all([
    canonicalProbe(document, shape, 'a', RISING),
    canonicalProbe(document, shape, 'z', FALLING),
  ]);
  return rising && JSON.stringify(rising) === JSON.stringify(falling) ? rising : undefined;
}

/** Puts values, escaped already, into a template. */
export function fillTemplate({ parts, holes }: Template, values: readonly string[]): string {
  const pieces = new Array<string>(parts.length + holes.length);
  for (let i = 0; i < holes.length; i++) {
    pieces[2 * i] = parts[i] ?? '';
    pieces[2 * i + 1] = values[holes[i] ?? -1] ?? '';
  }
  pieces[2 * holes.length] = parts[holes.length] ?? '';
  // Joining writes one flat text; adding up would leave a rope that is flattened again before it is hashed.
  return pieces.join('');
}

async function canonicalProbe(
  document: JsonObject,
  shape: Shape,
  letter: string,
  rank: (hole: number) => number,
): Promise<Template | undefined> {
  const markers: string[] = [];
  const mark = (prefix: string): string => {
    const marker = `${prefix}${letter}x${String(rank(markers.length)).padStart(4, '0')}y`;
    markers.push(prefix === '' ? `"${marker}"` : `<${marker}>`);
    return marker;
  };
  const markInteger = (): number => {
    const marker = 100_000 + rank(markers.length);
    markers.push(`"${marker}"`);
    return marker;
  };
  const probe = probeNode(document, shape, { mark, markInteger });
  const options = {
    documentLoader,
    safe: true,
    base: null,
    rdfDirection: 'i18n-datatype',
    produceGeneralizedRdf: false,
  };
  const dataset = await jsonld.toRDF(probe, options as Parameters<typeof jsonld.toRDF>[1]);
  return cut(await canonize(dataset, { algorithm: 'RDFC-1.0', format: 'application/n-quads' }), markers);
}

interface Marking {
  mark(prefix: string): string;
  markInteger(): number;
}

function probeNode(node: JsonValue | undefined, members: Shape, marking: Marking): JsonObject {
  const original = node as JsonObject;
  return Object.fromEntries(
    members
      .filter(({ name }) => name in original)
      .map((member) => [member.name, probeValue(original[member.name], member, marking)]),
  );
}

function probeValue(value: JsonValue | undefined, member: Member, marking: Marking): JsonValue {
  switch (member.is) {
    case 'iri':
      return marking.mark(
        member.prefixes.find((prefix) => typeof value === 'string' && value.startsWith(prefix)) ?? '',
      );
    case 'literal':
    case 'instant':
      return marking.mark('');
    case 'integer':
      return marking.markInteger();
    case 'node':
      return probeNode(value, member.members, marking);
    case 'nodes':
      return member.items.map((item, i) => probeNode((value as JsonValue[])[i], item, marking));
    case 'constant':
    case 'list':
    case 'types':
      return value ?? null;
  }
}

function cut(canonical: string, markers: readonly string[]): Template | undefined {
  const parts: string[] = [];
  const holes: number[] = [];
  let end = 0;
  for (const found of canonical.matchAll(MARKED)) {
    const hole = markers.indexOf(found[0]);
    if (hole < 0) return undefined;
    parts.push(canonical.slice(end, found.index + 1));
    holes.push(hole);
    end = found.index + found[0].length - 1;
  }
  parts.push(canonical.slice(end));
  return markers.every((_, hole) => holes.includes(hole)) ? { parts, holes } : undefined;
}
