import assert from 'node:assert/strict';
import { p256 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { buildCredential } from '../../shared/certificate/credential.js';
import { encodeMultikey } from '../../shared/did/multikey.js';
import { checkCredentialProof } from '../../shared/proof/check-credential-proof.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import type { VerificationKey } from '../../shared/proof/types.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { testKey } from './keys.js';

const { signer, key } = testKey(ISSUER, 1);
const now = '2026-11-21T00:00:00Z';
const created = '2026-11-20T08:30:00Z';
const check = (json: string, found: VerificationKey | undefined = key) =>
  checkCredentialProof(json, { keyOf: (id) => (id === key.id ? found : undefined), now });

describe('checkCredentialProof', () => {
  let json: string;
  before(async () => {
    json = JSON.stringify(await eddsaRdfc2022.sign(buildCredential(sampleRecord()), { signer, created }));
  });

  it('passes a certificate as signed and gives back what it says', async () => {
    const answer = await check(json);
    assert.deepEqual([answer.answer, answer.code, answer.created], ['pass', 'PROOF_VALID', created]);
    assert.deepEqual(answer.record, sampleRecord());
    assert.equal(JSON.stringify(answer.credential), json);
    assert.deepEqual(answer.key, key);
  });

  it('takes UTF-8 bytes as well', async () => {
    const answer = await checkCredentialProof(new TextEncoder().encode(json), { keyOf: () => key, now });
    assert.equal(answer.code, 'PROOF_VALID');
  });

  it('answers unknown for a key it does not know, and still says what the certificate claims', async () => {
    const answer = await checkCredentialProof(json, { keyOf: () => undefined, now });
    assert.deepEqual([answer.answer, answer.code], ['unknown', 'ISSUER_KEY_UNKNOWN']);
    assert.equal(answer.record?.holder.name, '张伟');
  });

  const facts: [string, string][] = [
    ['the level', '"value":"3"'],
    ['the level’s name', '"name":"三级/高级工"'],
    ['the name', '"name":"张伟"'],
    ['the number', '"certificateNumber":"S000051000123263000045"'],
    ['the occupation code', '"code":"6-18-02-04"'],
    ['the occupation', '"name":"焊工"'],
    ['the issuer', `"issuer":{"id":"${ISSUER}"`],
    ['the issuer’s name', '"name":"示例职业技能评价中心"'],
    ['the accreditation', '"urn:yizheng:accreditation:sichuan.example:2026-001"'],
    ['the status index', '"statusListIndex":"4711"'],
    ['the date of issue', '"validFrom":"2026-11-20T00:00:00+08:00"'],
  ];
  for (const [name, fact] of facts)
    it(`fails when any single character of ${name} is changed`, async () => {
      const start = json.indexOf(fact) + fact.lastIndexOf('"', fact.length - 2) + 1;
      assert.ok(start > 0);
      const end = json.indexOf('"', start);
      for (let place = start; place < end; place++)
        for (const other of ['4', '李'])
          if (json[place] !== other) {
            const answer = await check(`${json.slice(0, place)}${other}${json.slice(place + 1)}`);
            assert.equal(answer.answer, 'fail', `${name} at ${place - start}: ${answer.code}`);
          }
    });

  it('fails for a consistent lie in every fact of the record', async () => {
    const lies: object[] = [
      { level: { framework: 'cn-skill-5', value: '2' } },
      { certificateNumber: 'S000051000123263000046' },
      { issuer: { id: ISSUER, name: '另一家中心' } },
      { occupation: { code: '6-31-01-03', catalogueEdition: '2022', name: '电工' } },
      { holder: { ...sampleRecord().holder, name: '李娜' } },
      { status: { list: 1, index: 4712 } },
    ];
    const { proof } = JSON.parse(json) as { proof: object };
    for (const lie of lies) {
      const forged = { ...buildCredential(sampleRecord('skill-level', lie)), proof };
      assert.equal((await check(JSON.stringify(forged))).code, 'SIGNATURE_INVALID', JSON.stringify(lie));
    }
  });

  it('never passes a text with one character changed, and never throws', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(json.length - 1), fc.string({ minLength: 1, maxLength: 1 }), async (place, sign) => {
        fc.pre(json[place] !== sign);
        const answer = await check(`${json.slice(0, place)}${sign}${json.slice(place + 1)}`);
        // Blanks between the members of a JSON text say nothing.
        assert.notEqual(answer.answer === 'pass' && JSON.stringify(answer.credential) !== json, true);
      }),
      { numRuns: 150 },
    ));

  const keys: [string, Partial<VerificationKey>, string][] = [
    ['a key that was not valid yet', { validFrom: '2026-11-20T08:30:01Z' }, 'KEY_NOT_VALID_AT_ISSUE'],
    ['a key valid from that very second', { validFrom: created }, 'PROOF_VALID'],
    ['a key retired at that second', { validUntil: created }, 'KEY_NOT_VALID_AT_ISSUE'],
    ['a key retired later', { validUntil: '2026-11-20T08:30:01Z' }, 'PROOF_VALID'],
    ['a key compromised since that second', { compromisedSince: created }, 'KEY_COMPROMISED'],
    ['a key compromised later', { compromisedSince: '2026-11-20T08:30:01Z' }, 'PROOF_VALID'],
    ['a key of another controller', { controller: 'did:web:evil.example' }, 'KEY_CONTROLLER_MISMATCH'],
    ['another key than asked for', { id: `${ISSUER}#other` }, 'KEY_ID_MISMATCH'],
    ['a key that is none', { publicKeyMultibase: 'zabc' }, 'KEY_FORMAT'],
    [
      'a P-256 key',
      {
        publicKeyMultibase: encodeMultikey({
          algorithm: 'P-256',
          bytes: p256.getPublicKey(new Uint8Array(32).fill(1)),
        }),
      },
      'KEY_TYPE_MISMATCH',
    ],
    ['another Ed25519 key', { publicKeyMultibase: testKey(ISSUER, 9).key.publicKeyMultibase }, 'SIGNATURE_INVALID'],
  ];
  for (const [name, changes, code] of keys)
    it(`answers ${code} for ${name}`, async () => {
      const answer = await check(json, { ...key, ...changes });
      assert.deepEqual([answer.answer, answer.code], [code === 'PROOF_VALID' ? 'pass' : 'fail', code]);
    });

  const texts: [string, (credential: Record<string, unknown>) => object, string][] = [
    ['a member more', (credential) => ({ ...credential, evidence: [] }), 'CREDENTIAL_SCHEMA'],
    ['members in another order', ({ id, ...rest }) => ({ ...rest, id }), 'CREDENTIAL_SHAPE'],
    [
      'another kind of document',
      (credential) => ({ ...credential, type: ['VerifiablePresentation'] }),
      'CREDENTIAL_SCHEMA',
    ],
    [
      'an end in the proof, which our issuers never write',
      (credential) => ({
        ...credential,
        proof: { ...(credential['proof'] as object), expires: '2999-01-01T00:00:00Z' },
      }),
      'CREDENTIAL_SCHEMA',
    ],
    [
      'another purpose',
      (credential) => ({
        ...credential,
        proof: { ...(credential['proof'] as object), proofPurpose: 'authentication' },
      }),
      'CREDENTIAL_SCHEMA',
    ],
    [
      'a creation time that is no time',
      (credential) => ({
        ...credential,
        proof: { ...(credential['proof'] as object), created: '2026-11-31T99:00:00Z' },
      }),
      'CREATED_INVALID',
    ],
    [
      'the legacy suite',
      (credential) => ({ ...credential, proof: { ...(credential['proof'] as object), type: 'Ed25519Signature2020' } }),
      'CRYPTOSUITE_UNEXPECTED',
    ],
  ];
  for (const [name, change, code] of texts)
    it(`refuses ${name} with ${code}`, async () => {
      const answer = await check(JSON.stringify(change(JSON.parse(json) as Record<string, unknown>)));
      assert.deepEqual([answer.answer, answer.code], ['fail', code]);
    });
});
