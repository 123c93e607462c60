import assert from 'node:assert/strict';
import { z } from 'zod';
import { createApp, createLogger, defineRoute, listen, type Listener } from '../../server/index.js';
import { contractOf, type Contract } from './contract.js';

describe('[OPENAPI §4.8] holding a service against its OpenAPI document', () => {
  let listener: Listener;
  let contract: Contract;
  before(async () => {
    const app = createApp({
      name: 'test',
      version: '1',
      logger: createLogger({ name: 'test', destination: { write: () => undefined } }),
    });
    defineRoute(app, {
      method: 'post',
      path: '/things/:id',
      summary: 'A thing',
      access: 'public',
      params: z.strictObject({ id: z.string() }),
      body: z.strictObject({ name: z.string() }),
      responses: { 201: { description: 'Made', schema: z.strictObject({ id: z.string(), at: z.iso.datetime() }) } },
      handler: ({ params }) => ({ status: 201, body: { id: params.id, at: '2026-11-22T00:00:00Z' } }),
    });
    listener = await listen(app, { port: 0 });
    contract = await contractOf(listener.url);
  });
  after(() => listener.close());

  const exchange = {
    method: 'POST',
    path: '/things/7',
    sent: '{"name":"x"}',
    status: 201,
    type: 'application/json; charset=utf-8',
    body: '{"id":"7","at":"2026-11-22T00:00:00Z"}',
  };
  const problem = JSON.stringify({
    type: 't',
    title: 't',
    status: 404,
    detail: 'd',
    code: 'NOT_FOUND',
    instance: 'urn:uuid:1',
  });

  it('is content with what is as documented, also with Problem Details of any status', async () => {
    assert.deepEqual(contract.problemsOf(exchange), []);
    assert.deepEqual([...contract.seen], ['POST /things/{id}']);
    const refused = { ...exchange, status: 404, type: 'application/problem+json', body: problem };
    assert.deepEqual(contract.problemsOf(refused), []);
    const response = await fetch(`${listener.url}/things/7`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: exchange.sent,
    });
    const type = response.headers.get('content-type');
    const answered = { ...exchange, status: response.status, type, body: await response.text() };
    assert.deepEqual(contract.problemsOf(answered), []);
  });

  it('finds answers of another shape, status or media type, and bodies that were taken although undocumented', () => {
    const cases: [Partial<typeof exchange>, RegExp][] = [
      [{ body: '{"id":"7"}' }, /required property 'at'/],
      [{ body: '{"id":"7","at":"yesterday"}' }, /at: must match/],
      [{ body: '{"id":"7","at":"2026-11-22T00:00:00Z","more":1}' }, /additional properties/],
      [{ body: 'x' }, /is no JSON/],
      [{ type: 'text/plain' }, /201 text\/plain is not documented/],
      [{ status: 409 }, /409 application\/json is not documented/],
      [{ sent: '{"name":1}' }, /request\/name: must be string/],
      [{ status: 400, type: 'application/problem+json', body: '{"code":"X"}' }, /required property/],
    ];
    for (const [change, expected] of cases)
      assert.match(contract.problemsOf({ ...exchange, ...change }).join('\n'), expected, JSON.stringify(change));
  });
});
