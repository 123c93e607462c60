import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SignedBytes } from '../../shared/certificate/signed-bytes.js';
import { CompactRecordEncoder } from '../../shared/carrier/compact-record-encoder.js';
import { encodeCompactRecord } from '../../shared/carrier/compact-codec.js';
import { decimalToBytes, writeDecimal } from '../../shared/carrier/decimal.js';
import { decodeQrText, encodeQr } from '../../shared/carrier/qr-text.js';
import { RecordQrTexts } from '../../shared/carrier/record-qr-texts.js';
import { buildCredential, readRecord, type CertificateCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { decodeSignature } from '../../shared/did/signature-base58.js';
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

function signedBytes(json: string, { proofValue }: Proof): SignedBytes {
  return { json: new TextEncoder().encode(json), signature: decodeSignature(proofValue.slice(1)) ?? new Uint8Array() };
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
function withMember<T extends object>(target: T, source: T, [name = '', ...rest]: Path): T {
  const copy = { ...target } as Record<string, unknown>;
  const inner = copy[name];
  const value = valueAt(source, [name, ...rest]);
  if (rest.length > 0 && typeof inner === 'object' && inner !== null)
    copy[name] = withMember(inner, (source as Record<string, object>)[name] ?? {}, rest);
  else if (rest.length === 0 && value !== undefined) copy[name] = value;
  else if (rest.length === 0) Reflect.deleteProperty(copy, name);
  return copy as T;
}

const GROUPS = ['issuer', 'authority', 'accreditation', 'holder', 'assessment', 'status'];
/** Every member, and every member of a group, in any record. */
const MEMBERS: Path[] = [
  ...['kind', 'certificateNumber', 'revision', 'issuedOn', 'expiresOn', 'occupation', 'level', 'supersedes'],
  ...['specification', 'competition', 'appointment', 'permit', 'training', 'candidateEmployer', 'advancement'],
  ...GROUPS,
].map((name) => [name]);

/** Where that stands which other fields lean on. */
const LEANED_ON: Path[] = [
  ...['issuedOn', 'level', 'certificateNumber', 'revision'].map((name) => [name]),
  ...[
    ['issuer', 'id'],
    ['occupation', 'code'],
    ['occupation', 'name'],
  ],
];

const POOL = 400;
const OCCUPATION_NAMES = ['焊工', '电工', '养老护理员'];
const CODES = ['S000051000001', 'Y310051000002', 'S000051000003'];

/** Many texts that name one of few institutions and occupations, so that what a field leans on often changes by itself. */
function withCodes(record: CertificateRecord, i: number): CertificateRecord {
  const code = (turn: number): string => CODES[Math.floor(i / 3 ** turn) % 3] ?? '';
  const { occupation } = record;
  return {
    ...record,
    ...(i % 2 === 0 ? { certificateNumber: `${code(0)}265${String(100_000 + i)}` } : {}),
    ...(i % 5 === 0 ? {} : { authority: { id: `did:web:rst.example:${code(1)}`, name: record.authority.name } }),
    assessment: {
      ...record.assessment,
      ...(i % 7 === 0 ? {} : { id: `${code(2)}-01`, batch: `${code(3)}-02` }),
      ...(i % 2 === 0 && occupation ? { standard: `${CODES.length}级${OCCUPATION_NAMES[i % 3] ?? ''}标准` } : {}),
    },
    ...(occupation ? { occupation: { ...occupation, name: OCCUPATION_NAMES[Math.floor(i / 3) % 3] ?? '' } } : {}),
  };
}

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
        const anywhere = [...MEMBERS, ...pathsOf(foreign.record), ...pathsOf(before.record)];
        const paths = draw % 2 === 0 ? LEANED_ON : anywhere;
        const record = withMember(before.record, foreign.record, paths[(draw >> 1) % paths.length] ?? []);
        const { proofValue } = foreign.proof;
        signed = { record, proof: draw % 10 === 1 ? foreign.proof : { ...before.proof, proofValue } };
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
      .map((certificate, i): Signed => ({ record: withCodes(readRecord(certificate), i), proof: certificate.proof }));
    let cases = 0;
    fc.assert(
      fc.property(seriesOf(pool), (all) => {
        for (const signed of all) {
          const json = credentialOf(signed);
          if (json === undefined) continue;
          cases++;
          const alone = outcomeOf(() => encodeCompactRecord(signed.record, signed.proof, json));
          const among = outcomeOf(() => encoder.encode(signed.record, signedBytes(json, signed.proof)));
          if (alone === THROWN) assert.ok(among === THROWN || among === undefined, json);
          else assert.equal(among, alone, json);
        }
      }),
      { numRuns: 200, endOnFailure: true },
    );
    assert.ok(cases >= 20_000, `only ${cases} cases`);
  }).timeout(600_000);

  it('are those of the certificates, which they give back byte for byte', () => {
    const texts = new RecordQrTexts();
    fc.assert(
      fc.property(arbitraryCertificate, fc.integer({ min: 1, max: 3 }), (certificate, times) => {
        const json = JSON.stringify(certificate);
        for (let i = 0; i < times; i++) {
          const signed = signedBytes(json, certificate.proof);
          const text = new TextDecoder().decode(texts.textOf(readRecord(certificate), signed, url));
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
    const textOf = (signed: Signed): string =>
      new TextDecoder().decode(texts.textOf(signed.record, signedBytes(jsonOf(signed), signed.proof), url));
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
    const signed = signedBytes(JSON.stringify(certificate), certificate.proof);
    assert.ok(encoder.encode(record, signed));
    for (const wrong of [
      { ...record, note: '' },
      { ...record, holder: { ...record.holder, note: '' } },
      { ...record, assessment: { ...record.assessment, note: null } },
      { ...record, occupation: { ...record.occupation, note: 0 } },
      { ...record, status: { ...record.status, purpose: 'revocation' } },
    ])
      assert.equal(encoder.encode(wrong as CertificateRecord, signed), undefined);
    assert.ok(encoder.encode({ ...record, note: undefined } as CertificateRecord, signed));
  });
});

describe('decimal digits written as bytes', () => {
  it('are those of the number, whatever its length', () => {
    const out = new Uint8Array(8_000);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2_940 }), fc.nat(400), fc.nat(9), (bytes, most, start) => {
        for (const payload of [
          bytes,
          bytes.slice(0, most),
          bytes.slice(0, most).fill(0xff),
          bytes.slice(0, most).fill(0, 1),
        ]) {
          if ((payload[0] ?? 0) === 0) continue;
          const end = writeDecimal(payload, out, start);
          const digits = new TextDecoder().decode(out.subarray(start, end));
          assert.equal(digits, BigInt(`0x${Buffer.from(payload).toString('hex')}`).toString());
          assert.deepEqual(decimalToBytes(digits), payload);
        }
      }),
      { numRuns: 2_000 },
    );
    assert.throws(() => writeDecimal(Uint8Array.of(0, 1), out, 0), RangeError);
    assert.throws(() => writeDecimal(new Uint8Array(2_941).fill(1), out, 0), { code: 'QR_TOO_LARGE' });
  });
});
