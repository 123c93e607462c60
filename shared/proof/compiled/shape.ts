/** What stands at a member of a document of a shape. */
export type Member = { name: string; optional?: true } & (
  | { is: 'constant'; value: string }
  | { is: 'list'; values: readonly string[] }
  /** A `type` of two values, the second one of several. */
  | { is: 'types'; first: string; second: readonly string[] }
  /** Any text; becomes a literal. */
  | { is: 'literal' }
  /** RFC 3339 with whole seconds, in UTC or China Standard Time; becomes a literal. */
  | { is: 'instant' }
  /** A number from 1 to 999,999; becomes a literal. */
  | { is: 'integer' }
  /** Becomes an IRI; begins with one of the prefixes and holds plain characters only. */
  | { is: 'iri'; prefixes: readonly string[] }
  | { is: 'node'; members: Shape }
  | { is: 'nodes'; items: readonly Shape[] }
);

/** Members of a JSON object in their order. */
export type Shape = readonly Member[];

/** A document that is of a shape. */
export interface ShapeMatch {
  /** Tells apart which optional members are there and which `type` it is; the same for every document of one template. */
  variant: number;
  /** What varies, in document order, escaped as canonical N-Quads has it; of an IRI with one possible prefix what follows that. */
  values: string[];
  /** Every value stands in canonical N-Quads and in JSON as it is. */
  isPlain: boolean;
  /** A value holds a lone surrogate: in UTF-8 it would be another text. */
  hasHalfCharacter: boolean;
}

const LARGEST_INTEGER = 999_999;
const IRI = /^[A-Za-z0-9:/#._%~!*'()-]+$/;
/** What needs a second look: what is escaped, and surrogates, which must come in pairs. */
const SPECIAL = /[\u0000-\u001f\u007f"\\\ud800-\udfff]/;
const ESCAPED = /[\u0000-\u001f\u007f"\\]/g;
const SHORT_ESCAPES: Record<string, string> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};
const INSTANT = /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|\+08:00)$/;

/** A text as it stands between the quotes of a canonical N-Quads literal (RDF Dataset Canonicalization 1.0 §5). */
export function escapeLiteral(text: string): string {
  return text.replace(ESCAPED, escapeSign);
}

function escapeSign(sign: string): string {
  return SHORT_ESCAPES[sign] ?? `\\u${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * A member with everything any kind of member has, so that V8 reads all of them alike; and the text that was last found good there: most
 * members of certificates one after the other say the same, and one comparison costs less than the look at every character.
 */
class Step {
  readonly name: string;
  readonly is: Member['is'];
  readonly optional: boolean;
  /** Of a constant; the first of two types. */
  readonly value: string;
  /** Of a list; second types. */
  readonly values: readonly string[];
  readonly prefixes: readonly string[];
  readonly steps: readonly Step[];
  readonly items: readonly (readonly Step[])[];
  /** The plain text that was last found good. */
  goodText: string | undefined;
  /** What it adds to the values. */
  goodValue = '';

  constructor(member: Member) {
    this.name = member.name;
    this.is = member.is;
    this.optional = member.optional === true;
    this.value = member.is === 'constant' ? member.value : member.is === 'types' ? member.first : '';
    this.values = member.is === 'list' ? member.values : member.is === 'types' ? member.second : [];
    this.prefixes = member.is === 'iri' ? member.prefixes : [];
    this.steps = member.is === 'node' ? stepsOf(member.members) : [];
    this.items = member.is === 'nodes' ? member.items.map(stepsOf) : [];
  }
}

const known = new WeakMap<Shape, readonly Step[]>();

function stepsOf(shape: Shape): readonly Step[] {
  const steps = known.get(shape) ?? shape.map((member) => new Step(member));
  known.set(shape, steps);
  return steps;
}

/**
 * Matches a document with a shape: the same members in the same order, constants as they must be, every value of its kind.
 * @param document a plain object, as `JSON.parse` makes them
 * @param beside name of a member that is not looked at where it stands last in the document
 * @returns undefined for a document that differs in anything
 */
export function matchShape(document: unknown, shape: Shape, beside?: string): ShapeMatch | undefined {
  const match: ShapeMatch = { variant: 1, values: [], isPlain: true, hasHalfCharacter: false };
  return matchNode(document, known.get(shape) ?? stepsOf(shape), match, beside) ? match : undefined;
}

function matchNode(node: unknown, steps: readonly Step[], match: ShapeMatch, beside?: string): boolean {
  if (typeof node !== 'object' || node === null || Object.getPrototypeOf(node) !== Object.prototype) return false;
  let next = 0;
  let isAtEnd = false;
  // The loop reads the members of an object in their order without making lists of them; inherited ones there are none.
  for (const name in node) {
    if (isAtEnd) return false;
    let step = steps[next++];
    while (step?.optional === true && step.name !== name) {
      match.variant *= 2;
      step = steps[next++];
    }
    if (step?.name !== name) {
      if (step !== undefined || name !== beside) return false;
      isAtEnd = true;
      continue;
    }
    if (step.optional) match.variant = match.variant * 2 + 1;
    if (!matchValue((node as Record<string, unknown>)[name], step, match)) return false;
  }
  for (; next < steps.length; next++) {
    if (steps[next]?.optional !== true) return false;
    match.variant *= 2;
  }
  return true;
}

function matchValue(value: unknown, step: Step, match: ShapeMatch): boolean {
  switch (step.is) {
    case 'literal':
      return (
        typeof value === 'string' &&
        (matchText(plainValue(value, step, literalValue), match) || matchLiteral(value, match))
      );
    case 'iri':
      return typeof value === 'string' && matchText(plainValue(value, step, iriValue), match);
    case 'constant':
      return value === step.value;
    case 'list':
      return Array.isArray(value) && isSameList(value, step.values);
    case 'types': {
      if (!Array.isArray(value) || value.length !== 2 || value[0] !== step.value) return false;
      const place = step.values.indexOf(value[1] as string);
      match.variant = match.variant * step.values.length + place;
      return place >= 0;
    }
    case 'instant':
      return typeof value === 'string' && matchText(plainValue(value, step, instantValue), match);
    case 'integer':
      return isPlainInteger(value) && match.values.push(String(value)) > 0;
    case 'node':
      return matchNode(value, step.steps, match);
    case 'nodes':
      return Array.isArray(value) && matchNodes(value, step.items, match);
  }
}

/**
 * What a plain text adds to the values, found by a look at each of its characters unless it is the one that was good before.
 * @param look gives it; undefined where the text is not plain, or not of the member's kind
 */
function plainValue(
  text: string,
  step: Step,
  look: (text: string, prefixes: readonly string[]) => string | undefined,
): string | undefined {
  if (text === step.goodText) return step.goodValue;
  const value = look(text, step.prefixes);
  if (value !== undefined) {
    step.goodText = text;
    step.goodValue = value;
  }
  return value;
}

function literalValue(text: string): string | undefined {
  return isPlainText(text) ? text : undefined;
}

function instantValue(text: string): string | undefined {
  return isInstant(text) ? text : undefined;
}

function matchText(value: string | undefined, match: ShapeMatch): boolean {
  if (value !== undefined) match.values.push(value);
  return value !== undefined;
}

/** Adds the text of a literal to a match. */
export function matchLiteral(text: string, match: ShapeMatch): true {
  if (SPECIAL.test(text)) {
    match.isPlain = false;
    match.hasHalfCharacter ||= !text.isWellFormed();
    match.values.push(escapeLiteral(text));
  } else match.values.push(text);
  return true;
}

/** A text with nothing that needs an escape or a second look. */
export function isPlainText(text: string): boolean {
  return !SPECIAL.test(text);
}

/** A time as shapes take it, see {@link Member}. */
export function isInstant(text: string): boolean {
  return INSTANT.test(text);
}

function matchNodes(nodes: readonly unknown[], items: readonly (readonly Step[])[], match: ShapeMatch): boolean {
  if (nodes.length !== items.length) return false;
  for (let i = 0; i < items.length; i++) if (!matchNode(nodes[i], items[i] ?? [], match)) return false;
  return true;
}

function isSameList(list: readonly unknown[], values: readonly string[]): boolean {
  if (list.length !== values.length) return false;
  for (let i = 0; i < values.length; i++) if (list[i] !== values[i]) return false;
  return true;
}

/**
 * The value of an IRI of plain characters that begins with one of the prefixes and does not end there: what follows the prefix where
 * there is only one, else all of it. Undefined for anything else.
 */
export function iriValue(text: string, prefixes: readonly string[]): string | undefined {
  for (const prefix of prefixes)
    if (text.length > prefix.length && text.startsWith(prefix))
      return IRI.test(text) ? text.slice(fixedLength(prefixes)) : undefined;
  return undefined;
}

/** How much of an IRI with one of these prefixes is the same in every document. */
export function fixedLength([prefix = '', ...others]: readonly string[]): number {
  return others.length === 0 ? prefix.length : 0;
}

/** A number as shapes take it, see {@link Member}. */
export function isPlainInteger(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= LARGEST_INTEGER;
}
