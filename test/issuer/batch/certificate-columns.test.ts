import assert from 'node:assert/strict';
import { certificateColumns, type StoredWith } from '../../../issuer/batch/certificate-columns.js';
import type { SkeletonIds } from '../../../issuer/batch/credential-skeletons.js';
import type { SignedRows } from '../../../issuer/batch/store-chunk.js';
import { TextPack } from '../../../issuer/batch/text-pack.js';
import type { MadeCertificates } from '../../../keys/bulk-signer.js';
import { CertificatePacker, unpackCertificates } from '../../../keys/signing/packed-certificates.js';
import { OWN_TEXT_SEPARATOR, ownTextSign, type ApartText } from '../../../shared/certificate/credential-skeleton.js';
import type { SqlColumn } from '../../../server/index.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const jsonOf = (name: string): string => `{"name":"${name}","proof":{}}`;
const SKELETON = jsonOf(ownTextSign(0));

/** Certificates of these names, those with a `!` whole. */
function made(names: readonly string[]): MadeCertificates {
  const packer = new CertificatePacker(names.length);
  for (const name of names) {
    const apart: ApartText | undefined = name.endsWith('!') ? undefined : { skeleton: SKELETON, own: bytes(name) };
    packer.add({ kind: 'skill-level', json: bytes(jsonOf(name)), qr: bytes('1'), apart });
  }
  return unpackCertificates([packer.finish()]);
}

const listOf = (column: SqlColumn | undefined, count: number): unknown[] => {
  if (column !== null && typeof column === 'object' && 'packed' in column)
    return column.packed.flatMap((part) =>
      'ends' in part
        ? Array.from(part.ends, (end, i) => Buffer.from(part.bytes.subarray(part.ends[i - 1] ?? 0, end)).toString())
        : [],
    );
  const all = Array.isArray(column) ? (column as unknown[]) : Array<unknown>(count).fill(column);
  return all.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value));
};

/** How the texts of certificates are kept: state, whole text, own texts, skeleton, text before it was signed. */
function kept(
  names: readonly string[],
  voided: readonly number[] = [],
  skeletons: SkeletonIds = { of: (text) => (text === SKELETON ? 7 : Number.NaN) },
): unknown[][] {
  const every = names.map((_, i) => i);
  const ofNothing = { column: () => null };
  const signed = {
    places: every,
    certificates: { number: names, revision: every, list: every, index: every },
    made: made(names),
    refused: new Map(),
  } as unknown as SignedRows;
  const common = {
    batch: { id: 'b', institution: 'i', operation: 'correct', confirmed_by: null },
    rows: {
      row: every,
      duplicate_key: ofNothing,
      result_key: ofNothing,
      holder_key: ofNothing,
      assessment: names,
      certificate: names,
    },
    now: new Date(0),
    cells: every,
    voided: new Map(voided.map((row) => [row, 'CERTIFICATE_REVOKED'])),
    skeletons,
  } as unknown as StoredWith;
  const columns = certificateColumns(signed, common, { ids: new TextPack(), rowKeys: new TextPack() });
  const wanted = ['state', 'credential', 'own_texts', 'skeleton', 'unsigned'].map((name) =>
    listOf(columns[name], names.length),
  );
  return every.map((i) => wanted.map((column) => column[i]));
}

describe('batches: how texts of certificates are kept', () => {
  const whole = (name: string): unknown[] => ['issued', jsonOf(name), null, null, null];
  const apart = (name: string): unknown[] => ['issued', null, name, 7, null];
  const given = (name: string): unknown[] => ['void', null, null, null, `{"name":"${name}"}`];

  it('all whole, all apart, or some of each', () => {
    assert.deepEqual(kept(['a!', 'b!']), [whole('a!'), whole('b!')]);
    assert.deepEqual(kept(['a', '张']), [apart('a'), apart('张')]);
    assert.deepEqual(kept(['a!', 'b', 'c!']), [whole('a!'), apart('b'), whole('c!')]);
    assert.deepEqual(kept([]), []);
  });

  it('of what is given up only the text without proof stays', () => {
    assert.deepEqual(kept(['a!', 'b', 'c!', 'd'], [0, 3]), [given('a!'), apart('b'), whole('c!'), given('d')]);
    assert.deepEqual(kept(['a', 'b'], [1]), [apart('a'), given('b')]);
  });

  it('and none is stored without what it shares', () => {
    const none: SkeletonIds = {
      of: () => {
        throw new TypeError('A skeleton was not stored.');
      },
    };
    assert.throws(() => kept(['a!', 'b'], [], none), TypeError);
  });

  it('and a text that would not be the same again is not let out', () => {
    const packer = new CertificatePacker(2);
    const wrong = { skeleton: SKELETON, own: bytes('b') };
    const one = { kind: 'skill-level', json: bytes(jsonOf('a')), qr: bytes('1') } as const;
    assert.throws(() => packer.add({ ...one, apart: wrong }), { code: 'SIGNATURE_REJECTED' });
    const later = new CertificatePacker(2);
    later.add({ ...one, apart: { skeleton: SKELETON, own: bytes('a') } });
    later.add({ ...one, apart: wrong });
    assert.throws(() => later.finish(), { code: 'SIGNATURE_REJECTED' });
    const tooMany = { skeleton: SKELETON, own: bytes(`a${OWN_TEXT_SEPARATOR}`) };
    assert.throws(() => new CertificatePacker(1).add({ ...one, apart: tooMany }), { code: 'SIGNATURE_REJECTED' });
  });
});
