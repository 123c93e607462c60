import { buildCredential, type UnsignedCertificate } from '../../shared/certificate/credential.js';
import { CERTIFICATE_KINDS } from '../../shared/certificate/kind.js';
import { findLevelFramework } from '../../shared/certificate/level.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';

const PIECES = [
  ...'张伟焊工一二三ABCxyz0129 ·—（）"\\\'<>{}|^`&%#?/:@_-.',
  ...'\n\r\t\b\f\0\u0001\u001f\u007f\u0080\u00a0éñ\u2028\ufeff\ufffd',
  ...[
    '𠀀',
    '𪚥',
    '😀',
    '\u{10ffff}',
    '\\u4e2d',
    '\\n',
    '""',
    '^^<x>',
    '" .\n',
    '_:c14n0',
    '职业技能评价中心',
    'e\u0301',
  ],
];
const SCHEMA_FREE_DAY = '2026-11-20';

/** Pseudo-random numbers from 0 to `bound` − 1, the same for the same seed (mulberry32). */
export type Draw = (bound: number) => number;

/** See {@link Draw}. */
export function drawFrom(seed: number): Draw {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** A text of up to 12 pieces: Chinese, ASCII, everything N-Quads escapes, astral characters, N-Quads syntax. */
export function hostileText(draw: Draw): string {
  let text = '';
  for (let left = 1 + draw(12); left > 0; left--) text += PIECES[draw(PIECES.length)] ?? '';
  return text;
}

/**
 * A certificate in any of the shapes there are, saying anything: every optional member in or out, texts no schema would let
 * through. What is signed must be right for those too.
 * @param shapes how many different shapes there may be: a template is learnt for each, which takes milliseconds
 */
export function anyCertificate(draw: Draw, shapes: number): UnsignedCertificate {
  return buildCredential(anyRecord(draw, shapes));
}

/**
 * The record of {@link anyCertificate}.
 * @param write how texts are made
 */
export function anyRecord(draw: Draw, shapes: number, write: (draw: Draw) => string = hostileText): CertificateRecord {
  const isPresent = drawFrom(draw(shapes));
  const text = (): string => write(draw);
  const maybe = <T>(value: () => T): T | undefined => (isPresent(2) === 0 ? undefined : value());
  const pick = <T>(values: readonly T[]): T => values[draw(values.length)]!;
  const kind = CERTIFICATE_KINDS[isPresent(CERTIFICATE_KINDS.length)]!;
  const framework = pick(['cn-skill-5', 'cn-skill-8', 'cn-occ-qual', 'mo-dsal']);
  const day = `20${String(10 + draw(80))}-${String(10 + draw(3))}-${String(10 + draw(19))}`;
  const record = {
    kind: kind.id,
    certificateNumber: text(),
    revision: 1 + draw(255),
    issuer: {
      id: `did:web:${pick(['localhost%3A8701', 'a.example', 'issuer.example:institutions:S0'])}`,
      name: text(),
    },
    authority: { id: `did:web:${pick(['a.example', 'sichuan.example'])}`, name: text() },
    accreditation: { id: `urn:yizheng:accreditation:${pick(['a', '~', 'zz:1', 'issuer.example:2026-001', '%20'])}` },
    issuedOn: day,
    expiresOn: maybe(() => '2199-12-31'),
    holder: {
      id: maybe(() => pick(['did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH', 'did:jwk:eyJrdHkiOiJPS1AifQ'])),
      name: text(),
      identityDocumentType: 'passport',
      identityDocumentLastFour: text(),
    },
    occupation: maybe(() => ({
      code: `${String(1 + draw(8))}-01-02-03`,
      catalogueEdition: pick(['1999', '2015', '2022']),
      name: text(),
      trade: maybe(text),
    })),
    level: maybe(() => ({ framework, value: pick(findLevelFramework(framework)!.values).value })),
    assessment: {
      id: text(),
      method: 'examination',
      standard: text(),
      standardType: 'national',
      date: SCHEMA_FREE_DAY,
      batch: maybe(text),
      region: maybe(() => '510100'),
      theoryScore: maybe(() => '99.5'),
      practicalScore: maybe(text),
      comprehensiveScore: maybe(() => '60'),
    },
    specification: maybe(() => ({ code: text(), version: text() })),
    competition: maybe(() => ({ filingNumber: text(), name: text(), event: text(), rank: text() })),
    appointment: maybe(() => ({ position: text(), from: day, until: maybe(() => day) })),
    permit: maybe(() => ({ category: text(), item: text(), firstIssuedOn: day, reviewBy: maybe(() => day) })),
    training: maybe(() => ({ title: text(), hours: 1 + draw(9999) })),
    candidateEmployer: maybe(() => ({
      uscc: '91510100MA6CGTXT9X',
      name: text(),
      supplyChainAgreement: maybe(text),
    })),
    advancement: maybe(() => ({ path: 'regular', basis: text() })),
    supersedes: maybe(() => 'urn:yizheng:certificate:earlier:1'),
    status: { list: 1 + draw(65_535), index: draw(16_777_216) },
  };
  return record as unknown as CertificateRecord;
}
