import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import {
  addAppPages,
  createApp,
  defineRoute,
  listen,
  type Listener,
  type Principal,
  type Problem,
} from '../../server/index.js';
import { memoryLogger } from './helpers.js';

describe('service application', () => {
  const { logger, lines } = memoryLogger();
  let listener: Listener;
  let readiness: Error | undefined;
  let slow: (() => void) | undefined;
  const principals: Record<string, Principal> = {
    'Bearer clerk': { keyId: 'k1', tenant: 'A', roles: ['clerk'] },
    'Bearer auditor': { keyId: 'k2', tenant: 'A', roles: ['auditor'] },
    'Bearer other': { keyId: 'k3', tenant: 'B', roles: ['clerk'] },
    'Bearer host': { keyId: 'k4', tenant: '*', roles: ['clerk', 'admin'] },
  };

  before(async () => {
    const app = createApp({
      name: 'test',
      version: '1.2.3',
      logger,
      requestsPerMinute: 10_000,
      ready: () => (readiness ? Promise.reject(readiness) : Promise.resolve()),
      authenticate: (authorization) => {
        const principal = principals[authorization ?? ''];
        return principal
          ? Promise.resolve(principal)
          : Promise.reject(new YizhengError('API_KEY_INVALID', 'The API key is unknown.', { status: 401 }));
      },
    });
    defineRoute(app, {
      method: 'post',
      path: '/tenants/:tenant/echo',
      summary: 'Echo',
      access: ['clerk'],
      tenantParam: 'tenant',
      params: z.strictObject({ tenant: z.string().max(5) }),
      query: z.strictObject({ loud: z.enum(['yes', 'no']).optional() }),
      body: z.strictObject({ name: z.string().max(20), nested: z.strictObject({ level: z.int() }).optional() }),
      responses: { 201: { description: 'Echoed', schema: z.strictObject({ name: z.string() }) } },
      handler: ({ body, principal }) => ({ status: 201, body: { name: body.name, by: principal?.keyId } }),
    });
    defineRoute(app, {
      method: 'get',
      path: '/fail',
      summary: 'Fail',
      access: 'public',
      responses: { 200: { description: 'Never' } },
      handler: () => {
        throw new Error('insert into x values (张伟, 11010519491231002X)');
      },
    });
    defineRoute(app, {
      method: 'get',
      path: '/slow',
      summary: 'Slow',
      access: 'public',
      responses: { 200: { description: 'At last' } },
      handler: async () => {
        await new Promise<void>((resolve) => (slow = resolve));
        return { content: 'done', type: 'text/plain' };
      },
    });
    defineRoute(app, {
      method: 'get',
      path: '/host',
      summary: 'Host only',
      access: ['clerk'],
      responses: { 200: { description: 'ok' } },
      handler: () => ({ body: {} }),
    });
    assert.throws(
      () =>
        defineRoute(createApp({ name: 'x', version: '1', logger }), {
          method: 'get',
          path: '/x',
          summary: 'x',
          access: ['clerk'],
          responses: {},
          handler: () => ({}),
        }),
      /authenticate/,
    );
    listener = await listen(app, { port: 0 });
  });
  after(() => listener.close());

  const post = (body: string | Uint8Array, headers: Record<string, string> = {}, path = '/tenants/A/echo') =>
    fetch(listener.url + path, {
      method: 'POST',
      headers: { authorization: 'Bearer clerk', 'content-type': 'application/json', ...headers },
      body: body as BodyInit,
    });
  const problemOf = async (response: Response) => {
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    const problem = (await response.json()) as Problem;
    assert.equal(problem.type, `https://yizheng.example/problems/${problem.code}`);
    assert.equal(problem.status, response.status);
    assert.equal(problem.instance, `urn:uuid:${response.headers.get('x-request-id') ?? ''}`);
    return problem;
  };
  const refused = async (response: Promise<Response>, status: number, code: string, at?: string) => {
    const problem = await problemOf(await response);
    assert.deepEqual([problem.status, problem.code], [status, code]);
    if (at !== undefined) assert.equal(problem.at, at);
    return problem;
  };

  it('answers a good request', async () => {
    const response = await post('{"name":"焊工"}', { 'content-type': 'application/json; charset=utf-8' });
    assert.equal(response.status, 201);
    assert.deepEqual(await response.json(), { name: '焊工', by: 'k1' });
    assert.equal(response.headers.get('cache-control'), 'no-store');
  });

  it('gives each kind of bad body its own code and place', async () => {
    await refused(post('{"name":"a","extra":1}'), 422, 'FIELD_UNKNOWN', '/extra');
    await refused(post('{"name":"a","nested":{"level":1,"x~y/z":2}}'), 422, 'FIELD_UNKNOWN', '/nested/x~0y~1z');
    await refused(post('{"name":7}'), 422, 'REQUEST_INVALID', '/name');
    await refused(post('{"name":"a","name":"b"}'), 400, 'JSON_DUPLICATE_KEY');
    await refused(post('{"name":"a"} x'), 400, 'JSON_SYNTAX');
    await refused(post(''), 400, 'BODY_MISSING');
    await refused(post('['.repeat(200) + ']'.repeat(200)), 400, 'JSON_TOO_DEEP');
    await refused(post(`{"name":"${'a'.repeat(2 * 1024 * 1024)}"}`), 413, 'BODY_TOO_LARGE');
    await refused(post('{"__proto__":{"name":"a"}}'), 400, 'JSON_FORBIDDEN_KEY');
    await refused(post(new Uint8Array([0x22, 0xff, 0x22])), 400, 'JSON_NOT_UTF8');
    await refused(post('{"name":"a"}', { 'content-type': 'text/plain' }), 415, 'CONTENT_TYPE', 'Content-Type');
    await refused(post('{"name":"a"}', { 'content-type': 'application/json; charset=utf-7' }), 415, 'CONTENT_TYPE');
    await refused(post('x', { 'content-encoding': 'gzip' }), 415, 'CONTENT_ENCODING');
    await refused(post('{"name":"a"}', {}, '/tenants/A/echo?loud=maybe'), 422, 'REQUEST_INVALID', 'query/loud');
    await refused(post('{"name":"a"}', {}, '/tenants/A/echo?x=1'), 422, 'FIELD_UNKNOWN', 'query/x');
  });

  it('checks access before it reads the body', async () => {
    await refused(post('{"name":', { authorization: 'Bearer wrong' }), 401, 'API_KEY_INVALID');
    await refused(post('{"name":', { authorization: 'Bearer auditor' }), 403, 'ROLE_MISSING');
  });

  it('says 404, not 403, to a key of another tenant, and lets host keys in', async () => {
    const strange = await refused(post('{"name":"a"}', { authorization: 'Bearer other' }), 404, 'NOT_FOUND');
    const nothing = await refused(post('{"name":"a"}', {}, '/nowhere'), 404, 'NOT_FOUND');
    assert.equal(strange.detail, nothing.detail);
    assert.equal((await post('{"name":"a"}', { authorization: 'Bearer host' })).status, 201);
    await refused(fetch(`${listener.url}/host`, { headers: { authorization: 'Bearer clerk' } }), 404, 'NOT_FOUND');
    assert.equal((await fetch(`${listener.url}/host`, { headers: { authorization: 'Bearer host' } })).status, 200);
  });

  it('says nothing of the inside when it fails, neither to the client nor in the log', async () => {
    const problem = await refused(fetch(`${listener.url}/fail?name=张伟`), 500, 'INTERNAL');
    await refused(post('{"name":"王小明"}', {}, '/tenants/李雷/echo'), 404, 'NOT_FOUND');
    const all = lines.join('') + JSON.stringify(problem);
    for (const seed of [
      '张伟',
      encodeURIComponent('张伟'),
      '11010519491231002X',
      'insert into',
      '王小明',
      '李雷',
      'Bearer clerk',
    ])
      assert.ok(!all.includes(seed), seed);
    assert.ok(lines.some((line) => line.includes('"route":"/fail"') && line.includes('"status":500')));
  });

  it('sends closed security headers on every answer', async () => {
    for (const path of ['/health/live', '/nowhere', '/fail']) {
      const { headers } = await fetch(listener.url + path);
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('x-powered-by'), null);
    }
  });

  it('tells whether it is alive and whether it can work', async () => {
    assert.equal((await fetch(`${listener.url}/health/ready`)).status, 200);
    readiness = new YizhengError('STORAGE_FAILED', 'Disk error.', { status: 503 });
    const answer = await fetch(`${listener.url}/health/ready`);
    assert.ok(answer.headers.get('retry-after'));
    assert.equal((await problemOf(answer)).code, 'STORAGE_FAILED');
    assert.equal((await fetch(`${listener.url}/health/live`)).status, 200);
    readiness = undefined;
  });

  it('describes each route once, in OpenAPI 3.1', async () => {
    const document = (await (await fetch(`${listener.url}/openapi.json`)).json()) as {
      openapi: string;
      info: { version: string };
      paths: Record<
        string,
        Record<string, { security: object[]; requestBody?: object; responses: Record<string, object> }>
      >;
    };
    assert.equal(document.openapi, '3.1.0');
    assert.equal(document.info.version, '1.2.3');
    assert.deepEqual(Object.keys(document.paths).sort(), ['/fail', '/host', '/slow', '/tenants/{tenant}/echo']);
    const echo = document.paths['/tenants/{tenant}/echo']?.['post'];
    assert.deepEqual(echo?.security, [{ apiKey: [] }, { session: [] }]);
    assert.ok(echo.requestBody);
    assert.deepEqual(Object.keys(echo.responses).sort(), ['201', 'default']);
    assert.deepEqual(document.paths['/fail']?.['get']?.security, []);
  });

  it('limits the requests of one address (RATE_LIMITED)', async () => {
    const app = createApp({ name: 'limited', version: '1', logger, requestsPerMinute: 3 });
    const limited = await listen(app, { port: 0 });
    for (let i = 0; i < 3; i++) assert.equal((await fetch(`${limited.url}/x`)).status, 404);
    const answer = await fetch(`${limited.url}/x`);
    assert.ok(answer.headers.get('retry-after'));
    assert.equal((await problemOf(answer)).code, 'RATE_LIMITED');
    assert.equal((await fetch(`${limited.url}/health/live`)).status, 200);
    await limited.close();
  });

  it('does not count the files of an app, which a whole office may load at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yizheng-pages-'));
    await mkdir(join(folder, 'app', 'assets'), { recursive: true });
    await writeFile(join(folder, 'app', 'index.html'), '<p>app</p>');
    await writeFile(join(folder, 'app', 'assets', 'a.js'), '1');
    const app = createApp({ name: 'pages', version: '1', logger, requestsPerMinute: 1 });
    addAppPages(app, folder);
    const office = await listen(app, { port: 0 });
    for (let i = 0; i < 5; i++)
      for (const path of ['/', '/assets/a.js']) assert.equal((await fetch(office.url + path)).status, 200);
    assert.equal((await fetch(`${office.url}/x`)).status, 404);
    assert.equal((await fetch(`${office.url}/x`)).status, 429);
    await office.close();
    await rm(folder, { recursive: true });
  });

  it('counts by the address behind as many proxies as it was told of, and believes no header without', async () => {
    const statuses = async (trustedProxyHops?: number): Promise<number[]> => {
      const app = createApp({
        name: 'behind',
        version: '1',
        logger,
        requestsPerMinute: 1,
        ...(trustedProxyHops !== undefined && { trustedProxyHops }),
      });
      const behind = await listen(app, { port: 0 });
      const found: number[] = [];
      for (const client of ['203.0.113.1', '203.0.113.2', '198.51.100.9, 203.0.113.2'])
        found.push((await fetch(`${behind.url}/x`, { headers: { 'x-forwarded-for': client } })).status);
      await behind.close();
      return found;
    };
    assert.deepEqual(await statuses(), [404, 429, 429], 'a header anybody can write changes nothing');
    assert.deepEqual(await statuses(1), [404, 404, 429], 'what the client wrote before the proxy counts for nothing');
  });

  it('closes a connection that sends its headers too slowly', async function () {
    this.timeout(20_000);
    const socket = connect(listener.port, '127.0.0.1');
    const started = Date.now();
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 1000);
    socket.on('error', () => undefined);
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
    clearInterval(drip);
    const seconds = (Date.now() - started) / 1000;
    assert.ok(seconds > 9 && seconds < 13, `closed after ${seconds} s`);
  });

  it('finishes what is running when it closes, and takes nothing new', async () => {
    const running = fetch(`${listener.url}/slow`);
    while (!slow) await new Promise((resolve) => setTimeout(resolve, 5));
    const closed = listener.close();
    await assert.rejects(fetch(`${listener.url}/health/live`));
    slow();
    assert.equal(await (await running).text(), 'done');
    await closed;
  });
});
