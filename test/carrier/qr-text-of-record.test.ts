import assert from 'node:assert/strict';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { decodeQrText, encodeQr, qrTextOfRecord } from '../../shared/carrier/qr-text.js';
import { sameFacts } from '../../shared/carrier/same-facts.js';
import { buildCredential, readRecord, type CertificateCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { arbitraryCertificate } from './arbitrary-certificate.js';
import { sampleCertificate } from './sample-certificate.js';

const url = 'https://verify.example/';

function backwards<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).map(([name, inner]): [string, unknown] => [name, backwards(inner)]);
  return Object.fromEntries(members.reverse()) as T;
}

/** What `qrTextOfRecord` makes of a record and a proof, whether or not the schema would take them. */
function signedText(record: CertificateRecord, proof: CertificateCredential['proof']): { text: string; json: string } {
  const json = JSON.stringify({ ...buildCredential(record), proof });
  return { text: qrTextOfRecord({ record, proof, json }, { url }), json };
}

describe('QR text of a record signed just now', () => {
  it('is the one made of the certificate alone, whatever order the record has its members in', () => {
    fc.assert(
      fc.property(arbitraryCertificate, fc.boolean(), (certificate, turned) => {
        const read = readRecord(certificate);
        const { text, json } = signedText(turned ? backwards(read) : read, certificate.proof);
        assert.equal(text, encodeQr(certificate, { url }).text);
        assert.equal(decodeQrText(text).json, json);
      }),
      { numRuns: 500 },
    );
  });

  it('never says anything but the signed text: what the compact form would change goes into the other', () => {
    const certificate = sampleCertificate('skill-level');
    const record = readRecord(certificate);
    const { proof } = certificate;
    const compact = signedText(record, proof);
    const changed: [CertificateRecord, CertificateCredential['proof']][] = [
      [{ ...record, holder: { ...record.holder, identityDocumentLastFour: 'abcd' } }, proof],
      [record, { ...proof, created: proof.created.replace('Z', '+00:00') }],
      [record, { ...proof, proofPurpose: 'authentication' as 'assertionMethod' }],
      [record, backwards(proof)],
    ];
    for (const [facts, made] of changed) {
      const { text, json } = signedText(facts, made);
      assert.equal(decodeQrText(text).json, json);
      assert.ok(text.length > compact.text.length * 1.3, json);
    }
  });
});

describe('facts compared', () => {
  it('are the same exactly where their canonical JSON is', () => {
    const anything = fc.jsonValue({ maxDepth: 3, noUnicodeString: false });
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        assert.equal(sameFacts(a, backwards(structuredClone(a))), true);
        assert.equal(sameFacts(a, b), canonicalize(a) === canonicalize(b));
        const wrapped = { a, b: { a } };
        assert.equal(sameFacts(wrapped, { b: { a: b }, a }), canonicalize(a) === canonicalize(b));
        assert.equal(sameFacts({ ...wrapped, c: undefined }, { b: { a, c: undefined }, a }), true);
        assert.equal(sameFacts(wrapped, { a, b: { a }, c: 1 }), false);
        assert.equal(sameFacts({ a, b: { a }, c: 1 }, wrapped), false);
      }),
    );
    assert.equal(sameFacts([1], { 0: 1 }), false);
    assert.equal(sameFacts({ a: 1 }, { a: '1' }), false);
    assert.equal(sameFacts({ a: null }, {}), false);
    assert.equal(sameFacts({}, { a: null }), false);
  });
});
