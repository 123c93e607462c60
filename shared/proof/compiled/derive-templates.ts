import jsonld from 'jsonld';
import { canonize } from 'rdf-canonize';
import type { JsonObject, JsonValue } from '../../json/parse-json.js';
import { createDocumentLoader } from '../document-loader.js';
import { fixedLength, type Member, type Shape } from './shape.js';
import type { DeriveTemplates, ShapeTemplates, Template } from './template.js';

const documentLoader = createDocumentLoader();
const MARKED = /"(\d{6})"|<([^<>"]*[a-z]x\d{4}y)>|"([^<>"]*[a-z]x\d{4}y)"/g;
/** Two probes whose values sort in opposite directions, so that an order that depends on values shows. */
const RISING = (hole: number): number => hole + 1;
const FALLING = (hole: number): number => 9999 - hole;

/**
 * Derives the templates of a document's shape by canonicalising probe documents whose values are markers, with the libraries
 * of the general path (`jsonld` in safe mode, `rdf-canonize` RDFC-1.0).
 * @param document a document that matches `shape`: says which optional members are there
 * @returns undefined when no template serves every document of this shape: the order of lines would depend on values, a value
 *   is not signed at all, or a value appears otherwise than the shape says
 */
export const deriveTemplates: DeriveTemplates = async (document, shape) => {
  const [rising, falling] = await Promise.all([
    cutProbe(document, shape, 'a', RISING),
    cutProbe(document, shape, 'z', FALLING),
  ]);
  return rising && JSON.stringify(rising) === JSON.stringify(falling) ? rising : undefined;
};

async function cutProbe(
  document: JsonObject,
  shape: Shape,
  letter: string,
  rank: (hole: number) => number,
): Promise<ShapeTemplates | undefined> {
  const markers: Marker[] = [];
  const mark = (prefix: string, fixed: number): string => {
    const text = `${prefix}${letter}x${String(rank(markers.length)).padStart(4, '0')}y`;
    markers.push({ text, delimited: prefix === '' ? `"${text}"` : `<${text}>`, fixed });
    return text;
  };
  const markInteger = (): number => {
    const integer = 100_000 + rank(markers.length);
    markers.push({ text: String(integer), delimited: `"${integer}"`, fixed: 0 });
    return integer;
  };
  const probe = probeNode(document, shape, { mark, markInteger });
  const dataset = await jsonld.toRDF(probe, {
    documentLoader,
    safe: true,
    base: null,
    rdfDirection: 'i18n-datatype',
    produceGeneralizedRdf: false,
  });
  const canonical = await canonize(dataset, { algorithm: 'RDFC-1.0', format: 'application/n-quads' });
  const nQuads = cutNQuads(canonical, markers);
  return nQuads && { nQuads, openJson: cutJson(JSON.stringify(probe).slice(0, -1), markers) };
}

/** Stands for a value in a probe. */
interface Marker {
  text: string;
  delimited: string;
  /** How much at its beginning is the same in every document. */
  fixed: number;
}

interface Marking {
  mark(prefix: string, fixed: number): string;
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
        fixedLength(member.prefixes),
      );
    case 'literal':
    case 'instant':
      return marking.mark('', 0);
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

function cutNQuads(canonical: string, markers: readonly Marker[]): Template | undefined {
  const parts: string[] = [];
  const holes: number[] = [];
  let end = 0;
  for (const found of canonical.matchAll(MARKED)) {
    const hole = markers.findIndex(({ delimited }) => delimited === found[0]);
    const marker = markers[hole];
    if (!marker) return undefined;
    parts.push(canonical.slice(end, found.index + 1 + marker.fixed));
    holes.push(hole);
    end = found.index + found[0].length - 1;
  }
  parts.push(canonical.slice(end));
  return markers.every((_, hole) => holes.includes(hole)) ? { parts, holes } : undefined;
}

/** Every value stands once, in document order. */
function cutJson(json: string, markers: readonly Marker[]): Template {
  const parts: string[] = [];
  let end = 0;
  for (const { text, fixed } of markers) {
    const start = json.indexOf(text, end);
    parts.push(json.slice(end, start + fixed));
    end = start + text.length;
  }
  return { parts: [...parts, json.slice(end)], holes: markers.map((_, hole) => hole) };
}
