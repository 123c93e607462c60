import assert from 'node:assert/strict';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { assertCompactCertificate } from '../../shared/proof/assert-compact-certificate.js';
import { assertCompact } from '../../shared/proof/compaction.js';
import { SIGNED_CERTIFICATE_SHAPE } from '../../shared/proof/compiled/certificate-shape.js';
import { matchShape } from '../../shared/proof/compiled/shape.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { anyCertificate, drawFrom } from './compiled-documents.js';

const proof = {
  type: 'DataIntegrityProof',
  created: '2026-11-20T08:30:00Z',
  verificationMethod: 'did:web:issuer.example#key-1',
  cryptosuite: 'eddsa-rdfc-2022',
  proofPurpose: 'assertionMethod',
  proofValue: 'z3uXYZ',
};

describe('a certificate of exactly our shape', () => {
  it('is what JSON-LD would write, whatever it says: 150 random certificates with any text, ids and members', async () => {
    const draw = drawFrom(7);
    let matched = 0;
    for (let i = 0; i < 150; i++) {
      const document = { ...anyCertificate(draw, 1_000_000), proof } as unknown as JsonObject;
      const match = matchShape(document, SIGNED_CERTIFICATE_SHAPE);
      if (!match || match.hasHalfCharacter) continue;
      matched++;
      await assertCompact(document);
    }
    assert.ok(matched > 100, `only ${matched} were of the shape`);
  });

  it('does not let through what hides a member under another name, after one like it was found good', async () => {
    const { credential } = await signedSample();
    const good = JSON.parse(JSON.stringify(credential)) as JsonObject & {
      credentialSubject: JsonObject & { name: string };
      issuer: JsonObject;
    };
    await assertCompactCertificate(good);
    await assertCompactCertificate(good);
    const { name, ...subject } = good.credentialSubject;
    const hidden = { ...good, credentialSubject: { 'https://schema.org/name': name, ...subject } };
    await assert.rejects(assertCompactCertificate(hidden), { code: 'COMPACTION_DIFFERS' });
    const more = { ...good, issuer: { ...good.issuer, unknownMember: 'x' } };
    await assert.rejects(assertCompactCertificate(more), { code: 'TERM_UNDEFINED' });
    const typed = {
      ...good,
      type: ['VerifiableCredential', 'https://www.w3.org/2018/credentials#VerifiableCredential'],
    };
    await assert.rejects(assertCompactCertificate(typed), { code: 'COMPACTION_DIFFERS' });
  });
});
