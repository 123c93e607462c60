import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CompactRecordEncoder } from '../../shared/carrier/compact-record-encoder.js';
import { encodeCompactRecord } from '../../shared/carrier/compact-codec.js';
import { decodeQrText, encodeQr, RecordQrTexts } from '../../shared/carrier/qr-text.js';
import { buildCredential, readRecord, type CertificateCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { arbitraryCertificate } from './arbitrary-certificate.js';
import { sampleCertificate } from './sample-certificate.js';

const url = 'https://verify.example/';

type Proof = CertificateCredential['proof'];

interface Signed {
  record: CertificateRecord;
  proof: Proof;
}

type Path = readonly string[];

function jsonOf({ record, proof }: Signed): string {
  return JSON.stringify({ ...buildCredential(record), proof });
}

/** Paths of all members, groups and what stands in them. */
function pathsOf(value: object): Path[] {
  return Object.entries(value).flatMap(([name, inner]): Path[] => [
    [name],
    ...(typeof inner === 'object' && inner !== null ? pathsOf(inner as object).map((path) => [name, ...path]) : []),
  ]);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
}

/** A copy in which one member is that of another record, or is left out where that has none. */
function withMember<T extends object>(target: T, source: T, path: Path): T {
  const copy = structuredClone(target) as Record<string, unknown>;
  const place = valueAt(copy, path.slice(0, -1)) as Record<string, unknown> | undefined;
  const name = path.at(-1) ?? '';
  const value = structuredClone(valueAt(source, path));
  if (typeof place !== 'object') return copy as T;
  if (value === undefined) Reflect.deleteProperty(place, name);
  else place[name] = value;
  return copy as T;
}

const GROUPS = ['issuer', 'authority', 'accreditation', 'holder', 'assessment', 'status'];
/** Every member, and every member of a group, in any record. */
const MEMBERS: Path[] = [
  ...['kind', 'certificateNumber', 'revision', 'issuedOn', 'expiresOn', 'occupation', 'level', 'supersedes'],
  ...['specification', 'competition', 'appointment', 'permit', 'training', 'candidateEmployer', 'advancement'],
  ...GROUPS,
].map((name) => [name]);

const POOL = 400;

/** A series of records as an exam has them and as none has them: each is the one before with members of quite another record. */
function seriesOf(pool: readonly Signed[]): fc.Arbitrary<Signed[]> {
  const turn = fc.record({ other: fc.nat(pool.length - 1), draws: fc.array(fc.nat(), { maxLength: 4 }) });
  return fc.array(turn, { minLength: 40, maxLength: 40 }).map((turns) => {
    let signed: Signed | undefined;
    return turns.flatMap(({ other, draws }) => {
      const foreign = pool[other];
      if (!foreign) return [];
      const all = [foreign];
      for (const draw of draws) {
        const before = signed ?? foreign;
        const paths = [...MEMBERS, ...pathsOf(foreign.record), ...pathsOf(before.record)];
        const record = withMember(before.record, foreign.record, paths[draw % paths.length] ?? []);
        const { proofValue } = foreign.proof;
        signed = { record, proof: draw % 5 === 0 ? foreign.proof : { ...before.proof, proofValue } };
        all.push(signed);
      }
      return all;
    });
  });
}

/** Outcome of a record without something every record has, which only a program that skips the schema makes. */
const THROWN = 'thrown';

function outcomeOf(act: () => Uint8Array | undefined): string | undefined {
  try {
    const payload = act();
    return payload && Buffer.from(payload).toString('hex');
  } catch (error) {
    assert.ok(error instanceof TypeError, String(error));
    return THROWN;
  }
}

/** What only one credential can be built of. */
function credentialOf(signed: Signed): string | undefined {
  try {
    return jsonOf(signed);
  } catch {
    return undefined;
  }
}

describe('QR texts of many records', () => {
  it('have the payload each record has alone, whatever was packed before', () => {
    const encoder = new CompactRecordEncoder();
    const pool = fc
      .sample(arbitraryCertificate, POOL)
      .map((certificate): Signed => ({ record: readRecord(certificate), proof: certificate.proof }));
    let cases = 0;
    fc.assert(
      fc.property(seriesOf(pool), (all) => {
        for (const signed of all) {
          const json = credentialOf(signed);
          if (json === undefined) continue;
          cases++;
          const alone = outcomeOf(() => encodeCompactRecord(signed.record, signed.proof, json));
          const among = outcomeOf(() => encoder.encode(signed.record, json));
          if (alone === THROWN) assert.ok(among === THROWN || among === undefined, json);
          else assert.equal(among, alone, json);
        }
      }),
      { numRuns: 200, endOnFailure: true },
    );
    assert.ok(cases >= 20_000, `only ${cases} cases`);
  });

  it('are those of the certificates, which they give back byte for byte', () => {
    const texts = new RecordQrTexts();
    fc.assert(
      fc.property(arbitraryCertificate, fc.integer({ min: 1, max: 3 }), (certificate, times) => {
        const json = JSON.stringify(certificate);
        for (let i = 0; i < times; i++) {
          const text = texts.textOf({ record: readRecord(certificate), json }, { url });
          assert.equal(text, encodeQr(certificate, { url }).text);
          assert.equal(decodeQrText(text).json, json);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('say what was signed also where the compact form cannot: such a certificate takes the other', () => {
    const texts = new RecordQrTexts();
    const certificate = sampleCertificate('skill-level');
    const record = readRecord(certificate);
    const { proof } = certificate;
    const textOf = (signed: Signed): string => texts.textOf({ record: signed.record, json: jsonOf(signed) }, { url });
    const compact = textOf({ record, proof });
    const changed: Signed[] = [
      { record: { ...record, holder: { ...record.holder, identityDocumentLastFour: 'abcd' } }, proof },
      { record, proof: { ...proof, created: proof.created.replace('Z', '+00:00') } },
      { record, proof: { ...proof, proofPurpose: 'authentication' as 'assertionMethod' } },
      { record, proof: { ...proof, proofValue: `${proof.proofValue}1` } },
      { record, proof: { ...proof, proofValue: `z1${proof.proofValue.slice(1)}` } },
      { record, proof: Object.fromEntries(Object.entries(proof).reverse()) as Proof },
      { record: { ...record, status: { list: record.status.list, index: 0.5 } }, proof },
    ];
    for (const signed of changed) {
      const text = textOf(signed);
      assert.equal(decodeQrText(text).json, jsonOf(signed));
      assert.ok(text.length > compact.length * 1.3, text);
      assert.equal(textOf({ record, proof }), compact);
    }
  });

  it('never leave out a member the field table does not know', () => {
    const encoder = new CompactRecordEncoder();
    const certificate = sampleCertificate('skill-level');
    const record = readRecord(certificate);
    const json = JSON.stringify(certificate);
    assert.ok(encoder.encode(record, json));
    for (const wrong of [
      { ...record, note: '' },
      { ...record, holder: { ...record.holder, note: '' } },
      { ...record, assessment: { ...record.assessment, note: null } },
      { ...record, occupation: { ...record.occupation, note: 0 } },
      { ...record, status: { ...record.status, purpose: 'revocation' } },
    ])
      assert.equal(encoder.encode(wrong as CertificateRecord, json), undefined);
    assert.ok(encoder.encode({ ...record, note: undefined } as CertificateRecord, json));
  });
});
