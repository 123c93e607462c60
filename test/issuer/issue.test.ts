import assert from 'node:assert/strict';
import { decodeQrText } from '../../shared/carrier/qr-text.js';
import type { CertificateCredential } from '../../shared/certificate/credential.js';
import { checkCredentialProof } from '../../shared/proof/check-credential-proof.js';
import type { IssuedCertificateAnswer } from '../../issuer/index.js';
import type { Problem } from '../../server/index.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { checkInvariants } from './invariants.js';
import { answer, citizenNumber, CODE, EMPLOYER_CODE, EMPLOYER_USCC, exam, startWorld, type World } from './world.js';
import { watchContract } from '../server/contract.js';

type Issued = Omit<IssuedCertificateAnswer, 'credential'> & { credential: CertificateCredential };

describeOnEachDatabase('issuer: issuing', function (kind) {
  /** What takes its time drawing pages is not drawn twice. */
  const printing = (title: string, test: () => Promise<void>): void => {
    if (kind === 'sqlite') it(title, test);
  };
  this.timeout(60_000);
  const path = `/institutions/${CODE}/certificates`;
  let world: World;
  const issue = (n: number, changes: object = {}, options = {}): Promise<Issued> =>
    answer<Issued>(world.call('POST', path, exam(n, changes), options), 201);
  const refused = async (body: unknown, status: number, code: string, at?: string, options = {}) => {
    const before = await counts();
    const problem = await answer<Problem>(world.call('POST', path, body, options), status);
    assert.equal(problem.code, code);
    if (at !== undefined) assert.equal(problem.at, at);
    assert.deepEqual(await counts(), before, 'a refusal changes nothing');
    return problem;
  };
  const counts = async () => {
    const { knex } = world.database;
    const of = async (table: string) => (await knex(table).select()).length;
    return [
      await of('certificates'),
      await of('audit_log'),
      await of('idempotency_keys'),
      await knex('serials').select(),
    ];
  };
  const verify = (credential: object) => world.libraryVerifies(credential);

  before(async () => {
    world = await startWorld({ kind });
  });
  after(() => world.remove());
  watchContract(() => world.listener.url);

  it('makes a signed credential, a number, a QR text and links from one exam result', async () => {
    const issued = await issue(1);
    assert.match(issued.certificateNumber, /^S0000510000012630000\d\d$/);
    assert.equal(issued.status, 'active');
    assert.equal(issued.credential.validFrom, '2026-11-21T00:00:00+08:00');
    assert.equal(issued.credential.issuer.name, '示例技能评价中心');
    assert.equal(issued.credential.issuedUnder.authorityName, '示例人社厅');
    assert.equal(issued.credential.credentialSubject.occupation?.name, '焊工');
    assert.equal(issued.credential.credentialSubject.identityDocumentLastFour, citizenNumber(1).slice(-4));
    assert.equal(decodeQrText(issued.qr.text).json, JSON.stringify(issued.credential));
    assert.ok(issued.qr.withinBudget, `QR version ${issued.qr.version}`);
    assert.ok(await verify(issued.credential));
    const view = await world.issuer.service.accreditations.view('did:web:hrss.sc.example');
    const check = await checkCredentialProof(JSON.stringify(issued.credential), {
      keyOf: (id) => view?.keyOf(id),
      now: '2026-11-21T10:00:00Z',
    });
    assert.equal(check.code, 'PROOF_VALID');
  });

  printing('hands out the stored certificate, byte for byte, by id and by number', async () => {
    const issued = await issue(2);
    const own = `${path}/${encodeURIComponent(issued.id)}`;
    assert.deepEqual(await answer<Issued>(world.call('GET', own)), issued);
    assert.deepEqual(await answer<Issued>(world.call('GET', `${path}/${issued.certificateNumber}`)), issued);
    const json = await (await world.call('GET', `${own}/credential.json`)).text();
    assert.equal(json, JSON.stringify(issued.credential));
    assert.equal(await (await world.call('GET', `${own}/qr.txt`)).text(), issued.qr.text);
    assert.match(await (await world.call('GET', `${own}/qr.svg`)).text(), /^<svg /);
    const png = new Uint8Array(await (await world.call('GET', `${own}/qr.png`)).arrayBuffer());
    assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    const pdf = await world.call('GET', `${own}/certificate.pdf`);
    assert.equal(pdf.headers.get('content-type'), 'application/pdf');
    assert.equal(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
      '%PDF-',
    );
  });

  it('gives 50 clients with the same idempotency key one certificate', async () => {
    const before = (await world.database.knex('certificates').select()).length;
    const answers = await Promise.all(Array.from({ length: 50 }, () => issue(3, {}, { key: 'one-and-the-same-key' })));
    assert.equal(new Set(answers.map((one) => JSON.stringify(one))).size, 1);
    assert.equal((await world.database.knex('certificates').select()).length, before + 1);
    await refused(exam(4), 422, 'IDEMPOTENCY_KEY_REUSED', 'Idempotency-Key', { key: 'one-and-the-same-key' });
    await refused(exam(4), 400, 'IDEMPOTENCY_KEY_MISSING', 'Idempotency-Key', { key: null });
  });

  it('refuses the same result of the same person twice (CERTIFICATE_DUPLICATE), also when two ask at once', async () => {
    const [first, second] = await Promise.all([world.call('POST', path, exam(5)), world.call('POST', path, exam(5))]);
    assert.deepEqual([first.status, second.status].sort(), [201, 409]);
    await refused(exam(5), 409, 'CERTIFICATE_DUPLICATE');
    await issue(5, { level: { framework: 'cn-skill-5', value: '4' } });
  });

  it('gives every certificate of 40 at once its own number and status index', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => issue(100 + i)));
    const { certificates } = await checkInvariants(world.database, [], verify);
    assert.ok(certificates >= 44);
  });

  it('names what is wrong with bad input, each with its own code, and changes nothing', async () => {
    const good = exam(6);
    await refused({ ...good, grade: 'A' }, 422, 'FIELD_UNKNOWN', '/grade');
    await refused({ ...good, level: { framework: 'cn-skill-5', value: '9' } }, 422, 'LEVEL_UNKNOWN', '/level');
    await refused({ ...good, certificateNumber: 'S000051000099263000001' }, 422, 'NUMBER_INSTITUTION_MISMATCH');
    await refused({ ...good, certificateNumber: `${CODE}253000001` }, 422, 'NUMBER_YEAR_MISMATCH');
    await refused({ ...good, certificateNumber: `${CODE}264000001` }, 422, 'NUMBER_LEVEL_MISMATCH');
    await refused({ ...good, certificateNumber: 'S0000' }, 422, 'NUMBER_FORMAT', '/certificateNumber');
    const holder = good['holder'] as object;
    await refused({ ...good, holder: { ...holder, name: '张\u202e伟' } }, 422, 'TEXT_FORBIDDEN', '/holder/name');
    await refused({ ...good, holder: { ...holder, name: '张\u0007伟' } }, 422, 'TEXT_FORBIDDEN', '/holder/name');
    const wrong = await refused(
      { ...good, holder: { ...holder, idNumber: '510105199001110012' } },
      422,
      'ID_NUMBER_INVALID',
      '/holder/idNumber',
    );
    assert.ok(!JSON.stringify(wrong).includes('510105199001110012'));
    await refused({ ...good, occupation: { code: '6-18-02-04', name: '电工' } }, 422, 'OCCUPATION_NAME_MISMATCH');
    await refused({ ...good, occupation: { code: '6-99-99-99' } }, 422, 'OCCUPATION_NAME_MISSING');
    await refused({ ...good, issuedOn: '2026-11-22' }, 422, 'ISSUED_IN_FUTURE', '/issuedOn');
    await refused({ ...good, issuedOn: '2026-11-14' }, 422, 'RECORD_INVALID', '/assessment/date');
    await refused({ ...good, level: { framework: 'cn-skill-8', value: 'special' } }, 422, 'NUMBER_LEVEL_CODE_UNKNOWN');
    await refused({ ...good, kind: 'special-operation' }, 422, 'PERMIT_END_MISSING', '/expiresOn');
    await refused({ ...good, kind: 'training-completion' }, 422, 'NUMBER_MISSING', '/certificateNumber');
    await refused(JSON.stringify({ ...good, note: 'a'.repeat(2 * 1024 * 1024) }), 413, 'BODY_TOO_LARGE');
    await refused('['.repeat(200) + ']'.repeat(200), 400, 'JSON_TOO_DEEP');
    await refused('{"kind":"skill-level","kind":"skill-level"}', 400, 'JSON_DUPLICATE_KEY');
    await refused(
      { ...good, supersedes: 'urn:yizheng:certificate:S000051000001263999999:1' },
      404,
      'CERTIFICATE_NOT_FOUND',
    );
  });

  it('refuses a document number anywhere but in its own member, in upper or lower case, without repeating it', async () => {
    const passport = 'Ea123456x';
    const holder = { name: 'Anna', idType: 'passport', idNumber: passport };
    const good = exam(60, { holder });
    const assessment = good['assessment'] as object;
    for (const [changes, at] of [
      [{ assessment: { ...assessment, id: `PJ-${passport.toLowerCase()}` } }, '/assessment/id'],
      [{ assessment: { ...assessment, batch: passport.toUpperCase() } }, '/assessment/batch'],
      [{ occupation: { code: '6-18-02-04', trade: `电焊工 ${passport}` } }, '/occupation/trade'],
      [{ holder: { ...holder, name: `Anna ${passport}` } }, '/holder/name'],
      [{ certificateNumber: `NO-${passport}` }, '/certificateNumber'],
    ] as const) {
      const problem = await refused({ ...good, ...changes }, 422, 'ID_NUMBER_ON_CERTIFICATE', at);
      assert.ok(!JSON.stringify(problem).toUpperCase().includes(passport.toUpperCase()));
    }
    await issue(60, { holder });
  });

  printing(
    'takes the longest Chinese number everywhere, and refuses a longer one before anything is issued',
    async () => {
      const training = (number: string, changes: object = {}) =>
        exam(61, {
          kind: 'training-completion',
          level: undefined,
          occupation: undefined,
          certificateNumber: number,
          training: { title: '安全培训', hours: 8 },
          ...changes,
        });
      await refused(training('川'.repeat(17)), 422, 'RECORD_INVALID', '/certificateNumber');
      const issued = await answer<Issued>(world.call('POST', path, training('川'.repeat(16))), 201);
      const at = `${path}/${encodeURIComponent(issued.id)}`;
      for (const file of ['', '/qr.txt', '/credential.json', '/certificate.pdf'])
        assert.equal((await world.call('GET', at + file)).status, 200, file);
      const next = await answer<Issued>(
        world.call('POST', path, training(issued.certificateNumber, { supersedes: issued.id })),
        201,
      );
      const status = { action: 'revoke', reason: 'error' };
      const revoke = world.call('POST', `${path}/${encodeURIComponent(next.id)}/status`, status, {
        secret: world.secrets.officer,
      });
      await answer(revoke);
    },
  );

  it('verifies a bundle without holding other writes; two imports at once build on each other', async () => {
    const { accreditations, institutions } = world.issuer.service;
    const institution = await institutions.get(CODE);
    const version = async () =>
      (await world.database.knex<{ version: number }>('authorities').first('version'))?.version ?? 0;
    const before = await version();
    const bundle = await world.publish(world.accreditations);
    const write = world.database.write.bind(world.database);
    let writes = 0;
    Object.assign(world.database, {
      write: async (work: Parameters<typeof write>[0]) => {
        if (++writes === 1) await world.database.knex('authorities').update({ version: before + 10 });
        return write(work);
      },
    });
    try {
      await accreditations.import(institution, 'test', bundle);
      assert.equal(writes, 2);
      await assert.rejects(accreditations.import(institution, 'test', '{}'));
      assert.equal(writes, 2, 'a bundle that is refused begins no transaction');
    } finally {
      Object.assign(world.database, { write });
    }
    assert.equal(await version(), before + 11);
  });

  it('today is a day in China: just after midnight there, the new date may be used', async () => {
    world.time.now = new Date('2026-11-21T16:00:30Z');
    const issued = await issue(7, { issuedOn: '2026-11-22' });
    assert.equal(issued.credential.validFrom, '2026-11-22T00:00:00+08:00');
  });

  it('takes the number an authority assigned, once', async () => {
    const number = `${CODE}263500000`;
    assert.equal((await issue(8, { certificateNumber: number })).certificateNumber, number);
    await refused(exam(9, { certificateNumber: number }), 409, 'NUMBER_TAKEN', '/certificateNumber');
    const permit = {
      kind: 'special-operation',
      occupation: undefined,
      level: undefined,
      certificateNumber: 'SO-2026-000009',
      expiresOn: '2032-11-19',
      permit: {
        category: '焊接与热切割作业',
        item: '熔化焊接与热切割作业',
        firstIssuedOn: '2026-11-20',
        reviewBy: '2029-11-20',
      },
      assessment: { ...(exam(9)['assessment'] as object), region: '510100' },
    };
    assert.equal((await issue(9, permit)).certificateNumber, 'SO-2026-000009');
  });

  it('skips a serial whose number was assigned by hand', async () => {
    const next = (await issue(10)).certificateNumber;
    const skipped = `${next.slice(0, 16)}${String(Number(next.slice(16)) + 1).padStart(6, '0')}`;
    await issue(11, { certificateNumber: skipped });
    assert.equal(Number((await issue(12)).certificateNumber.slice(16)), Number(skipped.slice(16)) + 1);
  });

  it('names the member its accreditation does not cover, and what it would', async () => {
    const refusal = async (change: object) => answer<Problem>(world.call('POST', path, exam(13, change)), 403);
    const level = await refusal({ level: { framework: 'cn-skill-5', value: '1' } });
    const occupation = await refusal({
      occupation: { code: '4-03-02-01', catalogueEdition: '1999', name: '西式烹调师' },
    });
    assert.equal(level.at, '/level');
    assert.match(level.detail, /cn-skill-5:5, cn-occ-qual:5, .*cn-skill-5:3/);
    assert.equal(occupation.at, '/occupation/code');
    assert.match(occupation.detail, /6-18-\*, 6-31-01-03/);
  });

  it('names the level when a kind that shows one comes without', async () => {
    const { level: _, ...rest } = exam(13);
    const problem = await answer<Problem>(world.call('POST', path, rest), 422);
    assert.deepEqual([problem.code, problem.at], ['LEVEL_MISSING', '/level']);
  });

  it('tells a clerk what the authority lets the institution issue, and nobody of another institution', async () => {
    const own = `/institutions/${CODE}/accreditations`;
    const { accreditations, dataAsOf } = await answer<{ accreditations: object[]; dataAsOf: string }>(
      world.call('GET', own),
    );
    assert.ok(dataAsOf);
    const [granted] = world.accreditations[0]?.actions ?? [];
    assert.deepEqual(accreditations, [
      {
        accreditation: world.accreditations[0]?.id,
        validFrom: granted?.validFrom,
        validUntil: granted?.validUntil,
        ...granted?.scope,
      },
    ]);
    await answer(world.call('GET', own, undefined, { secret: world.secrets.other }), 404);
  });

  it('refuses what its accreditation does not cover, with the reason a verifier would give', async () => {
    await refused(exam(13, { level: { framework: 'cn-skill-5', value: '1' } }), 403, 'LEVEL_OUT_OF_SCOPE');
    await refused(
      exam(13, { occupation: { code: '4-03-02-01', catalogueEdition: '1999', name: '西式烹调师' } }),
      403,
      'OCCUPATION_OUT_OF_SCOPE',
    );
    await refused(
      exam(13, { assessment: { ...(exam(13)['assessment'] as object), region: '500100' } }),
      403,
      'REGION_OUT_OF_SCOPE',
    );
    const employer = `/institutions/${EMPLOYER_CODE}/certificates`;
    const { other } = world.secrets;
    const stranger = { uscc: '91510000MA5U000099', name: '别的公司' };
    const own = { uscc: EMPLOYER_USCC, name: '示例重工集团' };
    const codeOf = async (body: object) =>
      (await answer<Problem>(world.call('POST', employer, body, { secret: other }), 403)).code;
    assert.equal(await codeOf(exam(14, { candidateEmployer: stranger })), 'CANDIDATE_NOT_OWN_EMPLOYEE');
    await answer(world.call('POST', employer, exam(14, { candidateEmployer: own }), { secret: other }), 201);
  });

  it('corrects a certificate: same number, next revision, the old one revoked as superseded', async () => {
    const old = await issue(20);
    const corrected = await issue(20, {
      supersedes: old.id,
      holder: { ...(exam(20)['holder'] as object), name: '张玮' },
    });
    assert.equal(corrected.certificateNumber, old.certificateNumber);
    assert.equal(corrected.revision, 2);
    assert.equal(corrected.credential.supersedes, old.id);
    const before = await answer<Issued>(world.call('GET', `${path}/${encodeURIComponent(old.id)}`));
    assert.deepEqual([before.status, before.statusReason], ['revoked', 'superseded']);
    assert.equal((await answer<Issued>(world.call('GET', `${path}/${old.certificateNumber}`))).revision, 2);
    await refused(exam(20, { supersedes: old.id }), 409, 'CERTIFICATE_REVOKED', '/supersedes');
    await refused(
      exam(20, { supersedes: corrected.id, level: { framework: 'cn-skill-5', value: '4' } }),
      422,
      'NUMBER_LEVEL_MISMATCH',
    );
    const twice = await Promise.all([1, 2].map(() => world.call('POST', path, exam(20, { supersedes: corrected.id }))));
    assert.deepEqual(twice.map(({ status }) => status).sort(), [201, 409]);
  });

  it('issues nothing before its authority has accredited it, and nothing once the data are stale', async () => {
    const code = 'S000051000003';
    const { host } = world.secrets;
    await answer(
      world.call(
        'POST',
        '/institutions',
        { code, name: '新机构', authority: { did: 'did:web:hrss.sc.example' }, requiresApproval: false },
        { secret: host },
      ),
      201,
    );
    const problem = await answer<Problem>(
      world.call('POST', `/institutions/${code}/certificates`, exam(30), { secret: host }),
      403,
    );
    assert.equal(problem.code, 'ISSUER_NOT_ACCREDITED');
    const { now } = world.time;
    world.time.now = new Date('2027-01-15T00:00:00Z');
    await refused(exam(31), 503, 'BUNDLE_STALE');
    world.time.now = now;
  });

  it('imports its accreditation, and refuses a bundle of the wrong key or an older one', async () => {
    const at = `/institutions/${CODE}/accreditation`;
    const { admin } = world.secrets;
    const [own, employer] = world.accreditations;
    const older = await world.publish([own!, employer!]);
    const narrowed = structuredClone(own!);
    narrowed.actions[0]!.scope.level = [{ framework: 'cn-skill-5', value: '5' }];
    const bundle: unknown = JSON.parse(await world.publish([narrowed, employer!]));
    const found = await answer<{ accreditations: { id: string }[] }>(
      world.call('POST', at, { bundle }, { secret: admin }),
    );
    assert.deepEqual(
      found.accreditations.map(({ id }) => id),
      [narrowed.id],
    );
    await refused(exam(40), 403, 'LEVEL_OUT_OF_SCOPE');
    assert.equal(
      (await answer<Problem>(world.call('POST', at, { bundle: older }, { secret: admin }), 422)).code,
      'BUNDLE_ROLLBACK',
    );
    const { publisher } = world;
    const { registryKey: real, prev } = publisher;
    publisher.registryKey = publisher.freshnessKey;
    const forged = await world.publish([own!, employer!]);
    Object.assign(publisher, { registryKey: real, sequence: publisher.sequence - 1, prev });
    assert.equal(
      (await answer<Problem>(world.call('POST', at, { bundle: forged }, { secret: admin }), 422)).code,
      'BUNDLE_SIGNATURE_INVALID',
    );
    await refused(exam(40), 403, 'LEVEL_OUT_OF_SCOPE');
    await answer(world.call('POST', at, { bundle: await world.publish([own!, employer!]) }, { secret: admin }));
    await issue(40);
  });

  it('says the network is down when it cannot fetch the bundle itself', async () => {
    const at = `/institutions/${CODE}/accreditation`;
    const problem = await answer<Problem>(world.call('POST', at, {}, { secret: world.secrets.admin }), 409);
    assert.equal(problem.code, 'BUNDLE_URL_MISSING');
  });

  it('every certificate issued here verifies in plain @digitalbazaar/vc, and all invariants hold', async () => {
    const { certificates } = await checkInvariants(world.database, [], verify);
    assert.ok(certificates > 50);
  });

  it('logs and stores no name beyond the certificate and no ID number', async () => {
    const log = world.lines.join('');
    assert.ok(log.length > 1000);
    for (const seed of [
      '张伟',
      '张玮',
      citizenNumber(1),
      citizenNumber(20),
      encodeURIComponent('张伟'),
      'Bearer',
      'yz_',
    ])
      assert.ok(!log.includes(seed), seed);
    const dump = JSON.stringify([
      await world.database.knex('certificates').select(),
      await world.database.knex('audit_log').select(),
      await world.database.knex('idempotency_keys').select(),
    ]);
    assert.ok(!dump.includes(citizenNumber(1)));
    assert.ok(!JSON.stringify(await world.database.knex('audit_log').select()).includes('张伟'));
  });

  it('keeps institutions apart on every route: another tenant gets 404', async () => {
    const mine = await issue(50);
    for (const route of world.issuer.app.routes) {
      if (route.access === 'public' || route.tenantParam === undefined) continue;
      const address = route.path
        .replace(':institutionCode', CODE)
        .replace(':certificateId', encodeURIComponent(mine.id))
        .replace(':keyId', '0'.repeat(16));
      const body = route.method === 'post' ? {} : undefined;
      const response = await world.call(route.method.toUpperCase(), address, body, { secret: world.secrets.other });
      assert.equal((await answer<Problem>(response, 404)).code, 'NOT_FOUND', route.path);
    }
    assert.equal((await answer<Issued>(world.call('GET', `${path}/${mine.certificateNumber}`))).status, 'active');
    const crossed = await world.call(
      'GET',
      `/institutions/${EMPLOYER_CODE}/certificates/${mine.certificateNumber}`,
      undefined,
      {
        secret: world.secrets.other,
      },
    );
    assert.equal((await answer<Problem>(crossed, 404)).code, 'CERTIFICATE_NOT_FOUND');
  });
});
