import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildCredential, claimsToBeCertificate, readRecord } from '../../shared/certificate/credential.js';
import { KIND_IDS, type KindId } from '../../shared/certificate/kind.js';
import { parseCertificateRecord } from '../../shared/certificate/record.js';
import { certificateTextProblem } from '../../shared/certificate/text.js';
import { errorCode } from '../../shared/errors.js';
import { sampleRecord } from './sample-records.js';

const text = (max: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: max })
    .filter((value) => certificateTextProblem(value) === undefined && [...value].length <= max);
const holders = fc.record(
  {
    name: text(60),
    identityDocumentType: fc.constantFrom('resident-identity-card', 'passport', 'taiwan-travel-permit'),
    identityDocumentLastFour: fc.stringMatching(/^[0-9A-Z]{4}$/),
    id: fc.constant('did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp'),
  },
  { requiredKeys: ['name', 'identityDocumentType', 'identityDocumentLastFour'] },
);
const changes = fc.record(
  {
    holder: holders,
    certificateNumber: fc.stringMatching(/^[\u4e00-\u9fa5A-Za-z〔〕()._/-]{1,20}$/),
    revision: fc.integer({ min: 1, max: 255 }),
    status: fc.record({ list: fc.integer({ min: 1, max: 65_535 }), index: fc.integer({ min: 0, max: 16_777_215 }) }),
    issuer: fc.record({ id: fc.constant('did:web:localhost%3A8701:institutions:a'), name: text(60) }),
    expiresOn: fc.constantFrom('2026-11-20', '2199-12-31'),
    supersedes: fc.constant('urn:yizheng:certificate:S000051000123253000001:1'),
    candidateEmployer: fc.record({ uscc: fc.constant('91510100MA6ABCDX0K'), name: text(60) }),
    advancement: fc.record({ path: fc.constantFrom('exceptional', 'competition'), basis: text(60) }),
    assessment: fc.record(
      {
        id: fc.stringMatching(/^[\u4e00-\u9fa5A-Za-z0-9〔〕()._/-]{1,40}$/),
        method: fc.constantFrom('examination', 'practice'),
        standard: text(60),
        standardType: fc.constantFrom('national', 'enterprise'),
        date: fc.constantFrom('1999-02-28', '2026-11-20'),
        theoryScore: fc.constantFrom('0', '60.5', '100'),
        region: fc.constant('510100'),
      },
      { requiredKeys: ['id', 'method', 'standard', 'standardType', 'date'] },
    ),
  },
  { requiredKeys: [] },
);

describe('certificate credentials', () => {
  it('say exactly what their record says: build and read are inverse for every kind', () =>
    fc.assert(
      fc.property(fc.constantFrom(...KIND_IDS), changes, (kind, change) => {
        const record = sampleRecord(kind, change);
        const credential = buildCredential(record);
        assert.deepEqual(readRecord(credential), record);
        assert.deepEqual(readRecord(JSON.parse(JSON.stringify(credential))), record);
        assert.deepEqual(JSON.stringify(buildCredential(readRecord(credential))), JSON.stringify(credential));
        assert.ok(claimsToBeCertificate(credential));
      }),
      { numRuns: 300 },
    ));

  it('give every node an id of its own, so that they canonicalise from a template', () => {
    for (const kind of KIND_IDS) {
      const ids: string[] = [];
      const visit = (value: unknown, path: string): void => {
        if (Array.isArray(value)) value.forEach((item, i) => visit(item, `${path}/${i}`));
        else if (typeof value === 'object' && value !== null) {
          const { id } = value as { id?: string };
          assert.ok(id !== undefined || path === '/credentialSubject', `${kind}${path} has no id`);
          if (id !== undefined) ids.push(id);
          for (const [name, member] of Object.entries(value)) visit(member, `${path}/${name}`);
        }
      };
      visit(buildCredential(sampleRecord(kind)), '');
      assert.equal(new Set(ids).size, ids.length, kind);
    }
  });

  const credential = buildCredential(sampleRecord());
  const subject = credential.credentialSubject;
  const altered: [string, object, string][] = [
    [
      'another level name',
      { ...credential, credentialSubject: { ...subject, level: { ...subject.level, name: '二级/技师' } } },
      'CREDENTIAL_SHAPE',
    ],
    [
      'another occupation id',
      {
        ...credential,
        credentialSubject: {
          ...subject,
          occupation: { ...subject.occupation, id: 'urn:yizheng:occupation:2022:1-01-01-01' },
        },
      },
      'CREDENTIAL_SHAPE',
    ],
    ['another id than its number', { ...credential, id: 'urn:yizheng:certificate:other:1' }, 'CREDENTIAL_SHAPE'],
    [
      'a status list of another host',
      {
        ...credential,
        credentialStatus: credential.credentialStatus.map((entry) => ({
          ...entry,
          statusListCredential: 'https://evil.example/status/revocation/1',
        })),
      },
      'CREDENTIAL_SHAPE',
    ],
    [
      'two different indices',
      {
        ...credential,
        credentialStatus: [credential.credentialStatus[0], { ...credential.credentialStatus[1], statusListIndex: '1' }],
      },
      'CREDENTIAL_SHAPE',
    ],
    [
      'a time of day in the date of issue',
      { ...credential, validFrom: '2026-11-20T00:00:01+08:00' },
      'CREDENTIAL_SHAPE',
    ],
    ['another time zone', { ...credential, validFrom: '2026-11-20T00:00:00Z' }, 'CREDENTIAL_SHAPE'],
    [
      'the entries of status swapped',
      { ...credential, credentialStatus: [...credential.credentialStatus].reverse() },
      'CREDENTIAL_SCHEMA',
    ],
    [
      'a level on a kind without',
      { ...credential, type: ['VerifiableCredential', 'AppointmentCertificate'] },
      'CREDENTIAL_SCHEMA',
    ],
    ['a type of its own', { ...credential, type: ['VerifiableCredential', 'Diploma'] }, 'CREDENTIAL_SCHEMA'],
    ['a third type', { ...credential, type: [...credential.type, 'Diploma'] }, 'CREDENTIAL_SCHEMA'],
    [
      'a broken escape in an id',
      {
        ...credential,
        credentialSubject: { ...subject, assessment: { ...subject.assessment, id: 'urn:yizheng:assessment:%E0%A4%A' } },
      },
      'CREDENTIAL_SCHEMA',
    ],
    ['an issuer as text', { ...credential, issuer: credential.issuer.id }, 'CREDENTIAL_SCHEMA'],
  ];
  for (const [name, changed, code] of altered)
    it(`refuses ${name} with ${code}`, () => {
      assert.throws(() => readRecord(changed), { code });
    });

  it('takes each naughty string (corpus 11) exactly as given, or refuses it with a reason', function () {
    const path = '../shared/corpus/11-blns.json';
    if (!existsSync(path)) this.skip();
    const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: { name: string; input: string }[] };
    const counts = { taken: 0, refused: 0 };
    for (const { name, input } of cases) {
      const given: KindId = 'skill-level';
      try {
        const record = parseCertificateRecord({
          ...sampleRecord(given),
          holder: { ...sampleRecord().holder, name: input },
        });
        assert.equal(readRecord(JSON.parse(JSON.stringify(buildCredential(record)))).holder.name, input, name);
        counts.taken++;
      } catch (error) {
        assert.equal(errorCode(error), 'RECORD_INVALID', name);
        counts.refused++;
      }
    }
    assert.ok(counts.taken > 100 && counts.refused > 50, JSON.stringify(counts));
  });
});
