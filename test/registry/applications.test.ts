import assert from 'node:assert/strict';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { KEY } from '../trust/world.js';
import { People, refused } from './people.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';

const INSTITUTION = 'did:web:school.example';
const DIGEST = `uEi${'A'.repeat(44)}`;
const levels = (...values: string[]) => values.map((value) => ({ framework: 'cn-skill-5', value }));
const SCOPE = {
  kind: ['skill-level'],
  occupation: ['6-18-02-04'],
  level: levels('5', '4', '3'),
  region: ['51*'],
  candidates: 'public',
  quota: { limit: 2000, per: 'year' },
};
const KEYS = [
  { id: `${INSTITUTION}#k1`, type: 'Multikey', publicKeyMultibase: KEY, validFrom: '2026-01-01T00:00:00Z' },
];

function application(changes: object = {}, scope: object = {}) {
  return {
    institution: INSTITUTION,
    legalName: '成都示例职业技能评价中心',
    institutionKind: 'social',
    institutionCode: 'S000051000001',
    actions: [{ validUntil: '2029-01-01T00:00:00+08:00', scope: { ...SCOPE, ...scope } }],
    documents: [{ name: '备案申请表', digestMultibase: DIGEST }],
    ...changes,
  };
}

interface Shown {
  id: string;
  state: string;
  revision: number;
  reason?: string;
  proposal?: string;
  accreditation?: string;
}

describeOnEachDatabase('registry: applications for accreditation', (kind) => {
  let registry: RunningRegistry;
  let people: People;
  before(async () => {
    registry = await startRegistry(kind);
    people = await new People(registry).standard();
    await people.key('chen', ['clerk']);
    await people.key('other', ['clerk']);
    await people.key('sun', ['approver']);
  });
  after(() => registry.stop());

  const get = async (who: string, path: string) => (await people.send(who, 'GET', `/sc${path}`)).body;
  const state = async (id: string) => {
    const { application: found } = await get('li', `/applications/${id}`);
    return found as Shown;
  };

  it('an institution hands in, corrects what was sent back, and an officer and a second person make the accreditation', async () => {
    assert.equal((await people.dualControl('host', 'accreditation')).status, 200);
    const made = await people.post('chen', '/applications', application());
    assert.deepEqual([made.status, made.body['state'], made.body['revision']], [201, 'submitted', 1]);
    const id = String(made.body['id']);
    refused(await people.post('other', '/applications', application()), 409, 'APPLICATION_OPEN');

    refused(await people.post('zhang', `/applications/${id}/send-back`), 422, 'REQUEST_INVALID');
    const back = await people.post('zhang', `/applications/${id}/send-back`, { reason: '缺场地证明' });
    assert.deepEqual([back.status, back.body['state'], back.body['reason']], [200, 'sent-back', '缺场地证明']);
    refused(
      await people.post('zhang', `/applications/${id}/accredit`, { signingKeys: KEYS }),
      409,
      'APPLICATION_STATE',
    );
    refused(await people.send('other', 'PUT', `/sc/applications/${id}`, application()), 404, 'NOT_FOUND');
    const elsewhere = application({ institution: 'did:web:elsewhere.example' });
    refused(
      await people.send('chen', 'PUT', `/sc/applications/${id}`, elsewhere),
      422,
      'APPLICATION_OTHER_INSTITUTION',
    );
    const again = await people.send(
      'chen',
      'PUT',
      `/sc/applications/${id}`,
      application({}, { level: levels('5', '4') }),
    );
    assert.deepEqual([again.status, again.body['state'], again.body['revision']], [200, 'submitted', 2]);

    const proposed = await people.post('zhang', `/applications/${id}/accredit`, { signingKeys: KEYS });
    assert.equal(proposed.status, 202, JSON.stringify(proposed.body));
    const proposal = (proposed.body['proposal'] as { id: string }).id;
    assert.deepEqual([(await state(id)).state, (await state(id)).proposal], ['proposed', proposal]);
    refused(await people.post('chen', `/applications/${id}/withdraw`), 409, 'APPLICATION_STATE');
    const review = await get('sun', `/proposals/${proposal}`);
    assert.deepEqual((review['after'] as { actions: { scope: { level: unknown } }[] }).actions[0]?.scope.level, levels('5', '4')); // prettier-ignore
    refused(await people.post('zhang', `/proposals/${proposal}/approve`), 403, 'PROPOSER_MAY_NOT_APPROVE');
    const approved = await people.post('sun', `/proposals/${proposal}/approve`);
    assert.equal(approved.status, 200, JSON.stringify(approved.body));
    const done = await state(id);
    assert.deepEqual([done.state, done.accreditation], ['accredited', 'urn:yizheng:accreditation:S000051000001:1']);
    const { history } = await get('chen', `/applications/${id}`);
    assert.deepEqual(
      (history as { action: string; reason?: string }[]).map(({ action, reason }) => [action, reason]),
      [
        ['application.hand-in', undefined],
        ['application.send-back', '缺场地证明'],
        ['application.hand-in', undefined],
        ['application.propose', undefined],
      ],
    );
  });

  it('shows what is applied for beside what is held; an application whose proposal was rejected waits again', async () => {
    const made = await people.post('chen', '/applications', application({}, { level: levels('5', '4', '3', '2') }));
    const id = String(made.body['id']);
    const review = await get('li', `/applications/${id}`);
    const [held] = review['held'] as { id: string }[];
    assert.equal(held?.id, 'urn:yizheng:accreditation:S000051000001:1');
    assert.deepEqual(
      (review['differences'] as { at: string; added?: unknown; removed?: unknown }[]).map(({ at, added, removed }) => [
        at,
        added,
        removed,
      ]),
      [['/actions/0/scope/level', levels('3', '2'), []]],
    );
    const body = {
      signingKeys: KEYS,
      supersedes: [held.id],
      actions: [{ scope: { ...SCOPE, level: levels('5', '4', '3') } }],
    };
    const proposed = await people.post('li', `/applications/${id}/accredit`, body, 'accredit-0001');
    assert.equal(proposed.status, 202, JSON.stringify(proposed.body));
    assert.deepEqual(await people.post('li', `/applications/${id}/accredit`, body, 'accredit-0001'), proposed);
    const proposal = (proposed.body['proposal'] as { id: string }).id;
    const before = (await get('sun', `/proposals/${proposal}`))['before'] as { id: string };
    assert.equal(before.id, held.id);
    await people.post('sun', `/proposals/${proposal}/reject`, { reason: '未达三级条件' });
    const open = await state(id);
    assert.deepEqual([open.state, open.reason], ['submitted', '未达三级条件']);
    assert.equal(
      (await people.post('zhang', `/applications/${id}/refuse`, { reason: '未达条件' })).body['state'],
      'refused',
    );
    refused(await people.post('chen', `/applications/${id}/withdraw`), 409, 'APPLICATION_STATE');
  });

  it('lets nobody decide about what they handed in, neither as officer nor as second person', async () => {
    await people.key('both', ['clerk', 'officer', 'approver']);
    const made = await people.post('both', '/applications', application({ institution: 'did:web:both.example' }));
    const id = String(made.body['id']);
    const path = `/applications/${id}`;
    refused(await people.post('both', `${path}/accredit`, { signingKeys: KEYS }), 403, 'APPLICANT_MAY_NOT_DECIDE');
    refused(await people.post('both', `${path}/refuse`, { reason: '试' }), 403, 'APPLICANT_MAY_NOT_DECIDE');
    const keys = KEYS.map((key) => ({ ...key, id: 'did:web:both.example#k1' }));
    const proposed = await people.post('zhang', `${path}/accredit`, { signingKeys: keys });
    assert.equal(proposed.status, 202, JSON.stringify(proposed.body));
    const proposal = `/proposals/${(proposed.body['proposal'] as { id: string }).id}/approve`;
    refused(await people.post('both', proposal), 403, 'APPLICANT_MAY_NOT_DECIDE');
    assert.equal((await people.post('li', proposal)).status, 200);
  });

  it('an applicant sees their own only, another authority nothing, and what cannot be granted is refused at once', async () => {
    const mine = (await get('chen', '/applications'))['applications'] as unknown[];
    assert.deepEqual([mine.length, (await get('other', '/applications'))['applications']], [2, []]);
    const [first, ...rest] = (await get('li', '/applications?limit=1'))['applications'] as Shown[];
    assert.equal(rest.length, 0);
    const next = (await get('li', `/applications?limit=2&after=${first?.id}`))['applications'] as Shown[];
    assert.equal(next.length, 2);
    assert.equal((await people.send('other', 'GET', `/sc/applications/${first?.id}`)).status, 404);
    await people.key('stranger', ['officer'], { tenant: 'cq' });
    assert.equal((await people.send('stranger', 'GET', `/cq/applications/${first?.id}`)).status, 404);
    refused(await people.post('stranger', '/applications', application()), 404, 'NOT_FOUND');
    const nothing = application({ institution: 'did:web:x.example' }, { kind: [] });
    const answer = await people.post('other', '/applications', nothing);
    refused(answer, 422, 'STATEMENT_INVALID');
    assert.equal(answer.body['at'], '/actions/0/scope/kind');
    refused(await people.post('sun', '/applications', application()), 403, 'ROLE_MISSING');
  });

  it('binds what is done about a finding to the finding, and shows both', async () => {
    const finding = { about: INSTITUTION, criteria: '川渝职业技能等级评价质量督导标准', result: 'concern' };
    const review = await people.post('zhang', '/reviews', finding);
    assert.equal(review.status, 201, JSON.stringify(review.body));
    const id = String(review.body['id']);
    const voiding = { event: 'suspend', cause: 'integrity', voidsIssuedSince: '2026-06-01T00:00:00Z' };
    const made = await people.post('zhang', `/reviews/${id}/measure`, voiding);
    assert.deepEqual([made.status, made.body['about']], [201, INSTITUTION], JSON.stringify(made.body));
    await people.dualControl('host', 'event', 'accreditation').then(async ({ status, body }) => {
      assert.equal(status, 202);
      assert.equal((await people.post('li', `/proposals/${String(body['id'])}/approve`)).status, 200);
    });
    const waiting = await people.post('zhang', `/reviews/${id}/measure`, { event: 'withdraw', cause: 'integrity' });
    assert.equal(waiting.status, 202, JSON.stringify(waiting.body));
    const proposal = String(waiting.body['id']);
    const measures = async () => {
      const [found] = (await get('li', '/reviews'))['reviews'] as { about: unknown; measures: unknown[] }[];
      assert.deepEqual(found?.about, { id: INSTITUTION, name: '成都示例职业技能评价中心' });
      return found.measures;
    };
    assert.deepEqual(await measures(), [{ event: made.body['id'] }, { proposal }]);
    const approved = await people.post('li', `/proposals/${proposal}/approve`);
    assert.deepEqual(await measures(), [{ event: made.body['id'] }, { proposal, event: (approved.body['result'] as Shown).id }]); // prettier-ignore
    refused(
      await people.post('zhang', `/reviews/${id}/measure`, { event: 'deny', cause: 'integrity' }),
      422,
      'REQUEST_INVALID',
    );
    const passed = await people.post('zhang', '/reviews', { ...finding, result: 'pass' });
    const nothing = await people.post('zhang', `/reviews/${String(passed.body['id'])}/measure`, voiding);
    refused(nothing, 409, 'REVIEW_PASSED');
  });
});
