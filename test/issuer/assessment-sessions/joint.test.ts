import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem, Role } from '../../../server/index.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { accreditationOf, answer, AUTHORITY, CODE, EMPLOYER_CODE, startWorld, type World } from '../world.js';
import { candidateOf, planOf, resultOf } from './plans.js';

const THIRD = 'S000051000003';
const ID = 'LH-2026-01';

interface Session {
  state: string;
  passed: number;
  version: number;
  batch?: string;
  joint: { institution: string; state: string; isDisputed: boolean; line?: { kind: string } }[];
}

describeOnEachDatabase('issuer: a joint examination', function (kind) {
  this.timeout(60_000);
  let world: World;
  const secrets = new Map<string, string>();
  const at = (code: string, role: Role = 'clerk'): string => secrets.get(`${code} ${role}`) ?? '';
  const ask = (code: string, method: string, path: string, body?: unknown, role: Role = 'clerk'): Promise<Response> =>
    world.call(method, `/institutions/${code}${path}`, body, { secret: at(code, role) });
  const codeOf = async (response: Promise<Response>): Promise<string> => {
    const got = await response;
    return got.status < 400 ? String(got.status) : ((await got.json()) as Problem).code;
  };
  const session = (code: string): Promise<Session> => answer(ask(code, 'GET', `/assessment-sessions/${ID}`));
  const line = (changes: object = {}): Record<string, unknown> => {
    const {
      id: _,
      heldOn: __,
      place: ___,
      seats: ____,
      staff: _____,
      ...rest
    } = planOf(ID, {
      kind: 'occ-qualification',
      passMarks: [{ part: 'practical', mark: 80 }],
      ...changes,
    });
    return rest;
  };
  const issue = async (code: string): Promise<string> => {
    const { id } = await answer<{ id: string }>(ask(code, 'POST', `/assessment-sessions/${ID}/hand-in`), 201);
    const { batches } = world.issuer.service;
    await batches.confirm(code, id, { actor: 'test', rows: 'all' });
    while ((await batches.get(code, id)).state !== 'done') await sleep(20);
    const [row] = await batches.rows(code, id);
    return row?.certificate?.number ?? '';
  };

  before(async () => {
    world = await startWorld({ kind, batches: { threads: 1, pollMs: 50 } });
    const { service } = world.issuer;
    const authority = { did: AUTHORITY };
    const third = await service.institutions.create({ code: THIRD, name: '示例技师学院', authority }, 'test');
    await world.issuer.service.institutions.setApproval(THIRD, false, 'test');
    const [lead, partner] = world.accreditations;
    assert.ok(lead && partner);
    const open = {
      ...partner,
      actions: partner.actions.map((one) => ({ ...one, scope: { ...one.scope, candidates: 'public' as const } })),
    };
    const bundle = await world.publish([lead, open, accreditationOf(third.institution, third.key)]);
    await service.accreditations.import(third.institution, 'test', bundle);
    for (const code of [CODE, EMPLOYER_CODE, THIRD])
      for (const role of ['clerk', 'approver', 'officer'] as const) {
        const key = { tenant: code, roles: [role], label: `${code} ${role}`, expiresAt: '2036-01-01T00:00:00Z' };
        secrets.set(`${code} ${role}`, (await service.createApiKey(key, 'test')).secret);
      }
  });
  after(() => world.remove());

  it('is led by one, who invites others by code while it is planned', async () => {
    await answer(ask(CODE, 'POST', '/assessment-sessions', planOf(ID)), 201);
    const invite = (institution: string): Promise<string> =>
      codeOf(ask(CODE, 'POST', `/assessment-sessions/${ID}/partners`, { institution }));
    assert.equal(await invite('S000051000999'), 'EXAM_PARTNER_UNKNOWN');
    assert.equal(await invite(CODE), 'EXAM_PARTNER_UNKNOWN');
    assert.equal(await invite(EMPLOYER_CODE), '204');
    assert.equal(await invite(EMPLOYER_CODE), 'EXAM_PARTNER_EXISTS');
    assert.equal(await invite(THIRD), '204');
    assert.equal(await codeOf(ask(CODE, 'POST', `/assessment-sessions/${ID}/open`)), '200');
    assert.equal(await codeOf(ask(EMPLOYER_CODE, 'GET', `/assessment-sessions/${ID}`)), 'EXAM_SESSION_NOT_FOUND');
  });

  it('each accepts under its own accreditation, or declines', async () => {
    const { invitations } = await answer<{ invitations: { lead: string; id: string; parts: string[] }[] }>(
      ask(EMPLOYER_CODE, 'GET', '/joint-examinations'),
    );
    assert.deepEqual(
      invitations.map(({ lead, id, parts }) => [lead, id, parts]),
      [[CODE, ID, ['theory', 'practical']]],
    );
    const accept = (changes: object, lead = CODE): Promise<string> =>
      codeOf(ask(EMPLOYER_CODE, 'POST', `/joint-examinations/${ID}/accept`, { lead, line: line(changes) }));
    assert.equal(await accept({}, THIRD), 'EXAM_INVITATION_NOT_FOUND');
    assert.equal(await accept({ passMarks: [{ part: 'comprehensive', mark: 60 }] }), 'EXAM_PART_NOT_HELD');
    const check = { lead: CODE, line: line({ occupation: { code: '4-14-01-02' } }) };
    const fit = await answer<{ answer: string }>(ask(EMPLOYER_CODE, 'POST', `/joint-examinations/${ID}/check`, check));
    assert.equal(fit.answer, 'outside');
    assert.equal(await accept({}), '204');
    assert.equal(await codeOf(ask(THIRD, 'POST', `/joint-examinations/${ID}/decline`, { lead: CODE })), '204');
    assert.deepEqual(
      (await session(CODE)).joint.map(({ institution, state, line: own }) => [institution, state, own?.kind]),
      [
        [CODE, 'open', 'skill-level'],
        [EMPLOYER_CODE, 'planned', 'occ-qualification'],
        [THIRD, 'declined', undefined],
      ],
    );
    assert.deepEqual(
      (await session(EMPLOYER_CODE)).joint.map(({ institution, line: own }) => [institution, own?.kind]),
      [
        [CODE, undefined],
        [EMPLOYER_CODE, 'occ-qualification'],
      ],
    );
    assert.equal(await codeOf(ask(THIRD, 'GET', `/assessment-sessions/${ID}`)), 'EXAM_SESSION_NOT_FOUND');
  });

  it('a second person of the partner itself confirms its line, where it asks for one', async () => {
    await world.issuer.service.institutions.setApproval(EMPLOYER_CODE, true, 'test');
    const open = (role: Role): Promise<string> =>
      codeOf(ask(EMPLOYER_CODE, 'POST', `/assessment-sessions/${ID}/open`, undefined, role));
    assert.equal(await open('clerk'), 'ROLE_MISSING');
    assert.equal(await open('approver'), '200');
    await world.issuer.service.institutions.setApproval(EMPLOYER_CODE, false, 'test');
  });

  it('the partner sees who agreed and passed by its own marks, and no more than a certificate needs', async () => {
    const add = (n: number, shares: boolean): Promise<unknown> =>
      answer(
        ask(CODE, 'POST', `/assessment-sessions/${ID}/candidates`, candidateOf(n, { shares, ticket: `T${n}` })),
        201,
      );
    await add(1, true);
    await add(2, false);
    await add(3, true);
    assert.equal(
      await codeOf(ask(EMPLOYER_CODE, 'POST', `/assessment-sessions/${ID}/candidates`, candidateOf(9))),
      'EXAM_SESSION_NOT_LEAD',
    );
    const results = [
      resultOf(1, { theory: '70', practical: '85' }),
      resultOf(2, { theory: '70', practical: '95' }),
      resultOf(3, { theory: '70', practical: '75' }),
    ];
    await answer(ask(CODE, 'PUT', `/assessment-sessions/${ID}/results`, { results }));
    const list = async (code: string): Promise<Record<string, unknown>[]> =>
      (
        await answer<{ candidates: Record<string, unknown>[] }>(
          ask(code, 'GET', `/assessment-sessions/${ID}/candidates`),
        )
      ).candidates;
    assert.deepEqual(await list(EMPLOYER_CODE), []);
    await answer(ask(CODE, 'POST', `/assessment-sessions/${ID}/complete`));
    const shared = await list(EMPLOYER_CODE);
    assert.deepEqual(
      shared.map(({ name, theory, practical, ticket }) => [name, theory, practical, ticket]),
      [['张伟1', undefined, '85', undefined]],
    );
    assert.equal((await session(EMPLOYER_CODE)).state, 'results-entered');
    assert.deepEqual([(await session(CODE)).passed, (await session(EMPLOYER_CODE)).passed], [3, 1]);
  });

  it('each issues its own certificate of the same assessment; withdrawing one touches no other and is shown to it', async () => {
    assert.equal(
      await codeOf(ask(EMPLOYER_CODE, 'POST', `/assessment-sessions/${ID}/hand-in`)),
      'EXAM_NUMBERS_MISSING',
    );
    const numbers = [{ candidate: 1, number: '2651003000300001' }];
    await answer(ask(EMPLOYER_CODE, 'PUT', `/assessment-sessions/${ID}/numbers`, { numbers }), 204);
    const publish = (until: string | null): Promise<unknown> =>
      world.database.write((transaction) =>
        transaction('assessment_sessions').where({ institution: CODE, id: ID }).update({ publication_until: until }),
      );
    await publish('2036-01-01');
    const handIn = (): Promise<Response> => ask(EMPLOYER_CODE, 'POST', `/assessment-sessions/${ID}/hand-in`);
    assert.equal(await codeOf(handIn()), 'EXAM_SESSION_TOO_EARLY', 'others may still object to the results');
    await publish(null);
    const cancelled = await answer<{ id: string }>(handIn(), 201);
    await world.issuer.service.batches.cancel(EMPLOYER_CODE, cancelled.id, { actor: 'test' });
    await answer(ask(CODE, 'POST', `/assessment-sessions/${ID}/reopen`));
    assert.equal((await session(EMPLOYER_CODE)).state, 'open');
    assert.equal(await codeOf(handIn()), 'EXAM_SESSION_STATE', 'the results are being changed');
    await answer(ask(CODE, 'POST', `/assessment-sessions/${ID}/complete`));
    const theirs = await issue(EMPLOYER_CODE);
    assert.equal(theirs, '2651003000300001');
    assert.equal(await codeOf(ask(CODE, 'POST', `/assessment-sessions/${ID}/reopen`)), 'EXAM_SESSION_LOCKED');
    const ours = await issue(CODE);
    const { service } = world.issuer;
    const assessmentOf = async (code: string, number: string): Promise<string> =>
      (await service.certificate(code, number)).credential.credentialSubject.assessment.id;
    assert.equal(await assessmentOf(CODE, ours), await assessmentOf(EMPLOYER_CODE, theirs));

    const voiding = await service.batches.voidSession({ institution: EMPLOYER_CODE, actor: 'test', assessmentId: ID });
    await service.batches.confirm(EMPLOYER_CODE, voiding.id, { actor: 'test', rows: 'all' });
    while ((await service.batches.get(EMPLOYER_CODE, voiding.id)).state !== 'done') await sleep(20);
    assert.equal((await service.certificate(EMPLOYER_CODE, theirs)).status, 'revoked');
    assert.equal((await service.certificate(CODE, ours)).status, 'active');
    const { state, joint } = await session(CODE);
    assert.equal(state, 'issued');
    assert.deepEqual(
      joint.map(({ institution, state: theirState, isDisputed }) => [institution, theirState, isDisputed]),
      [
        [CODE, 'issued', false],
        [EMPLOYER_CODE, 'voided', true],
        [THIRD, 'declined', false],
      ],
    );
  });
});

describeOnEachDatabase('issuer: a plan where two people are needed', function (kind) {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await startWorld({ kind, batches: { threads: 1, pollMs: 50 } });
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
  });
  after(() => world.remove());

  it('is confirmed or sent back by another person than who wrote it', async () => {
    const { clerk, approver, officer } = world.secrets;
    const ask = async (path: string, secret: string, body?: unknown): Promise<string> => {
      const got = await world.call('POST', `/institutions/${CODE}/assessment-sessions${path}`, body, { secret });
      return got.status < 400 ? String(got.status) : ((await got.json()) as Problem).code;
    };
    assert.equal(await ask('', approver, planOf('DUAL-1')), '201');
    assert.equal(await ask('/DUAL-1/open', clerk), 'ROLE_MISSING');
    assert.equal(await ask('/DUAL-1/open', approver), 'APPROVAL_BY_SAME_PERSON');
    assert.equal(await ask('/DUAL-1/send-back', officer, { note: '请核对考点' }), '200');
    assert.equal(await ask('/DUAL-1/open', officer), '200');
  });

  it('whoever entered a result does not approve its certificates, whoever handed them in', async () => {
    const { clerk, approver, officer } = world.secrets;
    const ask = (method: string, path: string, secret: string, body?: unknown): Promise<Response> =>
      world.call(method, `/institutions/${CODE}${path}`, body, { secret });
    const path = '/assessment-sessions/DUAL-2';
    await answer(ask('POST', '/assessment-sessions', clerk, planOf('DUAL-2', { passMarks: [] })), 201);
    await answer(ask('POST', `${path}/open`, officer));
    for (const n of [1, 2]) await answer(ask('POST', `${path}/candidates`, clerk, candidateOf(n)), 201);
    for (const [n, secret] of [approver, clerk].entries())
      await answer(ask('PUT', `${path}/results`, secret, { results: [resultOf(n + 1, { verdict: 'pass' })] }));
    await answer(ask('POST', `${path}/complete`, clerk));
    const { id } = await answer<{ id: string }>(ask('POST', `${path}/hand-in`, clerk), 201);
    await answer(ask('POST', `/batches/${id}/confirm`, clerk, { rows: 'all' }));
    const refused = await ask('POST', `/batches/${id}/approve`, approver);
    assert.equal(((await refused.json()) as Problem).code, 'APPROVAL_BY_SAME_PERSON');
    const key = { tenant: CODE, roles: ['approver' as const], label: 'another', expiresAt: '2036-01-01T00:00:00Z' };
    const { secret: another } = await world.issuer.service.createApiKey(key, 'test');
    await answer(ask('POST', `/batches/${id}/approve`, another));
  });
});
