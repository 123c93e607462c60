import assert from 'node:assert/strict';
import { People } from './people.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';

interface Listed {
  id: string;
  kind: string;
  subject: { id: string; name: string };
  state: string;
  begins: string;
  ends?: string;
  replacedBy?: string;
  revokedBy?: string;
  isPublished: boolean;
}

describe('registry: what an authority’s people look at', () => {
  let registry: RunningRegistry;
  let people: People;
  before(async () => {
    registry = await startRegistry();
    people = await new People(registry).standard();
    await registry.accredit(3);
    await registry.publish();
    await registry.service.bundler.fetchPartners('sc');
    await registry.service.bundler.pack('sc');
  });
  after(() => registry.stop());

  const get = async (path: string, who = 'zhang') => {
    const answer = await people.send(who, 'GET', `/sc${path}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  const list = async (query = '') => (await get(`/statements${query}`))['statements'] as Listed[];
  const recognition = (changes: object = {}) => ({
    subject: registry.did('cq'),
    legalName: '重庆市人社局(示例)',
    actions: [{ validFrom: '2026-12-05T00:00:00+08:00', treatment: ['full'], scope: { kind: ['skill-level'] } }],
    ...changes,
  });

  it('a statement is pending, in force or ended, with what ended it; what is not published yet says so', async () => {
    const [first] = await list('?kind=recognition');
    assert.deepEqual([first?.state, first?.isPublished, first?.subject.name], ['live', true, '重庆市人社局(示例)']);
    const made = await people.post('zhang', '/recognitions', recognition({ supersedes: [first?.id] }));
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const rows = await list(`?about=${encodeURIComponent(registry.did('cq'))}`);
    const state = new Map(rows.map((row) => [row.id, row]));
    const [old, next] = [state.get(first?.id ?? ''), state.get(String(made.body['id']))];
    assert.deepEqual([old?.state, old?.replacedBy, old?.ends], ['live', next?.id, '2026-12-04T16:00:00Z']);
    assert.deepEqual([next?.state, next?.isPublished], ['future', false]);
    assert.deepEqual(
      (await list('?state=future')).map(({ id }) => id),
      [next?.id],
    );
    const suspended = await people.post('zhang', '/events', { about: registry.did('cq'), event: 'suspend', cause: 'administrative' }); // prettier-ignore
    assert.equal((await list('?kind=recognition&state=suspended'))[0]?.id, old?.id);
    const publication = await get('/publication');
    assert.deepEqual(
      (publication['waiting'] as { id: string }[]).map(({ id }) => id).sort(),
      [next?.id, String(suspended.body['id'])].sort(),
    );
    await registry.publish();
    const after = await get('/publication');
    assert.deepEqual([after['waiting'], (after['published'] as { event: number }).event], [[], 1]);
    const [partner] = after['partners'] as { did: string; sequence: number; asOf: string }[];
    assert.deepEqual([partner?.did, partner?.sequence], [registry.did('cq'), 1]);
  });

  it('goes on behind the last one, and names nobody twice', async () => {
    await people.key('cq', ['officer'], { tenant: 'cq' });
    const page = async (query: string) => (await people.send('cq', 'GET', `/cq/statements?${query}`)).body;
    const first = await page('limit=2');
    const second = await page(`limit=2&after=${String(first['next'])}`);
    const ids = [first, second].flatMap((one) => (one['statements'] as Listed[]).map(({ id }) => id));
    assert.deepEqual([ids.length, new Set(ids).size, second['next']], [3, 3, undefined]);
  });

  it('draws who recognises whom, as sentences and as a picture', async () => {
    const found = await get('/recognition-map?language=en');
    const { edges } = found['map'] as { edges: { from: string; to: string }[] };
    assert.deepEqual([edges[0]?.from, edges[0]?.to], [registry.did('sc'), registry.did('cq')]);
    assert.equal((found['edges'] as string[]).length, edges.length);
    assert.match(String(found['summary']), /recogni/i);
    const picture = await people.raw('zhang', 'GET', '/sc/recognition-map.svg');
    assert.equal(picture.headers.get('content-type'), 'image/svg+xml; charset=utf-8');
    assert.match(await picture.text(), /^<svg [\s\S]*重庆市人社局/);
  });

  it('a waiting proposal stands beside what it changes, and says why it cannot be made as things stand', async () => {
    assert.equal((await people.dualControl('host', 'recognition')).status, 200);
    const [old] = await list('?kind=recognition&state=suspended');
    const body = recognition({ supersedes: [old?.id], actions: [{ treatment: ['exempt-theory'], validFrom: '2026-12-10T00:00:00+08:00' }] }); // prettier-ignore
    const id = await people.proposal('zhang', '/recognitions', body);
    const review = await get(`/proposals/${id}`, 'li');
    assert.equal((review['before'] as { id: string }).id, old?.id);
    assert.deepEqual(
      (review['differences'] as { at: string; before?: unknown; after?: unknown }[]).map(({ at }) => at),
      ['/actions/0/validFrom', '/actions/0/treatment'],
    );
    assert.equal(review['problem'], undefined);
    registry.now = new Date('2026-12-09T00:00:00Z');
    const late = await get(`/proposals/${id}`, 'li');
    assert.equal((late['problem'] as { code: string }).code, 'LEAD_TIME');
    const settings = await people.proposalOf('host', 'PUT', '/dual-control', { dualControl: [] });
    const both = await get(`/proposals/${settings}`, 'li');
    assert.deepEqual([both['before'], both['after']], [{ dualControl: ['recognition'] }, { dualControl: [] }]);
  });
});
