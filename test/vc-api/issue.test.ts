import assert from 'node:assert/strict';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { CRYPTOSUITES } from '../../shared/proof/data-integrity/cryptosuites.js';
import { sampleRecord } from '../certificate/sample-records.js';
import { buildCredential } from '../../shared/certificate/credential.js';
import { startVcApi, type Tenant, type VcApiWorld } from './vc-api-world.js';
import { watchContract } from '../server/contract.js';

const EXAMPLES = ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2'];

describe('VC-API: issuing in the name of a tenant', () => {
  let api: VcApiWorld;
  let tenant: Tenant;
  before(async () => {
    api = await startVcApi();
    tenant = await api.tenant({ name: 'plain' });
  });
  after(() => api.remove());
  watchContract(() => api.world.listener.url);

  for (const cryptosuite of CRYPTOSUITES)
    for (const method of ['web', 'key'] as const)
      for (const curve of cryptosuite.startsWith('ecdsa') ? (['P-256', 'P-384'] as const) : [undefined])
        it(`[VC-API §3.2.1] issues with ${cryptosuite}${curve ? ` ${curve}` : ''} as did:${method}, and anybody can verify it`, async () => {
          const name = `${method}-${cryptosuite.toLowerCase()}${curve?.toLowerCase() ?? ''}`;
          const made = await api.tenant({ name, method, cryptosuite, ...(curve && { curve }) });
          const { status, credential } = await made.issue(made.credential());
          assert.equal(status, 201);
          const {
            proof,
            '@context': context,
            ...rest
          } = credential as JsonObject & { proof: { type: string; verificationMethod: string } };
          const { '@context': _, ...asked } = made.credential();
          assert.deepEqual(rest, asked, 'nothing but proof and its context is added');
          assert.equal(proof.type, cryptosuite === 'Ed25519Signature2020' ? cryptosuite : 'DataIntegrityProof');
          assert.ok(proof.verificationMethod.startsWith(`${made.did}#`));
          assert.ok(Array.isArray(context));
          assert.equal(await api.verify(credential), 'PROOF_VALID');
        });

  it('[VC-API §3.2.1] answers 400 and the name for a body that is no issue request', async () => {
    const refused: [unknown, string, string][] = [
      [{}, 'REQUEST_INVALID', '/credential'],
      [{ credential: 'eyJhbGciOi' }, 'REQUEST_INVALID', '/credential'],
      [{ credential: [tenant.credential()] }, 'REQUEST_INVALID', '/credential'],
      [{ credential: null }, 'REQUEST_INVALID', '/credential'],
      [{ verifiableCredential: tenant.credential() }, 'REQUEST_INVALID', '/credential'],
      [{ credential: tenant.credential(), options: { cryptosuite: 'x' } }, 'FIELD_UNKNOWN', '/options/cryptosuite'],
      [{ credential: tenant.credential(), options: [] }, 'REQUEST_INVALID', '/options'],
      [{ credential: tenant.credential(), more: 1 }, 'FIELD_UNKNOWN', '/more'],
      [[], 'REQUEST_INVALID', '/'],
      ['text', 'JSON_SYNTAX', 'character 0'],
    ];
    for (const [body, code, at] of refused) {
      const answer = await tenant.post('/credentials/issue', body);
      assert.deepEqual([answer.status, answer.code, answer.at], [400, code, at], JSON.stringify(body));
    }
  });

  it('[VCDM2 §4.7] never puts in or changes an issuer: absent, null, no URL, somebody else are 400', async () => {
    const { issuer: _, ...without } = tenant.credential();
    const refused: [JsonObject, string][] = [
      [without, 'ISSUER_MISSING'],
      [tenant.credential({ issuer: null }), 'ISSUER_MISSING'],
      [tenant.credential({ issuer: 'not a url' }), 'ISSUER_INVALID'],
      [tenant.credential({ issuer: 4 }), 'ISSUER_INVALID'],
      [tenant.credential({ issuer: {} }), 'ISSUER_INVALID'],
      [tenant.credential({ issuer: { id: null } }), 'ISSUER_INVALID'],
      [tenant.credential({ issuer: 'https://somebody.example/' }), 'ISSUER_MISMATCH'],
      [tenant.credential({ issuer: { id: 'did:example:other', name: 'Other' } }), 'ISSUER_MISMATCH'],
    ];
    for (const [credential, code] of refused) {
      const answer = await tenant.issue(credential);
      assert.deepEqual([answer.status, answer.code], [400, code], JSON.stringify(credential['issuer']));
    }
    const named = await tenant.issue(tenant.credential({ issuer: { id: tenant.did, name: 'Plain' } }));
    assert.deepEqual([named.status, named.credential['issuer']], [201, { id: tenant.did, name: 'Plain' }]);
  });

  const accepted: [string, string, object][] = [
    ['VCDM2 §4.3', 'further contexts as URLs', { '@context': EXAMPLES }],
    ['VCDM2 §4.3', 'contexts as objects', { '@context': [EXAMPLES[0], { Name: 'https://example.org/#Name' }] }],
    ['VCDM2 §4.4', 'an id that is a URL', { id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33' }],
    ['VCDM2 §4.5', 'a type that is a URL', { type: ['VerifiableCredential', 'https://example.org/#Type'] }],
    ['VCDM2 §4.5', 'types in any order', { '@context': EXAMPLES, type: ['AlumniCredential', 'VerifiableCredential'] }],
    ['VCDM2 §4.6', 'a name with language and direction', { name: { '@value': 'اسم', '@language': 'ar', '@direction': 'rtl' } }], // prettier-ignore
    ['VCDM2 §4.6', 'names in several languages', { name: [{ '@value': 'Name', '@language': 'en' }, { '@value': '名称', '@language': 'zh' }] }], // prettier-ignore
    ['VCDM2 §4.6', 'a description without language', { description: 'plain' }],
    ['VCDM2 §4.8', 'several subjects', { credentialSubject: [{ id: 'did:example:a' }, { id: 'did:example:b' }] }],
    ['VCDM2 §4.9', 'one that is expired already', { validFrom: '2020-01-01T00:00:00Z', validUntil: '2021-01-01T00:00:00Z' }], // prettier-ignore
    ['VCDM2 §4.9', 'one that begins in the future, with a time zone', { validFrom: '2030-01-01T00:00:00+08:00' }],
    ['VCDM2 §4.10', 'a status of a type nobody knows', { '@context': EXAMPLES, credentialStatus: { id: 'https://s.example/1', type: 'Unheard2030' } }], // prettier-ignore
    ['VCDM2 §4.11', 'a schema', { credentialSchema: { id: 'https://s.example/schema.json', type: 'JsonSchema' } }],
    ['VCDM2 §5.4', 'refresh services', { '@context': EXAMPLES, refreshService: [{ type: 'A', url: 'https://a.example' }, { type: 'B' }] }], // prettier-ignore
    ['VCDM2 §5.5', 'terms of use', { '@context': EXAMPLES, termsOfUse: { type: 'IssuerPolicy', id: 'https://p.example/1' } }], // prettier-ignore
    ['VCDM2 §5.6', 'evidence', { '@context': EXAMPLES, evidence: [{ type: 'Seen' }, { type: ['Seen', 'Read'] }] }],
    ['VCDM2 §5.3', 'a related resource with the right digest', { relatedResource: { id: EXAMPLES[0], digestSRI: 'sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ=' } }], // prettier-ignore
    ['VCDM2 §5.3', 'a related resource whose content is not known here', { relatedResource: [{ id: 'https://r.example/1', digestMultibase: 'uEiAjCHMnK5-ayOIZLWo_TBoKYVvSAprlkYEjRlm19Cj0uw', mediaType: 'application/json' }] }], // prettier-ignore
  ];
  for (const [section, name, changes] of accepted)
    it(`[${section}] issues ${name}, as it was written`, async () => {
      const { status, code, credential } = await tenant.issue(tenant.credential(changes));
      assert.deepEqual([status, code], [201, '']);
      for (const [member, value] of Object.entries(changes)) assert.deepEqual(credential[member], value);
    });

  const refused: [string, string, object, string][] = [
    ['VCDM2 §4.3', 'no context', { '@context': undefined }, 'CONTEXT_NOT_EXACT'],
    ['VCDM2 §4.3', 'a context that is no list', { '@context': 4 }, 'CONTEXT_NOT_EXACT'],
    ['VCDM2 §4.3', 'the base context not first', { '@context': [...EXAMPLES].reverse() }, 'CONTEXT_NOT_EXACT'],
    ['VCDM2 §4.3', 'a context that is a number', { '@context': [EXAMPLES[0], 192875] }, 'CONTEXT_NOT_EXACT'],
    ['VCDM2 §4.3', 'a context nobody bundled', { '@context': [EXAMPLES[0], 'https://c.example/v1'] }, 'CONTEXT_NOT_EXACT'], // prettier-ignore
    ['VCDM2 §5.2', 'a protected term defined anew', { '@context': [EXAMPLES[0], { '@protected': true, Kind: 'https://e.example/#A' }, { Kind: 'https://e.example/#B' }], type: ['VerifiableCredential', 'Kind'] }, 'TERM_UNDEFINED'], // prettier-ignore
    ['VCDM2 §4.4', 'an id that is null', { id: null }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.4', 'an id that is no URL', { id: 'not-url' }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.4', 'several ids', { id: ['urn:a:1', 'urn:a:2'] }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.4', 'a subject with several ids', { credentialSubject: { id: ['urn:a:1', 'urn:a:2'] } }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §4.5', 'no type', { type: undefined }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.5', 'a type list without VerifiableCredential', { '@context': EXAMPLES, type: ['Other'] }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §4.5', 'types that are no text', { type: ['VerifiableCredential', null] }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.5', 'a type no context defines', { type: ['VerifiableCredential', 'Unmapped'] }, 'TERM_UNDEFINED'],
    ['VCDM2 §4.6', 'a name with another member', { name: { '@value': 'a', '@language': 'en', url: 'x' } }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §4.7', 'an issuer whose name has another member', { issuerName: true }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.8', 'no subject', { credentialSubject: undefined }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.8', 'a subject without claim', { credentialSubject: {} }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.8', 'subjects one of which has no claim', { credentialSubject: [{ id: 'did:example:a' }, {}] }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §4.8', 'subjects that are no objects', { credentialSubject: [null, true, 4] }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.9', 'a date that is none', { validFrom: 'yesterday' }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.9', 'a date without time zone', { validUntil: '2027-01-01T00:00:00' }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.9', 'an end before the beginning', { validFrom: '2027-01-01T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §4.10', 'a status without type', { credentialStatus: { id: 'https://s.example/1' } }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.10', 'a status whose id is no URL', { credentialStatus: { id: 'x', type: 'BitstringStatusListEntry' } }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §4.11', 'a schema without type', { credentialSchema: { id: 'https://s.example/1' } }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.11', 'a schema without id', { credentialSchema: { type: 'JsonSchema' } }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §4.11', 'a schema whose id is no URL', { credentialSchema: { type: 'JsonSchema', id: 'x' } }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §5.4', 'a refresh service without type', { refreshService: { id: 'https://a.example' } }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §5.5', 'terms of use without type', { termsOfUse: [{ id: 'https://a.example' }] }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §5.6', 'evidence without type', { evidence: [{ id: 'https://a.example' }] }, 'CREDENTIAL_SCHEMA'],
    ['VCDM2 §5.3', 'related resources that are texts', { relatedResource: ['https://r.example/1'] }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §5.3', 'a related resource without id', { relatedResource: { digestSRI: 'sha256-abc' } }, 'CREDENTIAL_SCHEMA'], // prettier-ignore
    ['VCDM2 §5.3', 'a related resource twice', { relatedResource: [{ id: 'urn:a:1', digestSRI: 'sha256-abc' }, { id: 'urn:a:1', digestSRI: 'sha256-abc' }] }, 'RELATED_RESOURCE_REPEATED'], // prettier-ignore
    ['VCDM2 §5.3', 'a related resource without digest', { relatedResource: { id: 'urn:a:1' } }, 'RELATED_RESOURCE_DIGEST_MISSING'], // prettier-ignore
    ['VCDM2 §5.3', 'a related resource with a wrong digest', { relatedResource: { id: EXAMPLES[0], digestSRI: 'sha256-X5Vc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ=' } }, 'RELATED_RESOURCE_DIGEST'], // prettier-ignore
    ['VCDM2 §7.1', 'a term no context defines', { favouriteColour: 'red' }, 'TERM_UNDEFINED'],
    ['VC-DI §2.1', 'a credential that has a proof', { proof: { type: 'DataIntegrityProof' } }, 'PROOF_EXISTS'],
  ];
  for (const [section, name, changes, code] of refused)
    it(`[${section}] refuses ${name}`, async () => {
      const { issuerName, ...others } = changes as { issuerName?: boolean };
      const issuer = issuerName === true ? { issuer: { id: tenant.did, name: { '@value': 'a', more: 'b' } } } : {};
      const written = JSON.parse(JSON.stringify(tenant.credential({ ...others, ...issuer }))) as JsonObject;
      const answer = await tenant.issue(written);
      assert.equal(answer.code, code);
      assert.ok(answer.status === 400 || answer.status === 422);
    });

  it('[VCDM11 §4] issues VC 1.1 with the context of the proof added, and demands its issuanceDate', async () => {
    const v1 = (changes: object): JsonObject => ({
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential'],
      issuer: tenant.did,
      issuanceDate: '2026-11-20T00:00:00Z',
      credentialSubject: { id: 'did:example:subject' },
      ...changes,
    });
    const { status, credential } = await tenant.issue(v1({ expirationDate: '2027-01-01T00:00:00Z' }));
    assert.equal(status, 201);
    assert.deepEqual(credential['@context'], [
      'https://www.w3.org/2018/credentials/v1',
      'https://w3id.org/security/data-integrity/v2',
    ]);
    assert.equal(await api.verify(credential), 'PROOF_VALID');
    assert.equal((await tenant.issue(v1({ issuanceDate: undefined }))).code, 'CREDENTIAL_SCHEMA');
    assert.equal((await tenant.issue(v1({ issuanceDate: '2026-11-20' }))).code, 'CREDENTIAL_SCHEMA');
  });

  it('issues no certificate of ours, under any name it could be given', async () => {
    const ours = JSON.parse(JSON.stringify(buildCredential(sampleRecord('skill-level')))) as JsonObject & {
      type: string[];
    };
    const [, type = ''] = ours.type;
    const iri = `https://yizheng.example/ns/v1#${type}`;
    const forged: [JsonObject, string][] = [
      [{ ...ours, issuer: tenant.did }, 'CERTIFICATE_KIND_FORBIDDEN'],
      [tenant.credential({ type: ['VerifiableCredential', iri] }), 'CERTIFICATE_KIND_FORBIDDEN'],
      [tenant.credential({ '@context': EXAMPLES, type: ['VerifiableCredential', type] }), 'CERTIFICATE_KIND_FORBIDDEN'],
      [tenant.credential({ '@context': ours['@context'] }), 'CERTIFICATE_KIND_FORBIDDEN'],
      [tenant.credential({ type: ['VerifiableCredential', 'BitstringStatusListCredential'] }), 'STATUS_LIST_FORBIDDEN'],
      [tenant.credential({ credentialSubject: { type: 'BitstringStatusList' } }), 'STATUS_LIST_FORBIDDEN'],
      [tenant.credential({ '@context': [EXAMPLES[0], { Kind: iri }], type: ['VerifiableCredential', 'Kind'] }), 'CONTEXT_NOT_EXACT'], // prettier-ignore
      [tenant.credential({ '@context': [EXAMPLES[0], { '@vocab': 'https://yizheng.example/ns/v1#' }] }), 'CONTEXT_NOT_EXACT'], // prettier-ignore
      [tenant.credential({ '@context': [EXAMPLES[0], { yz: 'https://yizheng.example/ns/' }] }), 'CONTEXT_NOT_EXACT'],
    ];
    for (const [credential, code] of forged) assert.equal((await tenant.issue(credential)).code, code);
  });

  it('takes the keys of the tenant and of the host, and of nobody else', async () => {
    const other = await api.tenant({ name: 'other-tenant' });
    const { world } = api;
    const ask = async (secret?: string): Promise<number> => {
      const body = { credential: tenant.credential() };
      const path = '/vc-api/plain/credentials/issue';
      return (await world.call('POST', path, body, { key: null, ...(secret !== undefined && { secret }) })).status;
    };
    assert.equal(await ask(other.secret), 404);
    assert.equal(await ask(world.secrets.clerk), 404, 'a clerk of an institution');
    assert.equal(await ask(tenant.secret), 201);
  });

  it('makes no second tenant of a name, and no curve for EdDSA', async () => {
    const make = async (body: object): Promise<[number, string]> => {
      const response = await api.world.call('POST', '/vc-api/tenants', body, { secret: api.world.secrets.host, key: null }); // prettier-ignore
      return [response.status, ((await response.json()) as { code?: string }).code ?? ''];
    };
    const base = { name: 'plain', method: 'key', cryptosuite: 'eddsa-rdfc-2022' };
    assert.deepEqual(await make(base), [409, 'VC_API_TENANT_EXISTS']);
    assert.deepEqual(await make({ ...base, name: 'curved', curve: 'P-256' }), [422, 'VC_API_CURVE']);
    assert.deepEqual(await make({ ...base, name: 'tenants' }), [422, 'REQUEST_INVALID']);
    assert.deepEqual(await make({ ...base, name: 'x', cryptosuite: 'none' }), [422, 'REQUEST_INVALID']);
  });
});
