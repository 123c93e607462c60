import assert from 'node:assert/strict';
import type { Role } from '../../server/index.js';
import { tables } from '../mechanisms/world.js';
import { readEverything } from '../server/read-back.js';
import { freeTextFields, MARK, payload, typedIn, type OpenApi } from '../server/typed-fields.js';
import { pageText } from './files/page-text.js';
import { typeEverywhere, type Typed } from './type-everywhere.js';
import { answer, CODE, startWorld, type World } from './world.js';

/** Fields that take any text and show it nowhere, and why. A field that is in neither list has been forgotten. */
const NOT_SHOWN: readonly (readonly [field: RegExp, why: string])[] = [
  [/^POST \/(?:session|invitations|account)\b/, 'logins, passwords, codes and what authenticators answer'],
  [/^POST \/.*openid4vci/, 'what wallets send; kept as digests'],
  [/^AccreditationImport\/bundle/, 'signed data of the authority'],
  [/digestMultibase$/, 'a digest'],
  [
    /CredentialRequest\/credential\/|^VcApi(?:Issue|Status)Request\//,
    'whole documents of programs, refused unless they fit',
  ],
  [/^NewVcApiKey\/label$/, 'of programs of the VC API, which have no pages'],
  [/^(?:UpdateCredentialStatus\/credentialId|NewPrintRun\/|VoidSession\/)/, 'names what is there already'],
  [/\/level\/(?:framework|value)$|Plan\/level$|Line\/.*level$/, 'a level of a known framework'],
  [/^PresentCertificate\/text$/, 'a certificate; anything else is refused'],
  [/\/idNumber$/, 'a document number, checked and not kept'],
  [/^ExamSession.*\/occupation\/name$|\/line\/occupation\/name$/, 'the name in the catalogue of occupations'],
  [/^NewCredentialOffer\/personal\//, 'facts that must be those of the person certified'],
  [
    /^HandInApplication\/(?:trade|certificateNumber|employer\/supplyChainAgreement)$/,
    'cells of a sheet, as of every batch',
  ],
];

describe('issuer: what is typed stays text', function () {
  this.timeout(120_000);
  let world: World;
  let api: OpenApi;
  let typed: Typed;
  before(async () => {
    const applicationTables = { rules: tables['application-rule'], issuingRegions: tables['issuing-regions'] };
    world = await startWorld({ batches: { threads: 1, pollMs: 50 }, applicationTables });
    api = await answer<OpenApi>(fetch(`${world.listener.url}/openapi.json`));
    typed = await typeEverywhere(world, api);
  });
  after(() => world.remove());

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
    assert.ok(typed.fields.size > 30);
  });

  it('the walk notices a field that nobody typed into', () => {
    const path = '/institutions/{institutionCode}/notes';
    const schema = { type: 'object', properties: { note: { type: 'string' }, state: { enum: ['a'] } } };
    const more = { ...api, paths: { [path]: { post: { requestBody: { content: { 'application/json': { schema } } }, responses: {} } } } }; // prettier-ignore
    assert.deepEqual([...freeTextFields(more)], [`POST ${path}/note`]);
    const body = { note: payload() };
    assert.deepEqual(
      [...typedIn(more, 'POST', `/institutions/${CODE}/notes?x=1`, body)],
      [[`POST ${path}/note`, body.note]],
    );
  });

  it('every answer holds it as text: no cell begins like a formula, no sheet computes, nothing is a page', async () => {
    const { service } = world.issuer;
    const roles: Role[] = ['clerk', 'approver', 'officer', 'auditor', 'admin', 'custodian', 'supervisor'];
    const expiresAt = '2036-01-01T00:00:00Z';
    const secrets: string[] = [];
    for (const tenant of [CODE, '*'])
      secrets.push(
        (await service.createApiKey({ tenant, roles, label: 'reads everything', expiresAt }, 'test')).secret,
      );
    const [own = '', host = ''] = secrets;
    const ask = (path: string): Promise<Response> =>
      world.call('GET', path, undefined, { secret: path.startsWith('/institutions/') ? own : host });
    const found = await readEverything(api, typed.ids, ask, typed.more);
    for (const shown of [
      'batches/{batchId}/result.csv text/csv',
      'batches/{batchId}/problems.csv text/csv',
      'batches/{batchId}/result.xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'batches/{batchId}/problems.xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'assessment-sessions/{sessionId}/results.csv text/csv',
    ])
      assert.ok(found.showing.has(`/institutions/{institutionCode}/${shown}`), `${shown} shows nothing of it`);
    const lost = [...typed.fields].filter(([, text]) => !found.text.includes(text));
    assert.deepEqual(lost, []);
    const printed: string[] = [];
    for (const [path, pdf] of found.pdfs) {
      assert.ok(!/\/(?:JavaScript|JS|OpenAction|Launch|URI)\b/.test(Buffer.from(pdf).toString('latin1')), path);
      printed.push((await pageText(pdf)).map(({ text }) => text).join(''));
    }
    const signs = MARK.replaceAll(' ', '');
    assert.ok(
      printed.some((text) => text.replace(/\s/g, '').includes(signs)),
      'on paper it is text',
    );
  });
});
