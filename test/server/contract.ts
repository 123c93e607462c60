import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';

interface Operation {
  requestBody?: { content?: Record<string, { schema?: object }> };
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, object> };
}

/** What a service promises in its OpenAPI document, held against what it sends. */
export interface Contract {
  /** Checks one exchange. @returns what is not as documented */
  problemsOf(exchange: Exchange): string[];
  /** `METHOD path` of every documented operation. */
  operations: string[];
  /** `METHOD path` of those an exchange succeeded with. */
  seen: Set<string>;
}

/** One request and its answer. */
export interface Exchange {
  method: string;
  path: string;
  /** JSON body that was sent, as text. */
  sent?: string;
  status: number;
  type: string | null;
  body: string;
}

const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

/** Reads the OpenAPI document of a running service. */
export async function contractOf(url: string): Promise<Contract> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'openapi', components: document.components ?? {} });
  const validators = new Map<object, ValidateFunction>();
  const validator = (schema: object): ValidateFunction => {
    const known = validators.get(schema);
    if (known) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/');
    const made = ajv.compile(JSON.parse(text) as object);
    validators.set(schema, made);
    return made;
  };
  const routes = Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${template}`,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
      variables: template.split('{').length,
      operation,
    })),
  );
  const find = (method: string, path: string) =>
    routes
      .filter((route) => route.method === method && route.pattern.test(path))
      .sort((a, b) => a.variables - b.variables)[0];
  const seen = new Set<string>();
  return {
    operations: routes.map(({ name }) => name),
    seen,
    problemsOf({ method, path, sent, status, type, body }) {
      const route = find(method, path);
      if (!route) return [];
      const problems: string[] = [];
      const promised = route.operation.responses[String(status)] ?? route.operation.responses['default'];
      const media = mediaType(type ?? '');
      if (!promised) problems.push(`${route.name}: ${status} is not documented`);
      else if (promised.content) {
        const content = Object.entries(promised.content).find(([documented]) => mediaType(documented) === media)?.[1];
        const schema = content?.schema;
        if (content === undefined) problems.push(`${route.name}: ${status} ${media} is not documented`);
        else if (schema && media.endsWith('json')) problems.push(...mismatches(`${route.name} ${status}`, validator(schema), body)); // prettier-ignore
      }
      if (status < 300) {
        seen.add(route.name);
        const expected = route.operation.requestBody?.content?.['application/json']?.schema;
        if (expected && sent !== undefined && sent !== '')
          problems.push(...mismatches(`${route.name} request`, validator(expected), sent));
      }
      return problems;
    },
  };
}

function mediaType(type: string): string {
  return type.split(';')[0]?.trim() ?? '';
}

function mismatches(where: string, validate: ValidateFunction, text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [`${where}: is no JSON`];
  }
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .slice(0, 3)
    .map(({ instancePath, message }) => `${where}${instancePath}: ${message ?? ''}`);
}

/**
 * Holds every exchange of a suite with a service against the service's OpenAPI document: call it in a `describe`, after the hook that
 * starts the service. What does not match fails the suite at its end.
 * @param urlOf address of the running service
 */
export function watchContract(urlOf: () => string): void {
  let plainFetch = globalThis.fetch;
  const problems = new Set<string>();
  before('OpenAPI document of the service', async () => {
    const url = urlOf();
    const contract = await contractOf(url);
    plainFetch = globalThis.fetch;
    const sender = plainFetch;
    globalThis.fetch = async (input, init) => {
      const response = await sender(input, init);
      const exchange = await exchangeOf(url, response, input, init);
      if (exchange) for (const problem of contract.problemsOf(exchange)) problems.add(problem);
      return response;
    };
  });
  after('what was sent and answered is as the OpenAPI document says', () => {
    globalThis.fetch = plainFetch;
    if (problems.size > 0) throw new Error(`not as documented:\n${[...problems].sort().join('\n')}`);
  });
}

async function exchangeOf(
  service: string,
  response: Response,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<Exchange | undefined> {
  const request = input instanceof Request ? input : undefined;
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.origin !== new URL(service).origin || response.redirected) return undefined;
  const headers = new Headers(init?.headers ?? request?.headers);
  const type = response.headers.get('content-type');
  return {
    method: (init?.method ?? request?.method ?? 'GET').toUpperCase(),
    path: url.pathname,
    ...(typeof init?.body === 'string' && headers.get('content-type') === 'application/json' && { sent: init.body }),
    status: response.status,
    type,
    body: type !== null && mediaType(type).endsWith('json') ? await response.clone().text() : '',
  };
}
