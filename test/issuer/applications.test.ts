import assert from 'node:assert/strict';
import type { Application } from '../../issuer/applications/types.js';
import type { CertificateRow } from '../../issuer/certificate-row.js';
import type { Problem } from '../../server/index.js';
import { verifyAuditChain } from '../../server/index.js';
import { buildCredential, statusListUrl } from '../../shared/certificate/credential.js';
import type { KindId } from '../../shared/certificate/kind.js';
import { parseCertificateRecord } from '../../shared/certificate/record.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { createBitstring } from '../../shared/status/bitstring.js';
import { buildStatusListCredential } from '../../shared/status/status-list-credential.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { tables } from '../mechanisms/world.js';
import { testKey } from '../proof/keys.js';
import { Publisher } from '../trust/publisher.js';
import {
  accreditationOf,
  answer,
  AUTHORITY,
  citizenNumber,
  CODE,
  EMPLOYER_CODE,
  exam,
  startWorld,
  type World,
} from './world.js';

const PATH = `/institutions/${CODE}/applications`;
const EMERGENCY = 'did:web:emergency.sc.example';
const TRAINER = 'did:web:trainer.example';
const LOW = '低压电工作业';
const BUILDER = { kind: 'construction-special', item: '建筑电工' } as const;
const ELECTRICIAN = (value: string) =>
  ({ kind: 'skill-level', occupation: '6-31-01-03', level: { framework: 'cn-skill-5', value } }) as const;

const person = (n: number, name = `张伟${n}`) => ({
  name,
  idType: 'resident-identity-card',
  idNumber: citizenNumber(n),
});
const permit = (item: string, number: string, changes: object = {}) => ({
  kind: 'special-operation',
  occupation: undefined,
  level: undefined,
  certificateNumber: number,
  expiresOn: '2032-11-19',
  permit: { category: '电工作业', item, firstIssuedOn: '2026-11-20', reviewBy: '2029-11-20' },
  assessment: { ...(exam(1)['assessment'] as object), region: '510100' },
  ...changes,
});
const done = (part: string, more: object = {}) => ({
  assessment: {
    id: 'MK-2026-0001',
    standard: 'JGJ 46',
    standardType: 'national',
    date: '2026-11-20',
    region: '510100',
  },
  results: [{ part, passed: true, theoryScore: '82', practicalScore: '75' }],
  ...more,
});

describeOnEachDatabase('applications with exemptions', function (kind) {
  this.timeout(120_000);
  let world: World;
  let key = 0;

  before(async () => {
    world = await startWorld({
      kind,
      batches: { threads: 1, pollMs: 50 },
      applicationTables: { rules: tables['application-rule'], issuingRegions: tables['issuing-regions'] },
    });
    const { service } = world.issuer;
    const institution = await service.institutions.get(CODE);
    const [own, other] = world.accreditations;
    assert.ok(own && other);
    const scope = own.actions[0]?.scope;
    const kinds = [...(scope?.kind ?? []), 'construction-special' as const, 'special-equipment' as const];
    world.accreditations = [own, other].map((row) => ({
      ...row,
      id: `${row.id}-wide`,
      actions: row.actions.map((action) => ({ ...action, scope: { ...action.scope, kind: kinds } })),
    }));
    await service.accreditations.import(institution, 'test', await world.publish(world.accreditations));
  });
  after(() => world.remove());

  const issue = async (n: number, changes: object): Promise<{ id: string; credential: object; qr: { text: string } }> =>
    answer(world.call('POST', `/institutions/${CODE}/certificates`, exam(n, changes)), 201);
  const begin = (n: number, wanted: object, more: object = {}, name?: string): Promise<Application> =>
    answer(world.call('POST', PATH, { applicant: person(n, name), wanted, ...more }), 201);
  const present = (id: string, credential: unknown): Promise<Application> =>
    answer(
      world.call('POST', `${PATH}/${id}/certificates`, {
        text: typeof credential === 'string' ? credential : JSON.stringify(credential),
      }),
    );
  const number = (): string => `SO-2026-${kind === 'sqlite' ? 1 : 2}${String(++key).padStart(5, '0')}`;
  const ask = async (
    n: number,
    item: string,
    wanted: object,
    { changes = {}, more = {} }: { changes?: object; more?: object } = {},
  ): Promise<Application> => {
    const { credential } = await issue(n, permit(item, number(), changes));
    return present((await begin(n, wanted, more)).id, credential);
  };
  const rule = ({ evidence }: Application) => evidence[0]?.judgement.grounds.find((ground) => ground.type === 'rule');
  const parts = ({ answer: { exempted, stillRequired } }: Application) => ({ exempted, stillRequired });
  const NOTHING = { exempted: [], stillRequired: ['assessment'] };
  const codeOf = async (response: Promise<Response>, status: number): Promise<string> =>
    (await answer<Problem>(response, status)).code;
  const settled = async (id: string): Promise<Application> => {
    for (;;) {
      const found = await answer<Application>(world.call('GET', `${PATH}/${id}`));
      if (found.state !== 'handed-in') return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  /** A batch that is cancelled while its row is being signed: the certificate comes a moment later. */
  const holdsUntilSigned = async (id: string): Promise<void> => {
    const { knex } = world.database;
    const { batch = '', certificate = '' } = await answer<Application>(world.call('GET', `${PATH}/${id}`));
    const row = knex<CertificateRow>('certificates').where({ id: certificate });
    const own = (await row.clone().first('idempotency_key'))?.idempotency_key;
    assert.ok(own !== undefined);
    const chunk = knex('batch_chunks').where({ batch });
    await chunk.clone().update({ state: 'reserved', claim: 'test', claimed_until: '2999-01-01T00:00:00.000Z' });
    await row.clone().update({ idempotency_key: 'not yet' });
    await knex('batches').where({ id: batch }).update({ state: 'cancelled' });
    await knex('applications').where({ id }).update({ state: 'handed-in', certificate: null });
    assert.equal((await answer<Application>(world.call('GET', `${PATH}/${id}`))).state, 'handed-in');
    await row.clone().update({ idempotency_key: own });
    await chunk.clone().update({ state: 'done', claim: null, claimed_until: null });
    const after = await answer<Application>(world.call('GET', `${PATH}/${id}`));
    assert.deepEqual([after.state, after.certificate], ['issued', certificate]);
  };

  it('AC-16a a good low-voltage permit spares the safety training, the exam is recorded, and the certificate follows', async () => {
    const { credential, qr } = await issue(1, permit(LOW, number()));
    const begun = await begin(1, BUILDER);
    assert.deepEqual([begun.state, parts(begun), begun.region], ['open', NOTHING, '510000']);
    const asked = await present(begun.id, qr.text);
    assert.deepEqual(parts(asked), { exempted: ['safety-training'], stillRequired: ['exam'] });
    const [evidence] = asked.evidence;
    assert.equal(evidence?.judgement.person.code, 'PERSON_SAME_DOCUMENT');
    assert.equal(evidence.judgement.trust.feeds[0]?.authority, AUTHORITY);
    const ground = rule(asked);
    assert.ok(ground?.type === 'rule');
    assert.match(ground.basis, /关于推进职业技能证书互通互认的通知/);
    assert.match(ground.digest, /^uEi/);
    assert.match(evidence.judgement.text['zh-CN'].headline, /^可免:安全培训;仍需:考核/);
    assert.match(evidence.judgement.text.en.headline, /^Exempt from the safety training/);
    assert.equal((await present(begun.id, credential)).evidence.length, 1);

    assert.equal(
      await codeOf(world.call('PUT', `${PATH}/${begun.id}/remaining`, done('assessment')), 422),
      'REMAINING_PARTS',
    );
    const low = done('exam', { results: [{ part: 'exam', passed: true, theoryScore: '59' }] });
    assert.equal(
      await codeOf(world.call('PUT', `${PATH}/${begun.id}/remaining`, low), 422),
      'REMAINING_SCORE_BELOW_PASS',
    );
    const failed = done('exam', { results: [{ part: 'exam', passed: false, theoryScore: '59' }] });
    await answer(world.call('PUT', `${PATH}/${begun.id}/remaining`, failed));
    const handIn = {
      idNumber: citizenNumber(1),
      permit: { category: '建筑施工特种作业', firstIssuedOn: '2026-11-20', reviewBy: '2028-11-20' },
      expiresOn: '2028-11-20',
      certificateNumber: '川A012026000001',
    };
    const handPath = `${PATH}/${begun.id}/hand-in`;
    assert.equal(await codeOf(world.call('POST', handPath, handIn), 409), 'REMAINING_NOT_PASSED');
    const recorded = await answer<Application>(world.call('PUT', `${PATH}/${begun.id}/remaining`, done('exam')));
    assert.equal(recorded.state, 'remaining-recorded');
    const wrongNumber = { ...handIn, idNumber: citizenNumber(2) };
    assert.equal(await codeOf(world.call('POST', handPath, wrongNumber), 422), 'APPLICANT_NUMBER_DIFFERS');
    const { permit: _, ...withoutPermit } = handIn;
    const refused = await answer<Problem>(world.call('POST', handPath, withoutPermit), 422);
    assert.equal(refused.code, 'APPLICATION_ROW_WRONG');
    assert.match(refused.detail, /作业类别/);
    const handed = await answer<Application>(world.call('POST', handPath, handIn));
    assert.equal(handed.state, 'handed-in');
    const issued = await settled(begun.id);
    assert.equal(issued.state, 'issued');
    const found = await answer<{ credential: { credentialSubject: Record<string, unknown> } }>(
      world.call('GET', `/institutions/${CODE}/certificates/${encodeURIComponent(issued.certificate ?? '')}`),
    );
    const { assessment, operationItem } = found.credential.credentialSubject as Record<string, Record<string, unknown>>;
    assert.deepEqual([operationItem, assessment?.['method']], ['建筑电工', 'examination']);

    const audit = await world.database.knex('audit_log').where({ subject: begun.id }).select('action', 'detail');
    const actions = (audit as { action: string }[]).map(({ action }) => action);
    for (const action of ['create', 'present', 'record', 'hand-in', 'issue', 'read'])
      assert.ok(actions.includes(`application.${action}`), action);
    assert.ok(JSON.stringify(audit).includes(JSON.stringify(JSON.stringify(issued.certificate)).slice(1, -1)));
    const stored = JSON.stringify([
      await world.database.knex('applications').select(),
      await world.database.knex('application_evidence').select(),
      audit,
      world.lines,
    ]);
    assert.ok(!stored.includes(citizenNumber(1)));
    const [kept] = (await world.database.knex('application_evidence').where({ application: begun.id })) as {
      sealed: string | null;
    }[];
    assert.equal(kept?.sealed, null);
    assert.equal((await verifyAuditChain(world.database.knex)).brokenAt, undefined);
  });

  it('AC-16b past its review day it spares nothing', async () => {
    const overdue = { category: '电工作业', item: LOW, firstIssuedOn: '2026-11-01', reviewBy: '2026-11-20' };
    const found = await ask(20, LOW, BUILDER, { changes: { permit: overdue } });
    assert.deepEqual(parts(found), NOTHING);
    const ground = rule(found);
    assert.deepEqual(ground?.type === 'rule' && [ground.outcome, ground.code], [
      'precondition-failed',
      'REVIEW_OVERDUE',
    ]);
  });

  it('AC-16c high to low voltage is no row of the matrix', async () => {
    const found = await ask(21, '高压电工作业', { kind: 'special-operation', item: LOW });
    assert.deepEqual([parts(found), rule(found)], [NOTHING, undefined], 'a permit for another item is another permit');
  });

  it('AC-16d where the wanted certificate is not issued the rule does not apply; where nobody said it is not known', async () => {
    const welding = '熔化焊接与热切割作业';
    const wanted = { kind: 'construction-special', item: '建筑焊工' };
    const outcome = async (n: number, region: string) => {
      const found = await ask(n, welding, wanted, { more: { region } });
      const ground = rule(found);
      return [ground?.type === 'rule' && ground.outcome, found.answer.exempted.join(), found.answer.unknown];
    };
    assert.deepEqual(await outcome(22, '500000'), ['not-applicable', '', 0]);
    assert.deepEqual(await outcome(23, '510100'), ['exempt', 'safety-training', 0]);
    assert.deepEqual(await outcome(24, '310000'), ['undetermined', '', 1]);
  });

  it('AC-16e a rule nobody confirmed spares nothing and is said to be unconfirmed', async () => {
    const { credential } = await issue(25, {
      ...permit('建筑焊工', number()),
      kind: 'construction-special',
    });
    const { id } = await begin(25, { kind: 'special-operation', item: '熔化焊接与热切割作业' });
    const found = await present(id, credential);
    const ground = rule(found);
    assert.deepEqual(
      [ground?.type === 'rule' && ground.outcome, parts(found), found.answer.unknown],
      ['unverified-rule', NOTHING, 1],
    );
  });

  it('AC-18 a good low-voltage permit admits to level 4, which is assessed and issued, also by a batch cancelled meanwhile; not to 5, not when overdue', async () => {
    const found = await ask(30, LOW, ELECTRICIAN('4'));
    assert.deepEqual(parts(found), { exempted: [], stillRequired: ['next-level-exam'] });
    assert.deepEqual(found.answer.admission, []);
    assert.match(found.evidence[0]?.judgement.text['zh-CN'].headline ?? '', /不因此取得等级证书/);
    const national = { id: 'PJ-2026-0030', standard: 'GZB 6-31-01-03', standardType: 'national', date: '2026-11-20' };
    await answer(
      world.call('PUT', `${PATH}/${found.id}/remaining`, { ...done('next-level-exam'), assessment: national }),
    );
    await answer(world.call('POST', `${PATH}/${found.id}/hand-in`, { idNumber: citizenNumber(30) }));
    const { certificate } = await settled(found.id);
    const { credential } = await answer<{ credential: { credentialSubject: { level: { value: string } } } }>(
      world.call('GET', `/institutions/${CODE}/certificates/${encodeURIComponent(certificate ?? '')}`),
    );
    assert.equal(credential.credentialSubject.level.value, '4');
    await holdsUntilSigned(found.id);
    assert.deepEqual(parts(await ask(31, LOW, ELECTRICIAN('5'))), NOTHING);
    const overdue = { category: '电工作业', item: LOW, firstIssuedOn: '2026-11-01', reviewBy: '2026-11-20' };
    assert.deepEqual(parts(await ask(32, LOW, ELECTRICIAN('4'), { changes: { permit: overdue } })), NOTHING);
  });

  it('a level asks for a condition of one edition, and years that are not full are told from what is not known', async () => {
    const { credential } = await issue(33, {});
    const wanted = { kind: 'skill-level', occupation: '6-18-02-04', level: { framework: 'cn-skill-5', value: '2' } };
    const { id } = await begin(33, wanted);
    const { answer: found } = await present(id, credential);
    const edition = found.admission.find((row) => row.edition === '2023');
    assert.deepEqual(
      edition?.conditions.slice(0, 2).map(({ met, earliest }) => [met, earliest]),
      [
        ['fail', '2031-11-21'],
        ['unknown', undefined],
      ],
    );
    const record = (admittedBy?: object) =>
      world.call('PUT', `${PATH}/${id}/remaining`, { ...done('assessment'), ...(admittedBy && { admittedBy }) });
    assert.equal(await codeOf(record(), 422), 'ADMISSION_MISSING');
    assert.equal(await codeOf(record({ edition: '2023', condition: 0 }), 422), 'ADMISSION_NOT_MET');
    assert.equal((await answer<Application>(record({ edition: '2023', condition: 1 }))).state, 'remaining-recorded');
  });

  it('a forged, revoked, foreign or other person’s certificate, or one whose holder is hidden, spares nothing and is told apart', async () => {
    const { credential, id: certificate } = await issue(40, permit(LOW, number()));
    const told = async (n: number, text: unknown, name?: string) => {
      const found = await present((await begin(n, BUILDER, {}, name)).id, text);
      assert.deepEqual(parts(found), NOTHING);
      const [{ judgement } = assert.fail('no evidence')] = found.evidence;
      const { authentic, authorised, current } = judgement.questions;
      const wrong = [authentic, authorised, current, judgement.person].find((one) => one.answer !== 'pass');
      return [judgement.standing, wrong?.code];
    };
    const forged = structuredClone(credential) as { credentialSubject: { operationItem: string } };
    forged.credentialSubject.operationItem = '高压电工作业';
    assert.deepEqual(await told(40, forged), ['fail', 'SIGNATURE_INVALID']);
    assert.deepEqual(await told(41, credential), ['fail', 'PERSON_OTHER_DOCUMENT']);
    assert.deepEqual(await told(40, credential, '张卫'), ['unknown', 'PERSON_NAME_DIFFERS']);
    const foreign = await eddsaRdfc2022.sign(foreignPermit(40), {
      signer: testKey(TRAINER, 7).signer,
      created: '2026-11-20T02:00:00Z',
    });
    assert.deepEqual((await told(40, foreign))[0], 'unknown');
    const revoke = { action: 'revoke', reason: 'fraud' };
    await answer(
      world.call('POST', `/institutions/${CODE}/certificates/${encodeURIComponent(certificate)}/status`, revoke, {
        secret: world.secrets.approver,
      }),
    );
    assert.deepEqual(await told(40, credential), ['fail', 'CERTIFICATE_REVOKED']);
    const unreadable = world.call('POST', `${PATH}/${(await begin(40, BUILDER)).id}/certificates`, { text: 'hello' });
    assert.equal((await answer<Problem>(unreadable, 400)).code, 'QR_NOT_OURS');
    const other = world.call('POST', `${PATH}/${(await begin(40, BUILDER)).id}/certificates`, { text: '{"a":1}' });
    assert.equal(await codeOf(other, 422), 'CERTIFICATE_NOT_OURS');
  });

  it('a certificate revoked between the examination and the handing in is found, and said', async () => {
    const { credential, id: certificate } = await issue(50, permit(LOW, number()));
    const { id } = await begin(50, BUILDER);
    await present(id, credential);
    await answer(world.call('PUT', `${PATH}/${id}/remaining`, done('exam')));
    await answer(
      world.call(
        'POST',
        `/institutions/${CODE}/certificates/${encodeURIComponent(certificate)}/status`,
        { action: 'revoke', reason: 'fraud' },
        { secret: world.secrets.approver },
      ),
    );
    const lost = world.call('POST', `${PATH}/${id}/hand-in`, { idNumber: citizenNumber(50) });
    assert.equal(await codeOf(lost, 409), 'EXEMPTION_LOST');
    const found = await answer<Application>(world.call('GET', `${PATH}/${id}`));
    assert.deepEqual([found.state, parts(found)], ['remaining-recorded', NOTHING]);
    assert.equal(found.evidence[0]?.judgement.questions.current.code, 'CERTIFICATE_REVOKED');
    const ended = await answer<Application>(
      world.call('POST', `${PATH}/${id}/close`, { outcome: 'refused', reason: '所持证书已撤销' }),
    );
    assert.deepEqual([ended.state, ended.reason], ['refused', '所持证书已撤销']);
    assert.equal(await codeOf(world.call('POST', `${PATH}/${id}/judge`), 409), 'APPLICATION_STATE');
  });

  it('a statement of the institution’s own authority spares what it says, cited with memorandum and digest', async () => {
    const emergency = await new Publisher(EMERGENCY).newRoot({ name: '示例应急管理厅' });
    const trainer = testKey(TRAINER, 7);
    const accreditation = {
      ...accreditationOf(
        { code: 'S000051000777', did: TRAINER, name: '示例安全技术考核点' },
        { id: trainer.key.id, publicKeyMultibase: trainer.key.publicKeyMultibase },
        { scope: { kind: ['special-operation'], occupation: [`permit:${LOW}`] } },
      ),
      id: 'urn:yizheng:accreditation:trainer-1',
      authority: EMERGENCY,
    };
    const feed = await emergency.publish(
      {
        accreditations: [accreditation],
        statusLists: await Promise.all((['revocation', 'suspension'] as const).map(list)),
      },
      '2026-11-21',
    );
    const memorandum = { id: 'urn:yizheng:memorandum:2026-7', name: '示例互认备忘录', party: [AUTHORITY, EMERGENCY] };
    const recognise = async (name: string, kind: KindId): Promise<void> => {
      const own = await world.publisher.publish(
        {
          accreditations: world.accreditations,
          recognitions: [
            {
              id: `urn:yizheng:recognition:${name}`,
              authority: AUTHORITY,
              subject: EMERGENCY,
              legalName: '示例应急管理厅',
              registryRoot: emergency.pin,
              memorandum,
              actions: [
                {
                  action: 'accredit',
                  validFrom: '2026-01-01T00:00:00+08:00',
                  scope: { kind: [kind] },
                  treatment: ['exempt-safety-training', 'exempt-theory'],
                },
              ],
            },
          ],
        },
        '2026-11-21',
      );
      const bundle = await world.publisher.pack({ [AUTHORITY]: own, [EMERGENCY]: feed }, '2026-11-21');
      const institution = await world.issuer.service.institutions.get(CODE);
      const { findings } = await world.issuer.service.accreditations.import(institution, 'test', bundle);
      assert.deepEqual(findings, []);
    };
    await recognise('hrss-emergency', 'special-operation');
    const signed = await eddsaRdfc2022.sign(foreignPermit(60), {
      signer: trainer.signer,
      created: '2026-11-20T02:00:00Z',
    });
    const { id } = await begin(60, { kind: 'special-operation', item: LOW });
    const found = await present(id, signed);
    const [evidence] = found.evidence;
    assert.deepEqual(
      [evidence?.judgement.standing, evidence?.judgement.person.code],
      ['pass', 'PERSON_NAME_AND_LAST_FOUR'],
    );
    assert.deepEqual(parts(found), { exempted: ['safety-training', 'theory-exam'], stillRequired: ['practical-exam'] });
    const ground = evidence?.judgement.grounds.find((one) => one.type === 'statement');
    assert.deepEqual(ground?.type === 'statement' && [ground.id, ground.authority, ground.memorandum], [
      'urn:yizheng:recognition:hrss-emergency',
      AUTHORITY,
      { id: memorandum.id, name: memorandum.name },
    ]);

    const permitted = await eddsaRdfc2022.sign(foreignPermit(61), {
      signer: trainer.signer,
      created: '2026-11-20T02:00:00Z',
    });
    const builder = await begin(61, BUILDER);
    const ruled = await present(builder.id, permitted);
    assert.deepEqual(parts(ruled), { exempted: ['safety-training'], stillRequired: ['exam'] });
    await recognise('hrss-emergency-levels', 'skill-level');
    const narrowed = await answer<Application>(world.call('POST', `${PATH}/${builder.id}/judge`));
    assert.deepEqual(parts(narrowed), NOTHING, 'no rule counts for what the authority does not recognise');
    assert.doesNotMatch(narrowed.evidence[0]?.judgement.text['zh-CN'].headline ?? '', /可免|未通过核验/);
  });

  it('others’ applications are not there, lists are paged and searched, and a repeated beginning begins once', async () => {
    const again = { key: 'one-key-for-one-application' };
    const body = { applicant: person(70, '欧阳娜'), wanted: BUILDER };
    const first = await answer<Application>(world.call('POST', PATH, body, again), 201);
    assert.equal((await answer<Application>(world.call('POST', PATH, body, again), 201)).id, first.id);
    const other = `/institutions/${EMPLOYER_CODE}/applications/${first.id}`;
    assert.equal(
      await codeOf(world.call('GET', other, undefined, { secret: world.secrets.other }), 404),
      'APPLICATION_NOT_FOUND',
    );
    assert.equal(
      await codeOf(world.call('GET', `${PATH}/${first.id}`, undefined, { secret: world.secrets.other }), 404),
      'NOT_FOUND',
    );
    const byName = await answer<{ applications: { id: string }[] }>(
      world.call('GET', `${PATH}?name=${encodeURIComponent('欧阳娜')}`),
    );
    assert.deepEqual(
      byName.applications.map(({ id }) => id),
      [first.id],
    );
    const seen: string[] = [];
    for (let after = ''; ;) {
      const page = await answer<{ applications: { id: string }[]; next?: string }>(
        world.call('GET', `${PATH}?limit=4${after}`),
      );
      seen.push(...page.applications.map(({ id }) => id));
      if (page.next === undefined) break;
      after = `&after=${page.next}`;
    }
    const rows: unknown[] = await world.database.knex('applications').select('id');
    assert.deepEqual([new Set(seen).size, seen.length], [rows.length, rows.length]);
    assert.equal(
      await codeOf(
        world.call('POST', PATH, {
          applicant: person(71),
          wanted: { kind: 'mo-skill', occupation: '6-18-02-04', level: { framework: 'mo-dsal', value: 'basic' } },
        }),
        422,
      ),
      'KIND_OUT_OF_SCOPE',
    );
    assert.equal(await codeOf(world.call('GET', `${PATH}?after=zz`), 422), 'CURSOR_INVALID');
  });
});

function foreignPermit(n: number) {
  const { name, idNumber } = person(n);
  return buildCredential(
    parseCertificateRecord({
      kind: 'special-operation',
      certificateNumber: `T-${n}-7`,
      revision: 1,
      issuer: { id: TRAINER, name: '示例安全技术考核点' },
      authority: { id: EMERGENCY, name: '示例应急管理厅' },
      accreditation: { id: 'urn:yizheng:accreditation:trainer-1' },
      issuedOn: '2026-11-20',
      expiresOn: '2032-11-19',
      holder: { name, identityDocumentType: 'resident-identity-card', identityDocumentLastFour: idNumber.slice(-4) },
      assessment: {
        id: 'AK-1',
        method: 'examination',
        standard: 'AQ 1',
        standardType: 'national',
        date: '2026-11-19',
        region: '510100',
      },
      permit: { category: '电工作业', item: LOW, firstIssuedOn: '2026-11-20', reviewBy: '2029-11-20' },
      status: { list: 1, index: 9 },
    }),
  );
}

async function list(purpose: 'revocation' | 'suspension') {
  const url = statusListUrl(TRAINER, purpose, 1);
  const unsigned = buildStatusListCredential({
    id: url,
    issuer: TRAINER,
    purpose,
    bits: createBitstring(131_072),
    validFrom: '2026-11-20T12:00:00Z',
    validUntil: '2026-11-27T12:00:00Z',
  });
  const { signer } = testKey(TRAINER, 7);
  return {
    url,
    credential: JSON.stringify(await eddsaRdfc2022.sign(unsigned, { signer, created: '2026-11-20T12:00:00Z' })),
  };
}
