import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '../../../server/index.js';
import { describeOnEachDatabase } from '../../database/fresh-database.js';
import { uniqueCitizen } from '../batch/sheets.js';
import { answer, CODE, EMPLOYER_CODE, startWorld, type World } from '../world.js';
import { candidateOf, planOf, resultOf } from './plans.js';

interface Session {
  id: string;
  state: string;
  candidates: number;
  passed: number;
  failed: number;
  absent: number;
  withheld: number;
  issued: number;
  batch?: string;
  version: number;
  fit?: { answer: string; problems: { column?: string; code: string; text: string }[] };
}
interface Row {
  candidate: number;
  name: string;
  lastFour: string;
  outcome: string;
  version: number;
}

describeOnEachDatabase('issuer: an assessment session', function (kind) {
  this.timeout(60_000);
  let world: World;
  const path = `/institutions/${CODE}/assessment-sessions`;
  const ask = (method: string, rest: string, body?: unknown, secret = world.secrets.clerk): Promise<Response> =>
    world.call(method, `${path}${rest}`, body, { secret });
  const codeOf = async (response: Promise<Response>): Promise<string> => {
    const got = await response;
    return got.status < 400 ? String(got.status) : ((await got.json()) as Problem).code;
  };
  const session = (id: string): Promise<Session> => answer(ask('GET', `/${id}`));
  const rows = async (id: string): Promise<Row[]> =>
    (await answer<{ candidates: Row[] }>(ask('GET', `/${id}/candidates`))).candidates;
  const upload = (rest: string, text: string): Promise<Response> => {
    const body = new FormData();
    body.set('file', new File([`\ufeff${text}`], 'list.csv', { type: 'text/csv' }));
    return fetch(`${world.listener.url}${path}${rest}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.secrets.clerk}` },
      body,
    });
  };
  const finished = async (batch: string): Promise<void> => {
    for (;;) {
      const { state } = await world.issuer.service.batches.get(CODE, batch);
      if (state === 'done') return;
      await sleep(20);
    }
  };

  before(async () => {
    world = await startWorld({ kind, batches: { threads: 1, pollMs: 50 } });
  });
  after(() => world.remove());

  it('is checked against the accreditation as it is written, and what is not covered is not opened', async () => {
    const covered = await answer<Session['fit']>(ask('POST', '/check', planOf('PJ-1')));
    assert.deepEqual(covered, { answer: 'covered', problems: [] });
    const plan = planOf('PJ-OUT', {
      occupation: { code: '4-14-01-02' },
      level: '1',
      standard: 'X',
      standardType: 'enterprise',
    });
    const outside = await answer<NonNullable<Session['fit']>>(ask('POST', '/check', plan));
    assert.equal(outside.answer, 'outside');
    assert.deepEqual(outside.problems.map(({ code }) => code).sort(), [
      'LEVEL_OUT_OF_SCOPE',
      'OCCUPATION_OUT_OF_SCOPE',
      'STANDARD_OUT_OF_SCOPE',
    ]);
    assert.match(outside.problems[0]?.text ?? '', /\p{Script=Han}/u);
    await answer(ask('POST', '', plan), 201);
    assert.equal(await codeOf(ask('POST', '/PJ-OUT/open')), 'EXAM_SESSION_OUT_OF_SCOPE');
    const later = await answer<NonNullable<Session['fit']>>(
      ask('POST', '/check', planOf('PJ-9', { heldOn: '2031-06-01' })),
    );
    assert.deepEqual(
      later.problems.map(({ code }) => code),
      ['ACCREDITATION_NOT_IN_FORCE_AT_ISSUE'],
    );
    assert.equal(
      await codeOf(ask('POST', '/check', planOf('P', { passMarks: [{ part: 'theory', mark: 50 }] }))),
      'REQUEST_INVALID',
    );
  });

  it('leads from plan to certificates: absent and withheld are not failed, and only who passed is handed in', async () => {
    const planned = await answer<Session>(ask('POST', '', planOf('PJ-1')), 201);
    assert.equal(planned.state, 'planned');
    assert.equal(await codeOf(ask('POST', '', planOf('PJ-1'))), 'EXAM_SESSION_EXISTS');
    assert.equal((await answer<Session>(ask('POST', '/PJ-1/open'))).state, 'open');
    for (const n of [1, 2]) assert.equal(await codeOf(ask('POST', '/PJ-1/candidates', candidateOf(n))), '201');
    assert.equal(
      await codeOf(ask('POST', '/PJ-1/candidates', candidateOf(1, { name: '李四' }))),
      'EXAM_CANDIDATE_EXISTS',
    );
    assert.equal(
      await codeOf(ask('POST', '/PJ-1/candidates', candidateOf(3, { idNumber: '510105199001011234' }))),
      'ID_NUMBER_INVALID',
    );

    const header = '姓名,证件号码,准考证号,座位号';
    const bad = await answer<{ rows: number; problems: { row: number; text: string }[] }>(
      upload(
        '/PJ-1/candidates/sheet',
        `${header}\r\n王五,${uniqueCitizen(3)},Z3,1\r\n张伟1,${uniqueCitizen(1)},Z3,2\r\n`,
      ),
    );
    assert.equal(bad.rows, 0);
    assert.deepEqual(
      bad.problems.map(({ row }) => row),
      [3, 3],
    );
    const good = `${header}\r\n王五,${uniqueCitizen(3)},Z3,1\r\n赵六,${uniqueCitizen(4)},Z4,2\r\n`;
    assert.equal((await answer<{ rows: number }>(upload('/PJ-1/candidates/sheet', good))).rows, 2);
    assert.equal(await codeOf(ask('POST', '/PJ-1/candidates', candidateOf(5))), 'EXAM_SESSION_FULL');
    assert.equal(await codeOf(ask('POST', '/PJ-1/complete')), 'EXAM_RESULTS_MISSING');

    const first = resultOf(1, { theory: '85.5', practical: '90', version: 1 });
    await answer(ask('PUT', '/PJ-1/results', { results: [first] }));
    assert.equal(await codeOf(ask('PUT', '/PJ-1/results', { results: [first] })), 'EXAM_CANDIDATE_CHANGED');
    assert.equal(
      await codeOf(ask('PUT', '/PJ-1/results', { results: [resultOf(2, { comprehensive: '70' })] })),
      'EXAM_PART_NOT_HELD',
    );
    assert.equal(
      await codeOf(ask('PUT', '/PJ-1/results', { results: [resultOf(2, { attendance: null, theory: '70' })] })),
      'EXAM_ATTENDANCE_MISSING',
    );
    assert.equal(
      await codeOf(
        ask('PUT', '/PJ-1', { plan: planOf('PJ-1', { passMarks: [] }), version: (await session('PJ-1')).version }),
      ),
      'EXAM_SESSION_STATE',
    );

    const blank = await (await ask('GET', '/PJ-1/results.csv')).text();
    assert.match(blank, /序号,姓名,证件后四位,考试情况,理论成绩,实操成绩,备注/);
    assert.ok(!blank.includes(uniqueCitizen(1)));
    const moved = '序号,姓名,考试情况,理论成绩,实操成绩\r\n2,王五,,59.5,80\r\n';
    const refused = await answer<{ rows: number; problems: { code: string }[] }>(upload('/PJ-1/results/sheet', moved));
    assert.deepEqual([refused.rows, refused.problems[0]?.code], [0, 'EXAM_RESULT_MISMATCH']);
    const entered = '序号,姓名,考试情况,理论成绩,实操成绩\r\n2,张伟2,,59.5,80\r\n3,王五,缺考,,\r\n4,赵六,暂缓,,\r\n';
    assert.equal((await answer<{ rows: number }>(upload('/PJ-1/results/sheet', entered))).rows, 3);
    assert.deepEqual(
      (await rows('PJ-1')).map(({ outcome }) => outcome),
      ['passed', 'failed', 'absent', 'withheld'],
    );

    const complete = await answer<Session>(ask('POST', '/PJ-1/complete'));
    const { candidates, passed, failed, absent, withheld } = complete;
    assert.deepEqual(
      [complete.state, candidates, passed, failed, absent, withheld],
      ['results-entered', 4, 1, 1, 1, 1],
    );
    assert.equal(
      await codeOf(ask('PUT', '/PJ-1/results', { results: [resultOf(2, { theory: '99', practical: '99' })] })),
      'EXAM_SESSION_STATE',
    );

    const batch = await answer<{ id: string; rows: number; wrong: number }>(ask('POST', '/PJ-1/hand-in'), 201);
    assert.deepEqual([batch.rows, batch.wrong], [1, 0]);
    assert.equal((await session('PJ-1')).state, 'handed-in');
    assert.equal(await codeOf(ask('POST', '/PJ-1/reopen')), 'EXAM_SESSION_STATE');
    assert.equal(await codeOf(ask('POST', '/PJ-1/hand-in')), 'EXAM_SESSION_STATE');
    await world.issuer.service.batches.confirm(CODE, batch.id, { actor: 'test', rows: 'all' });
    await finished(batch.id);
    const done = await session('PJ-1');
    assert.deepEqual([done.state, done.issued], ['issued', 1]);
    const [line] = await world.issuer.service.batches.rows(CODE, batch.id);
    const { credential } = await world.issuer.service.certificate(CODE, line?.certificate?.number ?? '');
    assert.equal(decodeURIComponent(credential.credentialSubject.assessment.id), 'urn:yizheng:assessment:PJ-1');
    assert.ok(JSON.stringify(credential).includes('85.5'));
    assert.equal(
      await codeOf(ask('POST', '/PJ-1/void', { note: '作废' }, world.secrets.approver)),
      'EXAM_SESSION_ISSUED',
    );
  });

  it('a batch that is cancelled gives the session back, and voiding the assessment voids the session', async () => {
    await answer(ask('POST', '', planOf('PJ-2', { passMarks: [] })), 201);
    await answer(ask('POST', '/PJ-2/open'));
    await answer(ask('POST', '/PJ-2/candidates', candidateOf(21)), 201);
    await answer(ask('PUT', '/PJ-2/results', { results: [resultOf(1, { verdict: 'pass' })] }));
    await answer(ask('POST', '/PJ-2/complete'));
    const first = await answer<{ id: string }>(ask('POST', '/PJ-2/hand-in'), 201);
    const { batches } = world.issuer.service;
    await batches.cancel(CODE, first.id, { actor: 'test' });
    assert.equal((await session('PJ-2')).state, 'results-entered');
    assert.equal((await answer<Session>(ask('POST', '/PJ-2/reopen'))).state, 'open');
    await answer(ask('POST', '/PJ-2/complete'));
    const second = await answer<{ id: string }>(ask('POST', '/PJ-2/hand-in'), 201);
    await batches.confirm(CODE, second.id, { actor: 'test', rows: 'all' });
    await finished(second.id);
    assert.equal(await codeOf(ask('POST', '/PJ-2/archive', undefined, world.secrets.officer)), '200');
    const voiding = await batches.voidSession({ institution: CODE, actor: 'test', assessmentId: 'PJ-2' });
    await batches.confirm(CODE, voiding.id, { actor: 'test', rows: 'all' });
    await finished(voiding.id);
    assert.equal((await session('PJ-2')).state, 'voided');
  });

  it('parts may come by a sheet each; a number given to somebody struck off is free again', async () => {
    await answer(ask('POST', '', planOf('PJ-6')), 201);
    await answer(ask('POST', '/PJ-6/open'));
    for (const n of [61, 62]) await answer(ask('POST', '/PJ-6/candidates', candidateOf(n)), 201);
    const enter = async (text: string): Promise<number> =>
      (await answer<{ rows: number }>(upload('/PJ-6/results/sheet', text))).rows;
    assert.equal(await enter('序号,姓名,理论成绩\r\n1,张伟61,85.5\r\n2,张伟62,70\r\n'), 2);
    assert.equal(await enter('序号,姓名,考试情况,实操成绩\r\n1,张伟61,,90\r\n2,张伟62,缺考,\r\n'), 2);
    const found = await answer<{ candidates: { theory?: string; practical?: string; outcome: string }[] }>(
      ask('GET', '/PJ-6/candidates'),
    );
    assert.deepEqual(
      found.candidates.map(({ theory, practical, outcome }) => [theory, practical, outcome]),
      [
        ['85.5', '90', 'passed'],
        [undefined, undefined, 'absent'],
      ],
    );
    const give = (candidate: number): Promise<string> =>
      codeOf(ask('PUT', '/PJ-6/numbers', { numbers: [{ candidate, number: 'N-1' }] }));
    assert.equal(await give(2), '204');
    assert.equal(await give(1), 'EXAM_NUMBER_TAKEN');
    await answer(ask('DELETE', '/PJ-6/candidates/2'), 204);
    assert.equal(await give(1), '204');
  });

  it('nobody calls a session off or changes its numbers while its batch is being made', async () => {
    await answer(ask('POST', '/PJ-6/complete'));
    const handingIn = (until: string | null): Promise<unknown> =>
      world.database.write((transaction) =>
        transaction('assessment_sessions').where({ id: 'PJ-6' }).update({ handing_in_until: until }),
      );
    const off = (): Promise<string> => codeOf(ask('POST', '/PJ-6/void', { note: '停电' }, world.secrets.officer));
    await handingIn('2036-01-01T00:00:00.000Z');
    assert.equal(await off(), 'EXAM_SESSION_STATE');
    const numbers = [{ candidate: 1, number: 'N-2' }];
    assert.equal(await codeOf(ask('PUT', '/PJ-6/numbers', { numbers })), 'EXAM_SESSION_STATE');
    await handingIn(null);
    assert.equal(await off(), '200');
  });

  it('results wait for the day, registration ends, and what is shown to the public is handed in afterwards', async () => {
    await answer(ask('POST', '', planOf('PJ-3', { heldOn: '2026-12-01', registerBy: '2026-11-20' })), 201);
    await answer(ask('POST', '/PJ-3/open'));
    assert.equal(await codeOf(ask('POST', '/PJ-3/candidates', candidateOf(31))), 'EXAM_REGISTRATION_OVER');
    const shown = planOf('PJ-4', { passMarks: [], publication: { from: '2026-11-18', until: '2026-11-21' } });
    await answer(ask('POST', '', shown), 201);
    await answer(ask('POST', '/PJ-4/open'));
    await answer(ask('POST', '/PJ-4/candidates', candidateOf(41)), 201);
    assert.equal(await codeOf(ask('DELETE', '/PJ-4/candidates/9')), 'EXAM_CANDIDATE_NOT_FOUND');
    await answer(ask('PUT', '/PJ-4/results', { results: [resultOf(1, { verdict: 'pass' })] }));
    await answer(ask('POST', '/PJ-4/complete'));
    assert.equal(await codeOf(ask('POST', '/PJ-4/hand-in')), 'EXAM_SESSION_TOO_EARLY');
    const later = planOf('PJ-5', { heldOn: '2026-11-22' });
    await answer(ask('POST', '', later), 201);
    await answer(ask('POST', '/PJ-5/open'));
    await answer(ask('POST', '/PJ-5/candidates', candidateOf(51)), 201);
    assert.equal(await codeOf(ask('PUT', '/PJ-5/results', { results: [resultOf(1)] })), 'EXAM_SESSION_TOO_EARLY');
    assert.equal(
      (await answer<Session>(ask('POST', '/PJ-5/void', { note: '停电' }, world.secrets.officer))).state,
      'voided',
    );
  });

  it('document numbers are sealed, reach neither log nor address, and are gone once the session is archived', async () => {
    const sealed = async (id: string): Promise<unknown[]> =>
      (await world.database.knex('assessment_candidates').where({ session: id })) as unknown[];
    const kept = JSON.stringify(await sealed('PJ-1'));
    assert.ok(!kept.includes(uniqueCitizen(1)) && kept.includes('sealed_number'));
    for (const row of (await sealed('PJ-2')) as { sealed_number: string | null }[])
      assert.equal(row.sealed_number, null);
    const audit = JSON.stringify(await world.database.knex('audit_log').select('subject', 'detail'));
    for (const text of [world.lines.join(''), audit])
      for (const n of [1, 2, 3, 4]) assert.ok(!text.includes(uniqueCitizen(n)));
    const actions: { action: string }[] = await world.database
      .knex('audit_log')
      .where({ subject: 'PJ-1' })
      .select('action');
    for (const action of [
      'plan',
      'open',
      'add-candidates',
      'read-candidates',
      'enter-results',
      'complete',
      'read-numbers',
      'hand-in',
    ])
      assert.ok(
        actions.some((row) => row.action === `exam-session.${action}`),
        action,
      );
  });

  it('other institutions find nothing of it', async () => {
    const other = world.secrets.other;
    const theirs = `/institutions/${EMPLOYER_CODE}/assessment-sessions`;
    for (const rest of ['/PJ-1', '/PJ-1/candidates', '/PJ-1/results.csv'])
      assert.equal(
        await codeOf(world.call('GET', `${theirs}${rest}`, undefined, { secret: other })),
        'EXAM_SESSION_NOT_FOUND',
      );
    assert.equal(
      await codeOf(world.call('POST', `${theirs}/PJ-1/hand-in`, undefined, { secret: other })),
      'EXAM_SESSION_NOT_FOUND',
    );
    assert.equal(await codeOf(ask('GET', '/PJ-1', undefined, other)), 'NOT_FOUND');
    const listed = await answer<{ sessions: unknown[] }>(world.call('GET', theirs, undefined, { secret: other }));
    assert.deepEqual(listed.sessions, []);
  });
});
