import assert from 'node:assert/strict';
import { registryMigrations } from '../../registry/index.js';
import { openDatabase } from '../../server/index.js';
import { freshDatabase } from '../database/fresh-database.js';
import { KEY } from '../trust/world.js';
import { People, refused } from './people.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';

const INSTITUTION = 'did:web:inst.example';
const ACCREDITATION = {
  institution: INSTITUTION,
  legalName: '成都某技能评价有限公司',
  institutionKind: 'social',
  institutionCode: 'S000051000001',
  signingKeys: [
    { id: `${INSTITUTION}#key-1`, type: 'Multikey', publicKeyMultibase: KEY, validFrom: '2026-01-01T00:00:00Z' },
  ],
  actions: [{ scope: { kind: ['training-completion'], region: ['51*'], candidates: 'public' } }],
};
const SUSPENSION = { about: INSTITUTION, event: 'suspend', cause: 'integrity' };

describe('registry: dual control', () => {
  let registry: RunningRegistry;
  let people: People;
  beforeEach(async () => {
    registry = await startRegistry();
    people = await new People(registry).standard();
  });
  afterEach(() => registry.stop());
  const recognition = (changes: object = {}) => ({
    subject: registry.did('cq'),
    legalName: '重庆市人社局(示例)',
    actions: [{ treatment: ['full', 'apply-next-level'] }],
    ...changes,
  });
  const count = async (kind: 'recognition' | 'accreditation' | 'event') =>
    (await registry.service.statements.list('sc', kind)).length;
  const on = async (...kinds: string[]) => assert.equal((await people.dualControl('host', ...kinds)).status, 200);

  it('asks for two persons, unless the authority says otherwise', async () => {
    assert.equal((await people.post('zhang', '/recognitions', recognition())).status, 201);
    const body = { slug: 'gd', name: '示例', dualControl: ['recognition', 'root'] };
    const created = await people.send('host', 'POST', '', body);
    assert.deepEqual([created.status, created.body['dualControl']], [201, ['root', 'recognition']]);
    assert.equal((await people.send('host', 'POST', '', body)).status, 201);
    refused(await people.send('host', 'POST', '', { ...body, dualControl: [] }), 409, 'AUTHORITY_EXISTS');
    await people.key('chen', ['officer'], { tenant: 'gd' });
    const waiting = await people.send('chen', 'POST', '/gd/recognitions', recognition());
    assert.equal(waiting.status, 202);
    const silent = await people.send('host', 'POST', '', { slug: 'hn', name: '示例' });
    assert.deepEqual(silent.body['dualControl'], ['root', 'recognition', 'accreditation', 'event'], 'two, unless said');
  });

  it('an officer does not approve with a key they made, nor the other way round; the host may make both', async () => {
    await on('event');
    await people.key('boss', ['admin', 'officer', 'auditor']);
    const made = await registry.service.createApiKey(
      { tenant: 'sc', roles: ['officer'], label: 'somebody else', expiresAt: '2030-01-01T00:00:00Z' },
      people.keyIds.get('boss') ?? '',
    );
    people.take('helper', made);
    const id = await people.proposal('boss', '/events', SUSPENSION);
    refused(await people.post('helper', `/proposals/${id}/approve`), 403, 'PROPOSER_MAY_NOT_APPROVE');
    const other = await people.proposal('helper', '/events', { ...SUSPENSION, cause: 'administrative' });
    refused(await people.post('boss', `/proposals/${other}/approve`), 403, 'PROPOSER_MAY_NOT_APPROVE');
    assert.equal((await people.post('li', `/proposals/${id}/approve`)).status, 200);
  });

  it('keeps a proposal whole and lets nothing of it take effect before another person approves', async () => {
    await on('recognition');
    const before = await registry.service.publisher.publish('sc', 'test');
    const id = await people.proposal('zhang', '/recognitions', recognition());
    const listed = await people.send('li', 'GET', '/sc/proposals?state=open');
    const [proposal] = listed.body['proposals'] as { id: string; input: { actions: unknown; registryRoot: unknown } }[];
    assert.equal(proposal?.id, id);
    assert.deepEqual(proposal.input.actions, recognition().actions);
    assert.ok(proposal.input.registryRoot, 'what will be pinned is shown');
    assert.equal(await count('recognition'), 1);
    assert.equal((await registry.service.publisher.publish('sc', 'test')).manifestSha256, before.manifestSha256);

    const approved = await people.post('li', `/proposals/${id}/approve`, { reason: '已核对备忘录' });
    assert.deepEqual([approved.status, approved.body['state']], [200, 'approved'], JSON.stringify(approved.body));
    assert.equal(await count('recognition'), 2);
    assert.ok((await registry.service.publisher.publish('sc', 'test')).changed);
    const acts = (await people.audit()).filter(({ action }) => /proposal|recognition/.test(action)).slice(1);
    assert.deepEqual(
      acts.map(({ action, actor }) => [action, actor]),
      [
        ['proposal.add', people.keyIds.get('zhang')],
        ['recognition.add', people.keyIds.get('li')],
        ['proposal.approved', people.keyIds.get('li')],
      ],
    );
    assert.equal(acts[0]?.detail['change'], acts[2]?.detail['change']);
    assert.equal(acts[2]?.detail['reason'], '已核对备忘录');
  });

  it('lets neither the proposer approve nor another key of the same person, nor somebody without the role', async () => {
    await on('recognition');
    const id = await people.proposal('zhang', '/recognitions', recognition());
    await people.key('zhang-2', ['officer'], { label: ' Zhang ' });
    await people.key('zhang-host', ['officer'], { label: 'zhang', tenant: '*' });
    for (const who of ['zhang', 'zhang-2', 'zhang-host'])
      refused(await people.post(who, `/proposals/${id}/approve`), 403, 'PROPOSER_MAY_NOT_APPROVE');
    refused(await people.post('wang', `/proposals/${id}/approve`), 403, 'ROLE_MISSING');
    await people.key('other', ['officer'], { tenant: 'cq' });
    refused(await people.post('other', `/proposals/${id}/approve`), 404, 'NOT_FOUND');
    assert.equal(await count('recognition'), 1);
    assert.equal((await people.post('li', `/proposals/${id}/approve`)).status, 200);
  });

  it('lets one of two approvers at once win; the other is told, and the statement is made once', async () => {
    await on('recognition');
    await people.key('sun', ['approver']);
    const id = await people.proposal('zhang', '/recognitions', recognition());
    const answers = await Promise.all(['li', 'sun'].map((who) => people.post(who, `/proposals/${id}/approve`)));
    assert.deepEqual(
      answers.map(({ status }) => status).sort((a, b) => a - b),
      [200, 409],
    );
    refused(
      answers.find(({ status }) => status === 409)!,
      409,
      'PROPOSAL_DECIDED',
    );
    assert.equal(await count('recognition'), 2);
  });

  it('refuses to approve what was proposed for another state of affairs', async () => {
    await on('accreditation');
    const id = await people.proposal('zhang', '/accreditations', ACCREDITATION);
    assert.equal((await people.post('li', '/events', SUSPENSION)).status, 201);
    refused(await people.post('li', `/proposals/${id}/approve`), 409, 'PROPOSAL_STALE');
    refused(await people.post('li', `/proposals/${id}/approve`), 409, 'PROPOSAL_DECIDED');
    assert.equal(await count('accreditation'), 0);
    const stale = await people.send('li', 'GET', '/sc/proposals?state=stale');
    assert.equal((stale.body['proposals'] as unknown[]).length, 1);
    const again = await people.proposal('zhang', '/accreditations', ACCREDITATION);
    assert.equal((await people.post('li', `/proposals/${again}/approve`)).status, 200);
  });

  it('lets nobody approve after thirty days what was proposed then', async () => {
    await on('accreditation');
    const id = await people.proposal('zhang', '/accreditations', ACCREDITATION);
    registry.now = new Date('2026-12-20T04:00:01Z');
    refused(await people.post('li', `/proposals/${id}/approve`), 409, 'PROPOSAL_EXPIRED');
    assert.equal(await count('accreditation'), 0);
    const listed = await people.send('li', 'GET', '/sc/proposals?state=expired');
    assert.deepEqual(
      (listed.body['proposals'] as { id: string }[]).map((proposal) => proposal.id),
      [id],
    );
    assert.deepEqual((await people.send('li', 'GET', '/sc/proposals?state=open')).body['proposals'], []);
  });

  it('does not call a proposal stale for what happened to others', async () => {
    await on('accreditation');
    const id = await people.proposal('zhang', '/accreditations', ACCREDITATION);
    await people.post('li', '/events', { ...SUSPENSION, about: 'did:web:other.example' });
    assert.equal((await people.post('li', `/proposals/${id}/approve`)).status, 200);
  });

  it('rejects with a reason, for good; the proposer may so withdraw', async () => {
    await on('recognition');
    const id = await people.proposal('zhang', '/recognitions', recognition());
    refused(await people.post('li', `/proposals/${id}/reject`), 422, 'REQUEST_INVALID');
    const rejected = await people.post('li', `/proposals/${id}/reject`, { reason: '备忘录未签' });
    assert.deepEqual([rejected.body['state'], rejected.body['reason']], ['rejected', '备忘录未签']);
    refused(await people.post('li', `/proposals/${id}/approve`), 409, 'PROPOSAL_DECIDED');
    const own = await people.proposal('zhang', '/recognitions', recognition());
    assert.equal((await people.post('zhang', `/proposals/${own}/reject`, { reason: '有误' })).status, 200);
    assert.equal(await count('recognition'), 1);
  });

  it('suspends for integrity at once unless events need two; revoking a recognition stays a matter of recognition', async () => {
    await on('recognition', 'accreditation', 'root');
    assert.equal((await people.post('zhang', '/events', SUSPENSION)).status, 201);
    const [kept] = await registry.service.statements.list('sc', 'recognition');
    const revocation = {
      about: registry.did('cq'),
      event: 'statement-revoked',
      cause: 'administrative',
      statement: kept?.statement.id,
    };
    await people.proposal('zhang', '/events', revocation);
    await people.proposal('zhang', '/accreditations', ACCREDITATION);
    const asked = await people.dualControl('zhang', 'event');
    assert.equal((await people.post('li', `/proposals/${String(asked.body['id'])}/approve`)).status, 200);
    await people.proposal('zhang', '/events', SUSPENSION);
    assert.equal(await count('event'), 1);
  });

  it('signs a new root only when a second custodian approves', async () => {
    await on('root');
    const body = { rotate: ['registry'] };
    const id = await people.proposal('wang', '/root', body);
    const version = async () => (await registry.service.authorities.root('sc')).version;
    assert.equal(await version(), 1);
    refused(await people.post('wang', `/proposals/${id}/approve`), 403, 'PROPOSER_MAY_NOT_APPROVE');
    refused(await people.post('li', `/proposals/${id}/approve`), 403, 'ROLE_MISSING');
    const second = await people.proposal('wang', '/root', body);
    assert.equal((await people.post('zhao', `/proposals/${id}/approve`)).status, 200);
    assert.equal(await version(), 2);
    refused(await people.post('zhao', `/proposals/${second}/approve`), 409, 'PROPOSAL_STALE');
    assert.equal(await version(), 2);
  });

  it('asks two persons to end dual control', async () => {
    refused(await people.dualControl('wang', 'root'), 403, 'ROLE_MISSING');
    await on('recognition');
    const off = await people.dualControl('host');
    assert.equal(off.status, 202);
    const path = `/proposals/${String(off.body['id'])}/approve`;
    refused(await people.post('host', path), 403, 'PROPOSER_MAY_NOT_APPROVE');
    assert.deepEqual((await people.send('li', 'GET', '/sc')).body['dualControl'], ['recognition']);
    assert.equal((await people.post('li', path)).status, 200);
    assert.deepEqual((await people.send('li', 'GET', '/sc')).body['dualControl'], []);
  });

  it('gives the same answer to the same write repeated, and refuses the key for another', async () => {
    const made = await people.post('zhang', '/recognitions', recognition(), 'write-0001');
    assert.deepEqual(await people.post('zhang', '/recognitions', recognition(), 'write-0001'), made);
    refused(await people.post('zhang', '/events', SUSPENSION, 'write-0001'), 422, 'IDEMPOTENCY_KEY_REUSED');
    await on('recognition');
    const waiting = await people.post('zhang', '/recognitions', recognition(), 'write-0002');
    assert.deepEqual(await people.post('zhang', '/recognitions', recognition(), 'write-0002'), waiting);
    assert.equal(waiting.status, 202);
    const path = `/proposals/${String(waiting.body['id'])}/approve`;
    const approved = await people.post('li', path, {}, 'write-0003');
    assert.deepEqual(await people.post('li', path, {}, 'write-0003'), approved);
    assert.equal(await count('recognition'), 3);
  });

  it('refuses bad input when it is proposed', async () => {
    await on('recognition');
    refused(
      await people.post('zhang', '/recognitions', recognition({ subject: registry.did('sc') })),
      422,
      'STATEMENT_ABOUT_ITSELF',
    );
    assert.deepEqual((await people.send('li', 'GET', '/sc/proposals')).body['proposals'], []);
  });

  it('lets no code pass beside it', async () => {
    await on('recognition', 'root', 'accreditation', 'event');
    const { statements, authorities } = registry.service;
    const direct = [
      () => statements.recognise('sc', recognition(), 'test'),
      () => statements.accredit('sc', ACCREDITATION, 'test'),
      () => statements.add('sc', 'event', SUSPENSION, 'test'),
      () => authorities.renewRoot('sc', 'test'),
    ];
    for (const write of direct) await assert.rejects(write, { code: 'DUAL_CONTROL_REQUIRED' });
    assert.deepEqual([await count('recognition'), await count('accreditation'), await count('event')], [1, 0, 0]);
  });

  it('keeps the authorities of a database made before there was dual control, with none asked for', async () => {
    const fresh = await freshDatabase('sqlite');
    const { url } = fresh;
    const released = await openDatabase({ url, migrations: registryMigrations.slice(0, 4) });
    const row = { slug: 'old', did: 'did:web:old.example', name: '旧', created_at: '2026-01-01T00:00:00Z' };
    await released.write((transaction) => transaction('registry_authorities').insert(row));
    await released.close();
    const now = await openDatabase({ url, migrations: registryMigrations });
    const [kept] = await now.knex('registry_authorities').select<{ dual_control: string }[]>('dual_control');
    assert.equal(kept?.dual_control, '');
    await now.close();
    await fresh.remove();
  });
});
