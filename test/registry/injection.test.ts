import assert from 'node:assert/strict';
import type { Role } from '../../server/index.js';
import { readEverything } from '../server/read-back.js';
import { freeTextFields, type OpenApi } from '../server/typed-fields.js';
import { People } from './people.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';
import { typeEverywhere, type Typed } from './type-everywhere.js';

/** Fields that take any text and show it nowhere, and why. A field that is in neither list has been forgotten. */
const NOT_SHOWN: readonly (readonly [field: RegExp, why: string])[] = [
  [/^POST \/(?:session|invitations|account)\b/, 'logins, passwords, codes and what authenticators answer'],
  [/^POST \/(?:authorization|recognition|decision)\//, 'questions, answered and not kept'],
  [/\/(?:institutionKind|institutionCode|unifiedSocialCreditCode)$/, 'refused unless they are of their form'],
  [
    /\/(?:signingKeys\/\*\/\{\}|signingKeys\/id|keyId|about|supersedes\/\*)$/,
    'addresses, keys and ids, refused unless they are',
  ],
  [/\/level\/\*\/(?:framework|value)$/, 'a level of a known framework'],
  [/^ReviewMeasureInput\/scope\/standard/, 'belongs to denials, which are no measure'],
  [/^POST \/api-keys\/label$/, 'names a key of the host; shown as any name of a key'],
];

describe('registry: what is typed stays text', function () {
  this.timeout(120_000);
  let registry: RunningRegistry;
  let people: People;
  let api: OpenApi;
  let typed: Typed;
  before(async () => {
    registry = await startRegistry();
    people = await new People(registry).standard();
    await people.key('chen', ['clerk']);
    await people.key('other', ['clerk']);
    await people.key('boss', ['admin']);
    const all: Role[] = ['clerk', 'approver', 'officer', 'auditor', 'admin', 'custodian'];
    await people.key('everybody', all);
    api = (await (await fetch(`${registry.url}/openapi.json`)).json()) as OpenApi;
    typed = await typeEverywhere(registry, people, api);
  });
  after(() => registry.stop());

  it('every field of every request that takes text was typed into, or is known to show nothing', () => {
    const open = [...freeTextFields(api)].filter((field) => !typed.fields.has(field));
    assert.deepEqual(
      open.filter((field) => !NOT_SHOWN.some(([known]) => known.test(field))),
      [],
      'type into it in type-everywhere.ts, or say why it shows nothing',
    );
    for (const [known] of NOT_SHOWN)
      assert.ok(
        open.some((field) => known.test(field)),
        `${String(known)} is out of date`,
      );
    assert.ok(typed.fields.size > 15);
  });

  it('every answer holds it as text; nothing is a page', async () => {
    const ids = { slug: ['sc', 'xx'], id: [...typed.proposals, ...typed.applications] };
    const ask = (path: string): Promise<Response> =>
      path.startsWith('/authorities/')
        ? people.raw('everybody', 'GET', path.slice('/authorities'.length))
        : fetch(registry.url + path);
    const found = await readEverything(api, ids, ask);
    const lost = [...typed.fields].filter(([, text]) => !found.text.includes(text));
    assert.deepEqual(lost, []);
  });
});
