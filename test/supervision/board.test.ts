import assert from 'node:assert/strict';
import { explainCheck } from '../../shared/supervision/explain-check.js';
import { DEFAULT_SUPERVISION } from '../../shared/supervision/rules.js';
import type { Board, BoardCell, Overview } from '../../issuer/supervision/supervision.js';
import { verifyAuditChain } from '../../server/index.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { accreditationOf, answer, CODE, EMPLOYER_CODE, exam, startWorld, type World } from '../issuer/world.js';
import { plantCertificates, plantSessions } from './plant.js';

/** A board as the service answers it. */
type Answered = Omit<Board, 'lines'> & { lines: { series: { id: string; name: string }; months: Board['total'] }[] };

describeOnEachDatabase('the supervisor’s board', function (kind) {
  this.timeout(120_000);
  let world: World;
  const BUSY = '2026-09';
  const PLANTED = '2026-11';
  /** Months of an honest institution, the busy one among them. */
  const HONEST = [31, 28, 35, 30, 33, 29, 36, 32, 46, 30];

  before(async () => {
    world = await startWorld({ kind });
    const [own, other] = world.accreditations;
    const quota = accreditationOf({ code: CODE, did: own!.institution, name: own!.legalName }, own!.signingKeys[0]!, {
      scope: { quota: { limit: 500, per: 'year' } },
    });
    const institution = await world.issuer.service.institutions.get(CODE);
    world.time.now = new Date('2026-11-22T09:00:00.500Z');
    await world.issuer.service.accreditations.import(institution, 'test', await world.publish([quota, other!]));
    const months = HONEST.map((count, i) => ({ count, day: `2026-${String(i + 1).padStart(2, '0')}-15` }));
    for (const code of [CODE, EMPLOYER_CODE]) {
      await plantCertificates(
        world.database,
        months.map(({ count, day }) => ({ institution: code, day, count, session: `PJ-${day}` })),
      );
      await plantSessions(
        world.database.knex,
        months.map(({ count, day }) => ({
          institution: code,
          id: `PJ-${day}`,
          day,
          seats: 50,
          passed: count,
          failed: 4,
        })),
      );
    }
    await plantSessions(world.database.knex, [
      { institution: CODE, id: 'PJ-OVER', day: '2026-11-10', seats: 40, passed: 38, failed: 2 },
    ]);
    await plantCertificates(world.database, [
      { institution: CODE, day: '2026-11-12', count: 240, session: 'PJ-OVER' },
      { institution: CODE, day: '2026-01-20', count: 3, session: 'PJ-UNRECORDED', level: '5' },
      {
        institution: CODE,
        day: '2026-10-15',
        count: 2,
        session: 'PJ-2026-10-15',
        status: 'revoked',
        reason: 'superseded',
      },
      { institution: CODE, day: '2026-08-15', count: 1, session: 'PJ-2026-08-15', status: 'revoked', reason: 'fraud' },
      { institution: CODE, day: '2026-08-15', count: 4, session: 'PJ-VOID', status: 'revoked', reason: 'batch-void' },
    ]);
  });
  after(() => world.remove());

  const ask = <T>(path: string, secret = world.secrets.supervisor): Promise<T> =>
    answer<T>(world.call('GET', path, undefined, { secret, key: null }));
  const boardOf = (code = CODE, secret?: string): Promise<Answered> => ask(`/institutions/${code}/supervision`, secret);
  const monthOf = (board: Answered, month: string, line = 0) => {
    const welders = board.lines.filter(({ series }) => series.name === '焊工');
    const found = welders[line]?.months.find((one) => one.month === month);
    assert.ok(found, month);
    return found;
  };

  it('marks planted over-issuance and says which rule, what was found and what was expected', async () => {
    const { mark, checks, issued } = monthOf(await boardOf(), PLANTED, 1);
    assert.equal(issued, 240);
    assert.equal(mark, 'unusual');
    const failed = checks.filter(({ answer: one }) => one === 'fail');
    assert.deepEqual(
      failed.map(({ rule }) => rule),
      ['quota', 'seats', 'history'],
    );
    const sentences = failed.map((check) => explainCheck(check, 'zh-CN'));
    assert.match(sentences[0] ?? '', /2026 截至本月已发 \d+ 张，超过备案核定的每年 500 张/);
    assert.match(sentences[1] ?? '', /PJ-OVER 共发证 240 张，应不超过合格人数 38 人/);
    assert.match(sentences[2] ?? '', /本月 240 张.*10 个月，中位数 32 张.*不是规定的上限/);
    assert.ok(failed.every((check) => !explainCheck(check, 'en').includes('{{')));
  });

  it('does not mark an honest busy month', async () => {
    const busy = monthOf(await boardOf(), BUSY, 1);
    assert.equal(busy.issued, 46);
    assert.equal(busy.mark, 'usual', JSON.stringify(busy.checks));
    assert.equal(busy.passRate, 92);
  });

  it('never shows as good what it does not know', async () => {
    const board = await boardOf();
    const early = monthOf(board, '2026-03', 1);
    assert.equal(early.mark, 'unknown');
    assert.equal(early.checks.find(({ rule }) => rule === 'history')?.why, 'HISTORY_TOO_SHORT');
    const unrecorded = monthOf(board, '2026-01', 0);
    assert.equal(unrecorded.mark, 'unknown');
    assert.equal(unrecorded.checks.find(({ rule }) => rule === 'seats')?.why, 'SESSIONS_NOT_RECORDED');
    assert.equal(unrecorded.passRate, undefined);
  });

  it('counts each number once, and what was revoked or voided apart', async () => {
    const august = monthOf(await boardOf(), '2026-08', 1);
    assert.deepEqual([august.issued, august.revoked, august.voided, august.suspended], [32 + 1 + 4, 1, 4, 0]);
    assert.equal(monthOf(await boardOf(), '2026-10', 1).issued, 30, 'what a correction replaced is not counted');
  });

  it('shows a session, its people and its certificates, and writes down that somebody looked at them', async () => {
    const board = await boardOf();
    const id = board.lines[1]?.series.id ?? '';
    const at = `/institutions/${CODE}/supervision/lines/${id}/${PLANTED}`;
    const cell = await ask<BoardCell>(at);
    assert.deepEqual(cell.sessions, [
      {
        assessment: 'PJ-OVER',
        issued: 240,
        total: 240,
        record: {
          state: 'handed-in',
          heldOn: '2026-11-10',
          seats: 40,
          candidates: 40,
          passed: 38,
          failed: 2,
          absent: 0,
          hasResults: true,
        },
      },
    ]);
    assert.deepEqual(cell.days, [{ day: '2026-11-12', issued: 240 }]);
    assert.equal(cell.history.at(-1)?.issued, 240);
    const first = await ask<{ certificates: object[]; next: string }>(`${at}/certificates?limit=200`);
    const second = await ask<{ certificates: object[]; next?: string }>(
      `${at}/certificates?limit=200&after=${first.next}`,
    );
    assert.deepEqual([first.certificates.length, second.certificates.length, second.next], [200, 40, undefined]);
    assert.ok(!JSON.stringify(first).includes('name'), 'holders are not named');
    const { entries } = await ask<{ entries: { action: string; detail: object }[] }>(
      `/institutions/${CODE}/audit?limit=500`,
      world.secrets.auditor,
    );
    assert.deepEqual(
      entries.filter(({ action }) => action === 'supervision.certificates').map(({ detail }) => detail),
      [
        { month: PLANTED, found: 200 },
        { month: PLANTED, found: 40 },
      ],
    );
    assert.equal((await verifyAuditChain(world.database.knex)).brokenAt, undefined);
  });

  it('knows nothing of another institution’s lines', async () => {
    const theirs = (await boardOf(EMPLOYER_CODE, world.secrets.host)).lines[0]?.series.id ?? '';
    const secret = world.secrets.supervisor;
    for (const path of [
      `/institutions/${EMPLOYER_CODE}/supervision`,
      `/institutions/${CODE}/supervision/lines/${theirs}/2026-05`,
      `/institutions/${CODE}/supervision/lines/${'0'.repeat(32)}/2026-05`,
    ])
      await answer(world.call('GET', path, undefined, { secret, key: null }), 404);
    const listed = await ask<{ certificates: object[] }>(
      `/institutions/${CODE}/supervision/lines/${theirs}/2026-05/certificates`,
    );
    assert.deepEqual(listed.certificates, []);
  });

  it('shows the host every institution, the unusual ones first', async () => {
    const overview = await ask<Overview>('/supervision?months=11', world.secrets.host);
    assert.deepEqual(
      overview.institutions.map(({ code }) => code),
      [CODE, EMPLOYER_CODE],
    );
    assert.equal(overview.unusual[0]?.month, PLANTED);
    assert.ok(
      overview.unusual.every(({ institution }) => institution === CODE),
      JSON.stringify(overview.unusual),
    );
    const own = overview.institutions[0]?.months.at(-1);
    assert.deepEqual([own?.issued, own?.unusualLines, own?.mark], [240, 1, 'unusual']);
    assert.equal(overview.institutions[1]?.months.find(({ month }) => month === BUSY)?.mark, 'usual');
  });

  it('applies what an administrator of the host sets, and nothing without a source before', async () => {
    assert.deepEqual(
      [DEFAULT_SUPERVISION.passRate, DEFAULT_SUPERVISION.topLevelShare, DEFAULT_SUPERVISION.outsideRegionShare],
      [null, null, null],
    );
    const settings = {
      ...DEFAULT_SUPERVISION,
      history: null,
      passRate: { most: 90, atLeast: 30 },
      dayPeak: { most: 100 },
      outsideRegionShare: { most: 50, atLeast: 10 },
    };
    const put = (body: object, secret: string) => world.call('PUT', '/supervision/rules', body, { secret, key: null });
    await answer(put(settings, world.secrets.supervisor), 404);
    await answer(put({ ...settings, dayPeak: { most: 0 } }, world.secrets.host), 422);
    await answer(put(settings, world.secrets.host));
    try {
      const board = await boardOf();
      const busy = monthOf(board, BUSY, 1);
      assert.deepEqual(
        busy.checks.map(({ rule, answer: one }) => `${rule} ${one}`),
        ['quota pass', 'seats pass', 'pass-rate fail'],
      );
      const november = board.total.at(-1);
      assert.deepEqual(
        november?.checks.map(({ rule, answer: one, value }) => [rule, one, value]),
        [
          ['outside-region-share', 'pass', 0],
          ['day-peak', 'fail', 240],
        ],
      );
    } finally {
      await answer(put(DEFAULT_SUPERVISION, world.secrets.host));
    }
  });

  it('gives CSV that a spreadsheet takes for no formula, and hides small numbers from the public', async () => {
    await plantCertificates(world.database, [
      {
        institution: CODE,
        day: '2026-02-03',
        count: 2,
        session: 'PJ-F',
        occupation: { code: '6-31-01-03', name: '=HYPERLINK("x")' },
      },
    ]);
    const csv = async (audience: string): Promise<string> =>
      (
        await world.call('GET', `/institutions/${CODE}/supervision/export?audience=${audience}`, undefined, {
          secret: world.secrets.supervisor,
          key: null,
        })
      ).text();
    const full = await csv('supervision');
    assert.match(full, /异常.*超过备案核定/);
    assert.match(full, /"'=HYPERLINK/);
    const open = await csv('public');
    assert.match(open, /2026-02,<5|2026-02,"<5"/);
    assert.ok(!/核定|撤销/.test(open));
  });

  it('says how many certificates it could not place, and calls nothing usual then', async () => {
    await plantCertificates(world.database, [
      { institution: EMPLOYER_CODE, day: '2026-11-02', count: 2, session: 'PJ-X', unplaced: true },
    ]);
    const board = await boardOf(EMPLOYER_CODE, world.secrets.host);
    assert.equal(board.notCounted, 2);
    assert.ok([...board.total, ...board.lines.flatMap(({ months }) => months)].every(({ mark }) => mark !== 'usual'));
  });

  it('counts what is really issued: on its day, corrected once, revoked apart', async () => {
    const path = `/institutions/${CODE}/certificates`;
    const issue = (body: object) =>
      answer<{ certificateNumber: string; id: string }>(world.call('POST', path, body), 201);
    const level = { framework: 'cn-skill-5', value: '2' };
    const first = await issue(exam(1, { level, issuedOn: '2026-11-20' }));
    await issue(exam(2, { level }));
    await issue(
      exam(1, {
        level,
        issuedOn: '2026-11-20',
        supersedes: first.id,
        holder: { ...(exam(1)['holder'] as object), name: '张炜' },
      }),
    );
    const change = { action: 'revoke', reason: 'error' };
    await answer(
      world.call('POST', `${path}/${first.certificateNumber}/status`, change, { secret: world.secrets.approver }),
    );
    const line = (await boardOf()).lines.find(({ months }) =>
      months.some(({ month, issued }) => month === PLANTED && issued === 2),
    );
    const november = line?.months.find(({ month }) => month === PLANTED);
    assert.deepEqual([november?.issued, november?.revoked], [2, 1]);
  });

  it('keeps counts that are equal to what is stored, whatever was done', async () => {
    const { knex } = world.database;
    const held: object[] = await knex('certificate_cells')
      .where('issued', '>', 0)
      .orderBy('id')
      .select<object[]>('id', 'issued', 'revoked', 'voided');
    const stored = await knex('certificates')
      .whereNotNull('cell')
      .where({ state: 'issued' })
      .whereRaw(`not (status = 'revoked' and coalesce(status_reason, '') = 'superseded')`)
      .groupBy('cell')
      .orderBy('cell')
      .select<object[]>(
        'cell as id',
        knex.raw('count(*) as issued'),
        knex.raw(`sum(case when status = 'revoked' and status_reason <> 'batch-void' then 1 else 0 end) as revoked`),
        knex.raw(`sum(case when status = 'revoked' and status_reason = 'batch-void' then 1 else 0 end) as voided`),
      );
    const numbers = (rows: object[]): unknown[] => rows.map((row) => Object.values(row).map(Number));
    assert.ok(held.length > 20);
    assert.deepEqual(numbers(held), numbers(stored));
    await knex('certificates').where({ assessment: 'PJ-VOID' }).delete();
    const emptied: object[] = await knex('certificate_cells')
      .where({ assessment: 'PJ-VOID' })
      .select('issued', 'voided');
    assert.deepEqual(
      emptied.map((row) => ({ ...row })),
      [{ issued: 0, voided: 0 }],
    );
  });
});
