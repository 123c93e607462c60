/** What a person could type to be run or computed by whoever shows it; every payload holds it. */
export const MARK = '<img src=x';
/** What a spreadsheet takes for the start of a formula. */
const STARTS = ['=', '@', '+', '-'] as const;
const LONG = 40;
const PAYLOAD = new RegExp(`[=@+-](?:SUM\\(1\\)|1)${MARK}[^>]*>\\d{3}`);

interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  maxLength?: number;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
}
interface Operation {
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}
/** The part of an OpenAPI 3.1 document that these tests read. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

let count = 0;

/** Text that would be a formula in a sheet and an element in a page; no two are the same. @param max longest it may be, in characters */
export function payload(max = LONG): string {
  const n = String(++count).padStart(3, '0');
  const start = STARTS[count % STARTS.length] ?? '=';
  return max >= LONG ? `${start}SUM(1)${MARK} onerror=ran()>${n}` : `${start}1${MARK}>${n}`;
}

/**
 * Every field of a request's JSON body that takes text as people type it: no choice among words, no format, and no pattern that the
 * payload does not fit. Fields are named by the innermost named schema (`ExamResult/holder/name`), else by the route.
 */
export function freeTextFields(api: OpenApi): Set<string> {
  const found = new Set<string>();
  for (const { route, schema } of bodies(api))
    walk(api, schema, route, undefined, (field, leaf) => {
      if (takesText(leaf)) found.add(field);
    });
  return found;
}

/** The fields of a body that hold a payload, by the same names. @param path as it was asked */
export function typedIn(api: OpenApi, method: string, path: string, body: unknown): Map<string, string> {
  const [asked = ''] = path.split('?');
  const found = new Map<string, string>();
  for (const { route, schema, matches } of bodies(api)) {
    if (!route.startsWith(`${method} `) || !matches.test(asked)) continue;
    walk(api, schema, route, body, (field, _, value) => {
      const [text] = PAYLOAD.exec(JSON.stringify(value ?? null)) ?? [];
      if (text !== undefined) found.set(field, text);
    });
  }
  return found;
}

function bodies(api: OpenApi): { route: string; schema: Schema; matches: RegExp }[] {
  return Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      const matches = new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);
      return schema ? [{ route: `${method.toUpperCase()} ${path}`, schema, matches }] : [];
    }),
  );
}

/** Goes through a schema, with what a value holds there when one is given; rows of a list are `*`. */
function walk(
  api: OpenApi,
  schema: Schema,
  at: string,
  value: unknown,
  leaf: (field: string, schema: Schema, value: unknown) => void,
  seen: readonly Schema[] = [],
): void {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    const named = api.components.schemas[name];
    if (named) walk(api, named, name, value, leaf, seen);
    return;
  }
  if (seen.includes(schema)) return;
  const inside = [...seen, schema];
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  for (const part of parts) walk(api, part, at, value, leaf, inside);
  const { properties = {}, items, additionalProperties } = schema;
  const members = isObject(value) ? value : {};
  for (const [name, member] of Object.entries(properties))
    walk(api, member, `${at}/${name}`, members[name], leaf, inside);
  if (items) {
    const rows: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [undefined];
    for (const row of rows) walk(api, items, `${at}/*`, row, leaf, inside);
  }
  if (typeof additionalProperties === 'object') {
    const others = Object.entries(members).filter(([name]) => !(name in properties));
    walk(api, additionalProperties, `${at}/{}`, Object.fromEntries(others), leaf, inside);
  }
  const isLeaf = parts.length === 0 && !items && schema.properties === undefined && additionalProperties === undefined;
  if (isLeaf || isText(schema)) leaf(at, schema, value);
}

function takesText(schema: Schema): boolean {
  if (schema.enum !== undefined || schema.const !== undefined || schema.format !== undefined) return false;
  if (schema.type === undefined) return true;
  if (!isText(schema)) return false;
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(`=1${MARK}>1`);
}

function isText({ type = [] }: Schema): boolean {
  return type === 'string' || (Array.isArray(type) && type.includes('string'));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
