import assert from 'node:assert/strict';
import type { Problem } from '../../server/index.js';
import { answer, CODE, exam, startWorld, type World } from './world.js';

interface Found {
  certificates: {
    id: string;
    certificateNumber: string;
    status: string;
    holder: { name: string };
    assessment: string;
  }[];
  unreadable: number;
  next?: string;
}

describe('issuer: finding certificates again', function () {
  this.timeout(60_000);
  let world: World;
  const path = `/institutions/${CODE}/certificates`;
  const numbers: string[] = [];

  before(async () => {
    world = await startWorld();
    for (let n = 1; n <= 7; n++) {
      const body = exam(n, n === 7 ? { issuedOn: '2026-11-20' } : {});
      const { certificateNumber } = await answer<{ certificateNumber: string }>(world.call('POST', path, body), 201);
      numbers.push(certificateNumber);
    }
    const change = { action: 'revoke', reason: 'error' };
    await answer(world.call('POST', `${path}/${numbers[1]}/status`, change, { secret: world.secrets.approver }));
  });
  after(() => world.remove());

  const find = (query: Record<string, string>, secret = world.secrets.clerk) =>
    answer<Found>(world.call('GET', `${path}?${new URLSearchParams(query).toString()}`, undefined, { secret }));
  const namesOf = ({ certificates }: Found): string[] => certificates.map(({ holder }) => holder.name);

  it('finds them by number or its beginning, holder, assessment, status and day of issue', async () => {
    assert.deepEqual(namesOf(await find({ number: numbers[2] ?? '' })), ['张伟3']);
    assert.equal((await find({ number: CODE })).certificates.length, 7);
    assert.deepEqual(namesOf(await find({ name: '张伟4' })), ['张伟4']);
    assert.deepEqual(namesOf(await find({ name: '张伟' })), [], 'a name is a whole name');
    assert.deepEqual(namesOf(await find({ assessment: '2026-PJ-000005' })), ['张伟5']);
    assert.deepEqual(namesOf(await find({ status: 'revoked' })), ['张伟2']);
    assert.deepEqual(namesOf(await find({ status: 'active', number: numbers[1] ?? '' })), []);
    assert.equal((await find({ from: '2026-11-21', until: '2026-11-21' })).certificates.length, 7);
    assert.equal((await find({ until: '2026-11-20' })).certificates.length, 0, 'the day it was signed counts');
  });

  it('takes % and _ in what is looked for as they stand', async () => {
    assert.equal((await find({ number: '%' })).certificates.length, 0);
    assert.equal((await find({ name: '张伟_' })).certificates.length, 0);
    assert.equal((await find({ name: '%' })).certificates.length, 0);
  });

  it('gives every certificate once, page by page', async () => {
    for (const filter of [{}, { status: 'active' }]) {
      const seen: string[] = [];
      let page = await find({ ...filter, limit: '2' });
      for (let pages = 0; pages < 10; pages++) {
        seen.push(...page.certificates.map(({ certificateNumber }) => certificateNumber));
        if (page.next === undefined) break;
        page = await find({ ...filter, limit: '2', after: page.next });
      }
      assert.deepEqual(seen, numbers.filter((_, i) => !('status' in filter) || i !== 1).toSorted());
    }
    const wrong = await world.call('GET', `${path}?after=x`);
    assert.equal((await answer<Problem>(wrong, 422)).code, 'CURSOR_INVALID');
    for (const cursor of [['A', 1.5], ['A', 2147483648], ['A\u0000', 1], ['A']]) {
      const after = Buffer.from(JSON.stringify(cursor)).toString('base64url');
      const refused = await world.call('GET', `${path}?after=${after}`);
      assert.equal((await answer<Problem>(refused, 422)).code, 'CURSOR_INVALID', JSON.stringify(cursor));
    }
    for (const member of ['number', 'assessment'])
      assert.equal((await answer<Problem>(world.call('GET', `${path}?${member}=a%00`), 422)).code, 'REQUEST_INVALID');
  });

  it('writes down who looked and for what, but not for whom', async () => {
    await find({ number: '510105199003071234', assessment: '510105199003071234' }, world.secrets.auditor);
    await find({ name: '张伟4', status: 'active' }, world.secrets.auditor);
    const rows = (await world.database.knex('audit_log').where({ action: 'certificate.search' })) as {
      detail: string;
    }[];
    assert.deepEqual(JSON.parse(rows.at(-1)?.detail ?? ''), { name: true, status: 'active', found: 1 });
    assert.deepEqual(JSON.parse(rows.at(-2)?.detail ?? ''), { number: true, assessment: true, found: 0 });
    assert.ok(!JSON.stringify(rows).includes('张伟'));
    assert.ok(!world.lines.join('').includes(encodeURIComponent('张伟')));
  });

  it('shows one institution nothing of another', async () => {
    const other = await world.call('GET', path, undefined, { secret: world.secrets.other });
    assert.equal((await answer<Problem>(other, 404)).code, 'NOT_FOUND');
  });

  it('finds the others where one stored certificate cannot be read, and says that one was left out', async () => {
    const { knex } = world.database;
    const [bad] = numbers;
    const stored = (await knex('certificates').where({ number: bad }).first()) as { credential: string };
    await knex('certificates').where({ number: bad }).update({ credential: '{}' });
    const found = await find({ number: CODE });
    await knex('certificates').where({ number: bad }).update({ credential: stored.credential });
    assert.deepEqual(
      found.certificates.map(({ certificateNumber }) => certificateNumber),
      numbers.slice(1).sort(),
    );
    assert.equal(found.unreadable, 1);
    assert.equal((await find({ number: CODE })).unreadable, 0);
  });
});
