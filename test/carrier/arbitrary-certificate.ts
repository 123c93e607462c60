import { base58 } from '@scure/base';
import fc from 'fast-check';
import { composeCertificateNumber, PROVINCE_CODES } from '../../shared/certificate/certificate-number.js';
import { buildCredential, certificateId, type CertificateCredential } from '../../shared/certificate/credential.js';
import { IDENTITY_DOCUMENT_TYPES } from '../../shared/certificate/identity-document.js';
import { CERTIFICATE_KINDS } from '../../shared/certificate/kind.js';
import { findLevelFramework } from '../../shared/certificate/level.js';
import { OCCUPATIONS } from '../../shared/certificate/occupation-data.js';
import {
  ADVANCEMENT_PATHS,
  ASSESSMENT_METHODS,
  parseCertificateRecord,
  STANDARD_TYPES,
  type CertificateRecord,
} from '../../shared/certificate/record.js';
import { certificateTextProblem } from '../../shared/certificate/text.js';
import { isDidWeb } from '../../shared/did/did-web-url.js';

const SPECIAL = [...'𠀀𪚥㐀ａ（）·•—、《》āéñ𝄞🙂ཀ ꀀ ئ'].filter((sign) => sign !== ' ');
const PHRASES = [
  '四川',
  '示例',
  '职业技能',
  '评价中心',
  '有限公司',
  '人力资源和社会保障厅',
  '技师学院',
  '张',
  '王',
  '伟',
];

const sign = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0x4e00, max: 0x9fff }).map((point) => String.fromCodePoint(point)) },
  { weight: 5, arbitrary: fc.constantFrom(...PHRASES) },
  { weight: 2, arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((point) => String.fromCodePoint(point)) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 99_999 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom(...SPECIAL) },
  { weight: 1, arbitrary: fc.constantFrom('阿卜杜热合曼·买买提', '扎西顿珠', '乌兰·图雅', '𬭎', '䶮') },
);

function words(max: number): fc.Arbitrary<string> {
  return fc
    .array(sign, { minLength: 1, maxLength: Math.min(max, 24) })
    .map((signs) => [...signs.join('').normalize('NFC').trim()].slice(0, max).join('').trim())
    .filter((text) => text !== '' && certificateTextProblem(text) === undefined);
}

const day = (from: string, to: string): fc.Arbitrary<string> =>
  fc
    .integer({ min: Date.parse(from) / 86_400_000, max: Date.parse(to) / 86_400_000 })
    .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));

const shortId = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9〔〕()._/-]{1,40}$/),
  fc.constantFrom('川竞〔2026〕12号', '2026-06-0015', 'S000051000001-20260608-01', '510000-2026-001'),
);
const institutionCode = fc
  .tuple(
    fc.constantFrom('Y', 'S'),
    fc.oneof(fc.constant('0000'), fc.stringMatching(/^\d{4}$/)),
    fc.constantFrom(...PROVINCE_CODES),
    fc.stringMatching(/^\d{6}$/),
  )
  .map((parts) => parts.join(''));
const host = fc.oneof(
  fc.constantFrom('localhost%3A8701', 'pj.sichuan.example', 'rst.sc.gov.cn', 'issuer.example'),
  // Not every such host can be: `xn--a.cn` is none.
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}\.[a-z]{2,8}$/).filter((name) => isDidWeb(`did:web:${name}`)),
);
const path = fc.oneof(
  fc.constant(''),
  fc.constantFrom(':authorities:51', ':a'),
  fc.stringMatching(/^:[A-Za-z0-9._-]{1,20}$/),
);
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const holderId = fc.oneof(
  bytes(32).map((key) => `did:key:z${base58.encode(Uint8Array.of(0xed, 0x01, ...key))}`),
  bytes(33).map((key) => `did:key:z${base58.encode(Uint8Array.of(0x80, 0x24, ...key))}`),
  bytes(33).map((key) => `did:key:z${base58.encode(Uint8Array.of(0xe7, 0x01, ...key))}`),
  fc.stringMatching(/^did:jwk:[A-Za-z0-9_-]{40,120}$/),
);
const score = fc.oneof(fc.constantFrom('100', '100.0', '0', '05', '5', '9.9'), fc.stringMatching(/^\d{1,2}(\.\d)?$/));
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const occupation = fc.oneof(
  fc.constantFrom(...OCCUPATIONS).chain((row) =>
    fc.record({
      code: fc.constant(row.code),
      catalogueEdition: fc.constant(row.edition),
      name: fc.oneof({ weight: 4, arbitrary: fc.constant(row.name) }, words(40)),
      trade: optional(fc.oneof(words(40), ...row.aliases.map((alias) => fc.constant(alias)))),
    }),
  ),
  fc.record({
    code: fc.stringMatching(/^[1-8]-\d{2}-\d{2}-\d{2}$/),
    catalogueEdition: fc.constantFrom('1999', '2015', '2022'),
    name: words(40),
    trade: optional(words(40)),
  }),
);
const uscc = fc.stringMatching(/^[0-9A-HJ-NPQRTUWXY]{18}$/);

/** Records of every kind, all optional members in and out, with Chinese, minority and rare names. */
export const arbitraryRecord: fc.Arbitrary<CertificateRecord> = fc
  .record({
    kind: fc.constantFrom(...CERTIFICATE_KINDS),
    code: institutionCode,
    host,
    path,
    issuerPath: fc.constantFrom('institutions', 'none', 'code-only'),
    names: fc.tuple(words(60), words(60), words(60), words(60)),
    serial: fc.integer({ min: 1, max: 999_999 }),
    numberForm: fc.constantFrom('derived', 'derived', 'other-year', 'free'),
    freeNumber: shortId.filter((id) => !/\d{17}[0-9X]/.test(id)),
    levelIndex: fc.nat(9),
    issuedOn: day('1995-01-01', '2099-12-31'),
    daysBefore: fc.oneof(fc.nat(60), fc.nat(9000)),
    expires: optional(day('2100-01-01', '2199-12-31')),
    accreditation: fc.constantFrom('code', 'free'),
    accreditationId: fc.stringMatching(/^[A-Za-z0-9:._%-]{1,60}$/),
    revision: fc.integer({ min: 1, max: 255 }),
    holderId: optional(holderId),
    documentType: fc.constantFrom(...IDENTITY_DOCUMENT_TYPES),
    lastFour: fc.stringMatching(/^(\d{4}|[0-9A-Z]{4})$/),
    occupation,
    ids: fc.tuple(shortId, shortId, shortId, optional(shortId)),
    method: fc.constantFrom(...ASSESSMENT_METHODS),
    standard: fc.oneof(words(60), fc.constant('GZB'), fc.constantFrom('GZB 6-18-02-04-2018', 'GZB 6-18-02-04-1900')),
    standardYear: fc.integer({ min: 1985, max: 2125 }),
    standardType: fc.constantFrom(...STANDARD_TYPES),
    region: optional(fc.stringMatching(/^\d{6}$/)),
    scores: fc.tuple(optional(score), optional(score), optional(score)),
    hours: fc.integer({ min: 1, max: 9999 }),
    dates: fc.tuple(day('1990-01-01', '2150-01-01'), optional(day('1990-01-01', '2150-01-01'))),
    employer: optional(uscc),
    advancement: optional(fc.constantFrom(...ADVANCEMENT_PATHS)),
    supersedes: fc.constantFrom('none', 'earlier', 'other'),
    status: fc.record({ list: fc.integer({ min: 1, max: 65_535 }), index: fc.nat(16_777_215) }),
  })
  .map((draw) => {
    const { kind, code, issuedOn } = draw;
    const framework = kind.frameworks[draw.levelIndex % Math.max(1, kind.frameworks.length)];
    const values = findLevelFramework(framework ?? '')?.values ?? [];
    const value = values[draw.levelIndex % Math.max(1, values.length)];
    const level = framework !== undefined && value ? { framework, value: value.value } : undefined;
    const derived =
      level && value?.numberCode !== undefined
        ? composeCertificateNumber(
            {
              institutionCode: code,
              issuedOn: draw.numberForm === 'other-year' ? '2001-01-01' : issuedOn,
              level,
              serial: draw.serial,
            },
            { allowInferredLevelCodes: true },
          )
        : draw.freeNumber;
    const certificateNumber = draw.numberForm === 'free' ? draw.freeNumber : derived;
    const issuerPath = { institutions: `:institutions:${code}`, none: '', 'code-only': `:${code}` }[draw.issuerPath];
    const ours = (id: string): boolean => kind.id === id;
    const permit = ['special-operation', 'construction-special', 'special-equipment'].includes(kind.id);
    const [name, authorityName, holderName, other] = draw.names;
    return parseCertificateRecord(
      JSON.parse(
        JSON.stringify({
          kind: kind.id,
          certificateNumber,
          revision: draw.revision,
          issuer: { id: `did:web:${draw.host}${issuerPath}`, name },
          authority: { id: `did:web:${draw.host}${draw.path}`, name: authorityName },
          accreditation: {
            id: `urn:yizheng:accreditation:${draw.accreditation === 'code' ? `${code}:${draw.serial % 20}` : draw.accreditationId}`,
          },
          issuedOn,
          expiresOn: draw.expires,
          holder: {
            id: draw.holderId,
            name: holderName,
            identityDocumentType: draw.documentType,
            identityDocumentLastFour: draw.lastFour,
          },
          occupation: kind.hasOccupation ? draw.occupation : undefined,
          level,
          assessment: {
            id: draw.ids[0],
            method: draw.method,
            standard:
              draw.standard === 'GZB' ? `GZB ${draw.occupation.code}-${String(draw.standardYear)}` : draw.standard,
            standardType: draw.standardType,
            date: new Date(Date.parse(issuedOn) - draw.daysBefore * 86_400_000).toISOString().slice(0, 10),
            batch: draw.ids[3],
            region: draw.region,
            theoryScore: draw.scores[0],
            practicalScore: draw.scores[1],
            comprehensiveScore: draw.scores[2],
          },
          specification: ours('specialised-ability') ? { code: draw.ids[1], version: draw.ids[2] } : undefined,
          competition: ours('competition-result')
            ? {
                filingNumber: draw.ids[1],
                name: other,
                event: [...name].slice(0, 40).join('').trim(),
                rank: [...other].slice(0, 20).join('').trim(),
              }
            : undefined,
          appointment: ours('appointment')
            ? { position: '首席技师', from: draw.dates[0], until: draw.dates[1] }
            : undefined,
          permit: permit
            ? { category: '电工作业', item: other, firstIssuedOn: draw.dates[0], reviewBy: draw.dates[1] }
            : undefined,
          training: ours('training-completion') ? { title: other, hours: draw.hours } : undefined,
          candidateEmployer:
            draw.employer === undefined
              ? undefined
              : { uscc: draw.employer, name: other, supplyChainAgreement: draw.ids[3] },
          advancement: draw.advancement && { path: draw.advancement, basis: other },
          supersedes: supersededBy(
            {
              none: undefined,
              earlier: certificateId(certificateNumber, draw.revision - 1),
              other: certificateId(draw.freeNumber, 1),
            }[draw.supersedes],
          ),
          status: draw.status,
        }),
      ),
    );
  });

/** The record schema takes no brackets in this id, though certificate numbers may have them. */
function supersededBy(id: string | undefined): string | undefined {
  return id?.includes('(') || id?.includes(')') ? undefined : id;
}

/** Certificates with a proof of the right form (its signature is random: carriers do not check it). */
export const arbitraryCertificate: fc.Arbitrary<CertificateCredential> = fc
  .record({
    record: arbitraryRecord,
    signature: bytes(64),
    fragment: fc.oneof(
      fc.nat(200).map((n) => `key-${String(n)}`),
      fc.constantFrom('key-01', 'z6MkAbc', '2026'),
    ),
    cryptosuite: fc.constantFrom('eddsa-rdfc-2022', 'eddsa-rdfc-2022', 'ecdsa-rdfc-2019', 'eddsa-jcs-2022'),
    secondsAfter: fc.oneof(fc.nat(86_400), fc.integer({ min: -40_000_000, max: 400_000_000 })),
  })
  .map(({ record, signature, fragment, cryptosuite, secondsAfter }) => ({
    ...buildCredential(record),
    proof: {
      type: 'DataIntegrityProof' as const,
      created: new Date(Date.parse(`${record.issuedOn}T00:00:00+08:00`) + secondsAfter * 1000)
        .toISOString()
        .replace('.000Z', 'Z'),
      verificationMethod: `${record.issuer.id}#${fragment}`,
      cryptosuite,
      proofPurpose: 'assertionMethod' as const,
      proofValue: `z${base58.encode(signature)}`,
    },
  }));
