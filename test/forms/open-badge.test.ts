import assert from 'node:assert/strict';
import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import type { Resolvable } from 'did-resolver';
import { buildCredential } from '../../shared/certificate/credential.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { checkForeignCredential } from '../../shared/proof/check-foreign-credential.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { toOpenBadge } from '../../shared/proof/forms/open-badge.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { NOW } from '../verdict/sample-trust.js';
import { holder, issuerKey, SIGNED_AT, ask } from './world.js';

const uri = { type: 'string', format: 'uri' };
const text = { type: 'string', minLength: 1 };
const node = (type: string, required: string[], properties: object, closed = false): object => ({
  type: 'object',
  required: ['type', ...required],
  properties: { type: { anyOf: [{ const: type }, { type: 'array', contains: { const: type } }] }, ...properties },
  ...(closed && { additionalProperties: false }),
});

/**
 * The rules of Open Badges 3.0 for the classes we export (1EdTech, AchievementCredential JSON Schema, edition for VC 2.0), in our own
 * words: what must be there, of which form, and which classes admit nothing else.
 */
const OPEN_BADGE = {
  type: 'object',
  required: ['@context', 'id', 'type', 'name', 'credentialSubject', 'issuer', 'validFrom', 'proof'],
  properties: {
    '@context': { type: 'array', minItems: 1, items: uri },
    id: uri,
    type: {
      type: 'array',
      allOf: [{ contains: { const: 'VerifiableCredential' } }, { contains: { const: 'OpenBadgeCredential' } }],
    },
    name: text,
    issuer: node('Profile', ['id'], { id: uri, name: text }),
    validFrom: { type: 'string', format: 'date-time' },
    validUntil: { type: 'string', format: 'date-time' },
    credentialStatus: { type: 'object', required: ['id', 'type'], properties: { id: uri, type: text } },
    credentialSubject: {
      ...node('AchievementSubject', ['achievement'], {
        id: uri,
        licenseNumber: text,
        identifier: {
          type: 'array',
          items: node(
            'IdentityObject',
            ['hashed', 'identityHash', 'identityType'],
            {
              hashed: { type: 'boolean' },
              identityHash: text,
              identityType: { enum: ['name', 'nationalIdentityNumber', 'identifier'] },
              salt: text,
            },
            true,
          ),
        },
        result: {
          type: 'array',
          items: node('Result', [], { value: { type: 'string' }, resultDescription: uri }),
        },
        achievement: node('Achievement', ['id', 'criteria', 'description', 'name'], {
          id: uri,
          achievementType: { enum: ['Certification', 'License'] },
          criteria: { type: 'object', properties: { id: uri, narrative: text } },
          description: text,
          name: text,
          inLanguage: { type: 'string', pattern: '^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$' },
          humanCode: text,
          fieldOfStudy: text,
          specialization: text,
          resultDescription: {
            type: 'array',
            items: node('ResultDescription', ['id', 'name', 'resultType'], {
              id: uri,
              name: text,
              resultType: { enum: ['RawScore', 'Percent', 'Result', 'Status'] },
              valueMin: { type: 'string' },
              valueMax: { type: 'string' },
            }),
          },
        }),
      }),
      anyOf: [{ required: ['id'] }, { required: ['identifier'] }],
    },
    proof: node('DataIntegrityProof', ['proofPurpose', 'proofValue', 'verificationMethod', 'cryptosuite'], {}),
  },
};

const resolver: Resolvable = {
  resolve: () =>
    Promise.resolve({
      didResolutionMetadata: {},
      didDocumentMetadata: {},
      didDocument: {
        id: ISSUER,
        verificationMethod: [
          {
            id: issuerKey.key.id,
            type: 'Multikey',
            controller: ISSUER,
            publicKeyMultibase: issuerKey.key.publicKeyMultibase,
          },
        ],
        assertionMethod: [issuerKey.key.id],
      },
    }),
};

describe('[OB3 §B.1] Open Badges 3.0 export', () => {
  const ajv = new Ajv2019({ strict: false });
  addFormats.default(ajv);
  const valid = ajv.compile(OPEN_BADGE);
  const badgeOf = (...args: Parameters<typeof sampleRecord>) => toOpenBadge(buildCredential(sampleRecord(...args)));
  const sign = (badge: object) => eddsaRdfc2022.sign(badge, { signer: issuerKey.signer, created: SIGNED_AT });

  for (const kind of KIND_IDS)
    it(`of a ${kind} certificate keeps the rules of the schema and is signed with every term defined`, async () => {
      const signed = await sign(badgeOf(kind));
      assert.ok(valid(signed), JSON.stringify(valid.errors));
      const check = await checkForeignCredential(JSON.stringify(signed), { resolver, now: NOW });
      assert.deepEqual([check.answer, check.code], ['pass', 'PROOF_VALID']);
    });

  it('says what the certificate says, bound to the same key', () => {
    const record = sampleRecord();
    const badge = badgeOf('skill-level', {
      holder: { ...record.holder, id: holder.did },
      assessment: { ...record.assessment, theoryScore: '88.5' },
      expiresOn: '2030-11-19',
    });
    const subject = badge['credentialSubject'] as Record<string, unknown>;
    assert.equal(badge['name'], '职业技能等级证书 · 焊工 · 三级/高级工');
    assert.equal(badge['validUntil'], '2030-11-19T23:59:59+08:00');
    assert.deepEqual([subject['id'], subject['licenseNumber']], [holder.did, record.certificateNumber]);
    const achievement = subject['achievement'] as { humanCode: string; resultDescription: { id: string }[] };
    assert.equal(achievement.humanCode, '6-18-02-04');
    assert.deepEqual(subject['result'], [
      { type: ['Result'], resultDescription: achievement.resultDescription[0]?.id, value: '88.5' },
    ]);
    assert.equal((badge['credentialStatus'] as { statusPurpose: string }).statusPurpose, 'revocation');
  });

  it('is one achievement for everyone who achieved it', () => {
    const idOf = (badge: object) =>
      (badge as { credentialSubject: { achievement: { id: string } } }).credentialSubject.achievement.id;
    const other = badgeOf('skill-level', { certificateNumber: 'S000051000123263000046' });
    assert.equal(idOf(badgeOf()), idOf(other));
    assert.notEqual(idOf(badgeOf()), idOf(badgeOf('skill-level', { level: { framework: 'cn-skill-5', value: '4' } })));
  });

  it('is no certificate: a verdict calls it another kind of credential', async () => {
    const verdict = await ask(JSON.stringify(await sign(badgeOf())));
    assert.deepEqual([verdict.headline, verdict.questions.authentic.code], ['undetermined', 'UNKNOWN_CREDENTIAL_TYPE']);
  });

  it('tells a changed badge', async () => {
    const signed = JSON.stringify(await sign(badgeOf())).replace('三级/高级工', '一级/高级技师');
    const check = await checkForeignCredential(signed, { resolver, now: NOW });
    assert.deepEqual([check.answer, check.code], ['fail', 'SIGNATURE_INVALID']);
  });
});
