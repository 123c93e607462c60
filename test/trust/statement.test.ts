import assert from 'node:assert/strict';
import { importJWK, compactVerify } from 'jose';
import jsonld from 'jsonld';
import { contexts as credentialsContexts } from '@digitalbazaar/credentials-context';
import { RECOGNITION_CONTEXT, RECOGNITION_CONTEXT_URL } from '../../shared/trust/recognition-context.js';
import {
  buildStatementCredential,
  readStatementCredential,
  signStatement,
  verifyStatement,
} from '../../shared/trust/statement-credential.js';
import { parseStatement } from '../../shared/trust/statement-schema.js';
import type { ReviewFinding, StatementKind, StatementTypes } from '../../shared/trust/types.js';
import { key } from './publisher.js';
import * as w from './world.js';

const { SC, CQ, MO, INSTITUTION } = w;
const memorandum = {
  id: 'urn:memorandum:cy-2020',
  name: '川渝互认备忘录',
  party: [SC, CQ],
  digestMultibase: `uEiA${'A'.repeat(43)}`,
};
const review: ReviewFinding = {
  id: 'urn:yizheng:review:1',
  authority: SC,
  about: INSTITUTION,
  criteria: '备案交叉互评 2022',
  result: 'pass',
  validFrom: '2026-01-01T00:00:00+08:00',
};
const full = w.recognition(
  {
    registryRoot: { version: 3, digestMultibase: `uEiB${'B'.repeat(43)}` },
    memorandum,
    supersedes: ['urn:yizheng:recognition:old'],
  },
  {
    validUntil: '2030-01-01T00:00:00+08:00',
    certificateIssued: { from: '2020-01-01T00:00:00+08:00' },
    expiryEffect: 'grandfather',
    levelMapping: [
      {
        from: { framework: 'mo-dsal', value: 'intermediate' },
        to: { framework: 'cn-skill-5', value: '4', occupation: '6-31-01-03', kind: 'skill-level' },
      },
    ],
    treatment: ['deemed-level', 'apply-next-level'],
    onward: { maxDepth: 0 },
    scope: {
      kind: ['mo-skill'],
      level: [{ framework: 'mo-dsal', value: 'intermediate' }],
      institutions: { excludedKinds: ['chain-leader'] },
    },
  },
);
const samples: { [K in StatementKind]: StatementTypes[K][] } = {
  accreditation: [w.accreditation({}, { requireLogProof: true }, { quota: { limit: 10, per: 'month' } })],
  recognition: [full, w.recognition()],
  event: [
    w.event({ voidsIssuedSince: '2025-11-01T00:00:00+08:00', effectiveUntil: '2026-05-01T00:00:00+08:00' }),
    w.event({
      event: 'key-revoked',
      keyId: `${INSTITUTION}#k1`,
      reason: 'compromised',
      compromisedSince: '2025-01-01T00:00:00Z',
    }),
    w.event({ event: 'statement-revoked', statement: 'urn:yizheng:accreditation:S000050000001:1' }),
    w.event({ event: 'deny', scope: { kind: ['skill-level'], region: ['50*'] } }),
  ],
  review: [review],
  'supply-chain': [w.membership({ scope: { occupation: ['6-*'] } })],
};
const each = Object.entries(samples).flatMap(([kind, list]) =>
  list.map((statement, i) => ({ kind: kind as StatementKind, statement, name: `${kind} ${i + 1}` })),
);
const invalid = (place: string) => (error: unknown) => {
  const { code, at } = error as { code?: string; at?: string };
  assert.deepEqual({ code, at }, { code: 'STATEMENT_INVALID', at: place });
  return true;
};

describe('trust: statements as W3C credentials', () => {
  for (const { kind, statement, name } of each) {
    it(`writes and reads back ${name} unchanged`, () => {
      const credential = buildStatementCredential(kind, statement);
      assert.equal('validUntil' in credential, false);
      assert.deepEqual(readStatementCredential(kind, JSON.parse(JSON.stringify(credential))), statement);
      assert.throws(
        () => readStatementCredential(kind, { ...credential, extra: 1 }),
        (error: unknown) => (error as { code?: string }).code === 'STATEMENT_SHAPE',
      );
    });
    it(`expands ${name} in JSON-LD safe mode: every term is defined`, async () => {
      const documentLoader = (url: string) => {
        const document: unknown = url === RECOGNITION_CONTEXT_URL ? RECOGNITION_CONTEXT : credentialsContexts.get(url);
        if (document === undefined) throw new Error(`not bundled: ${url}`);
        return Promise.resolve({ contextUrl: null, documentUrl: url, document });
      };
      const credential = buildStatementCredential(kind, statement);
      const expanded = await jsonld.expand(credential, { documentLoader, safe: true });
      assert.equal(expanded.length, 1);
      await assert.rejects(jsonld.expand({ ...credential, unheardOf: 'x' }, { documentLoader, safe: true }));
    });
  }
  it('signs a statement so that any JOSE library verifies it', async () => {
    const signer = key(SC, 'registry');
    const jws = await signStatement('recognition', full, { kid: signer.method, sign: signer.sign });
    const { kid: _, ...jwk } = signer.jwk;
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(jwk, 'EdDSA'));
    assert.deepEqual(protectedHeader, { alg: 'EdDSA', typ: 'vc+jwt', kid: signer.method });
    assert.deepEqual(JSON.parse(new TextDecoder().decode(payload)), buildStatementCredential('recognition', full));
    assert.deepEqual(
      verifyStatement('recognition', jws, () => signer.jwk),
      full,
    );
  });
  it('refuses a statement signed in the name of another authority', async () => {
    const signer = key(MO, 'registry');
    const jws = await signStatement('recognition', full, { kid: signer.method, sign: signer.sign });
    assert.throws(
      () => verifyStatement('recognition', jws, () => signer.jwk),
      (error: unknown) => (error as { code?: string }).code === 'STATEMENT_SIGNATURE_INVALID',
    );
  });
});

describe('trust: statements nobody may make', () => {
  const accreditation = w.accreditation();
  const withAction = (change: object) => ({ ...accreditation, actions: [{ ...accreditation.actions[0]!, ...change }] });
  const withScope = (change: object) => withAction({ scope: { ...accreditation.actions[0]!.scope, ...change } });
  const accreditations: [string, object, string][] = [
    ['ends before it begins', withAction({ validUntil: '2023-01-01T00:00:00+08:00' }), '/actions/0/validUntil'],
    ['ends when it begins', withAction({ validUntil: '2024-01-01T00:00:00+08:00' }), '/actions/0/validUntil'],
    ['accredits its own maker', { ...accreditation, institution: CQ }, '/institution'],
    ['supersedes itself', { ...accreditation, supersedes: [accreditation.id] }, '/supersedes'],
    [
      'names another’s key',
      { ...accreditation, signingKeys: [{ ...accreditation.signingKeys[0]!, id: `${SC}#k1` }] },
      '/signingKeys/0/id',
    ],
    ['grants nothing: no kind', withScope({ kind: [] }), '/actions/0/scope/kind'],
    ['grants nothing: no level', withScope({ level: undefined }), '/actions/0/scope/level'],
    ['grants nothing: no occupation', withScope({ occupation: undefined }), '/actions/0/scope/occupation'],
    ['grants nothing: empty scope', withAction({ scope: {} }), '/actions/0/scope/kind'],
    [
      'grants a level that does not exist',
      withScope({ level: [{ framework: 'cn-skill-5', value: '9' }] }),
      '/actions/0/scope/level/0',
    ],
    ['lets an institution accredit', withAction({ action: 'accredit' }), '/actions/0/action'],
    ['says something nobody defined', { ...accreditation, vip: true }, '/'],
    [
      'lies on a day that does not exist',
      withAction({ validFrom: '2024-02-30T25:00:00+08:00' }),
      '/actions/0/validFrom',
    ],
  ];
  for (const [name, statement, place] of accreditations)
    it(`refuses an accreditation that ${name}`, () =>
      assert.throws(() => parseStatement('accreditation', statement), invalid(place)));

  const plain = w.recognition();
  const act = (change: object) => ({ ...plain, actions: [{ ...plain.actions[0]!, ...change }] });
  const map = (from: object, to: object) => act({ levelMapping: [{ from, to }] });
  const l4 = { framework: 'cn-skill-5', value: '4' };
  const recognitions: [string, object, string][] = [
    ['recognises its own maker', { ...plain, subject: SC }, '/subject'],
    ['cites itself', { ...plain, supersedes: [plain.id] }, '/supersedes'],
    [
      'maps to a level that does not exist',
      map(l4, { framework: 'cn-skill-5', value: '0' }),
      '/actions/0/levelMapping/0/to',
    ],
    [
      'maps from a level that does not exist',
      map({ framework: 'x', value: 'y' }, l4),
      '/actions/0/levelMapping/0/from',
    ],
    ['deems a level without a mapping', act({ treatment: ['deemed-level'] }), '/actions/0/levelMapping'],
    ['does not say what it is worth', act({ treatment: undefined }), '/actions/0/treatment'],
    ['recognises nothing: empty list', act({ scope: { region: [] } }), '/actions/0/scope/region'],
    ['lets nobody recognise onward', act({ action: 'recognize' }), '/actions/0/onward'],
    ['goes onward without saying recognise', act({ onward: { maxDepth: 1 } }), '/actions/0/onward'],
    [
      'has a window that ends before it begins',
      act({ certificateIssued: { from: '2025-01-01T00:00:00Z', until: '2024-01-01T00:00:00Z' } }),
      '/actions/0/certificateIssued',
    ],
    [
      'cites a memorandum it is no party of',
      { ...plain, memorandum: { ...memorandum, party: [MO, CQ] } },
      '/memorandum',
    ],
    ['lets a single institution accredit', { ...plain, homeAuthority: MO }, '/actions'],
  ];
  for (const [name, statement, place] of recognitions)
    it(`refuses a recognition that ${name}`, () =>
      assert.throws(() => parseStatement('recognition', statement), invalid(place)));

  const suspended = w.event({});
  const events: [string, object, string][] = [
    ['ends before it begins', { ...suspended, effectiveUntil: '2025-01-01T00:00:00Z' }, '/effectiveUntil'],
    ['is about its own maker', { ...suspended, about: CQ }, '/about'],
    ['revokes a key without naming it', { ...suspended, event: 'key-revoked' }, '/keyId'],
    [
      'revokes a key of another',
      { ...suspended, event: 'key-revoked', keyId: `${SC}#k1`, reason: 'superseded' },
      '/keyId',
    ],
    ['voids the future', { ...suspended, voidsIssuedSince: '2027-01-01T00:00:00Z' }, '/voidsIssuedSince'],
    [
      'ends a withdrawal',
      { ...suspended, event: 'withdraw', effectiveUntil: '2027-01-01T00:00:00Z' },
      '/effectiveUntil',
    ],
  ];
  for (const [name, statement, place] of events)
    it(`refuses an event that ${name}`, () => assert.throws(() => parseStatement('event', statement), invalid(place)));
});
