import assert from 'node:assert/strict';
import { invite } from '../../server/accounts/index.js';
import { HOST_TENANT } from '../../server/index.js';
import { codeAt, PASSWORD } from '../accounts/people.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { Office, type Send } from './office.js';
import { AUTHORITY, CODE, EMPLOYER_CODE, startWorld, type World } from './world.js';

describe('issuer: the second person is another person', function () {
  this.timeout(120_000);
  let world: World;
  let office: Office;

  before(async () => {
    world = await startWorld({ batches: { threads: 1, pollMs: 50 } });
    office = new Office(world);
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
  });
  after(() => world.remove());

  it('a new institution asks for one, whoever registers it may say otherwise, and old ones keep what they have', async () => {
    const { institutions } = world.issuer.service;
    const authority = { did: AUTHORITY };
    const host = office.withKey(world.secrets.host);
    const created = await host('POST', '/institutions', { code: 'S000051000011', name: '新机构', authority });
    assert.equal(created.status, 201, JSON.stringify(created.body));
    assert.equal((await institutions.get('S000051000011')).requiresApproval, true);
    const alone = { code: 'S000051000012', name: '一人机构', authority, requiresApproval: false };
    assert.equal((await host('POST', '/institutions', alone)).status, 201);
    assert.equal((await institutions.get('S000051000012')).requiresApproval, false);
    await institutions.create({ ...alone, requiresApproval: true }, 'test');
    assert.equal((await institutions.get('S000051000012')).requiresApproval, false, 'the same again changes nothing');
    const said = await office.auditOf(`did:web:issuer.example:institutions:S000051000012`, 'institution.create');
    assert.deepEqual(said[0]?.detail, { requiresApproval: false });
  });

  it('its administrator may ask for one and never do without; only an administrator of the host may', async () => {
    const setting = `${office.at}/approval`;
    const off = { requiresApproval: false };
    const admin = office.withKey(world.secrets.admin);
    const { body } = await admin('PUT', setting, off);
    assert.deepEqual([body.status, body.code], [403, 'APPROVAL_OFF_BY_HOST']);
    const both = await office.person(['admin']);
    await world.database.write((transaction) =>
      transaction('account_memberships').insert({ account: both.id, tenant: HOST_TENANT, roles: 'auditor' }),
    );
    assert.equal(
      (await office.as(both)('PUT', setting, off)).body.code,
      'APPROVAL_OFF_BY_HOST',
      'an auditor of the host',
    );
    const host = office.withKey(world.secrets.host);
    assert.equal((await host('PUT', setting, off)).body['requiresApproval'], false);
    assert.equal((await admin('PUT', setting, { requiresApproval: true })).body['requiresApproval'], true);
  });

  it('whoever only looks at the host and is administrator of one institution resets nobody who works elsewhere too', async () => {
    const both = await office.person(['admin']);
    const elsewhere = await office.person(['clerk']);
    await world.database.write(async (transaction) => {
      const table = transaction('account_memberships');
      await table.insert({ account: both.id, tenant: HOST_TENANT, roles: 'auditor' });
      await transaction('account_memberships').insert({ account: elsewhere.id, tenant: EMPLOYER_CODE, roles: 'clerk' });
    });
    const reset = `${office.at}/accounts/${elsewhere.id}/reset`;
    assert.equal((await office.as(both)('POST', reset)).body.code, 'ACCOUNT_ELSEWHERE');
    assert.equal((await office.withKey(world.secrets.host)('POST', reset)).status, 201);
  });

  it('three people are enough: the administrator who invited both is neither', async () => {
    const admin = await office.person(['admin']);
    const clerk = await office.person(['clerk'], { by: admin.id });
    const approver = await office.person(['approver'], { by: admin.id });
    const id = await office.handedIn(clerk);
    await office.agreed(office.as(approver), id);
    assert.deepEqual((await office.auditOf(id, 'batch.approve'))[0], { actor: approver.id, detail: { rows: 1 } });
  });

  it('nobody is second to whom they invited, nor to who invited them, nor at any remove', async () => {
    const admin = await office.person(['admin', 'clerk', 'approver']);
    const invited = await office.person(['admin', 'clerk', 'approver'], { by: admin.id });
    const further = await office.person(['clerk', 'approver'], { by: invited.id });
    await office.refused(office.as(invited), await office.handedIn(admin), 'APPROVER_NOT_INDEPENDENT');
    await office.refused(office.as(admin), await office.handedIn(invited), 'APPROVER_NOT_INDEPENDENT');
    await office.refused(office.as(further), await office.handedIn(admin), 'APPROVER_NOT_INDEPENDENT');
    await office.refused(office.as(admin), await office.handedIn(further), 'APPROVER_NOT_INDEPENDENT');
    await office.agreed(office.as(await office.person(['approver'])), await office.handedIn(further));
  });

  it('a reset is a new beginning: it binds to who made it, and frees from who did before', async () => {
    const admin = await office.person(['admin', 'clerk']);
    const approver = await office.person(['approver']);
    const id = await office.handedIn(admin);
    const reset = async (by: Send) => {
      const { body } = await by('POST', `${office.at}/accounts/${approver.id}/reset`);
      const { browser } = approver;
      const accept = { token: body['token'], login: approver.login, password: PASSWORD };
      assert.equal((await browser.call('POST', '/invitations/accept', accept)).status, 201);
      const totp = await browser.call<{ secret: string }>('POST', '/account/totp');
      const code = codeAt(totp.body.secret, world.time.now);
      assert.equal((await browser.call('POST', '/account/totp/confirm', { code })).status, 200);
    };
    await reset(office.as(admin));
    await office.refused(office.as(approver), id, 'APPROVER_NOT_INDEPENDENT');
    await reset(office.withKey(world.secrets.host));
    await office.agreed(office.as(approver), id);
  });

  it('a reset of who handed it in does not wash off who could have done so', async () => {
    const both = await office.person(['admin', 'approver']);
    const clerk = await office.person(['clerk'], { by: both.id });
    const id = await office.handedIn(clerk);
    const { token } = await invite(
      office.effects,
      { tenant: CODE, roles: ['clerk'], name: 'x', account: clerk.id },
      'host',
    );
    const accept = { token, login: clerk.login, password: PASSWORD };
    assert.equal((await clerk.browser.call('POST', '/invitations/accept', accept)).status, 201);
    await office.refused(office.as(both), id, 'APPROVER_NOT_INDEPENDENT');
  });

  it('an API key is whoever made it, since they have seen its secret; keys of the host stand for themselves', async () => {
    const admin = await office.person(['admin', 'clerk']);
    const key = await office.newKey(office.as(admin), ['approver'], 'somebody else entirely');
    await office.refused(office.withKey(key), await office.handedIn(admin), 'APPROVAL_BY_SAME_PERSON');
    const other = await office.newKey(office.as(admin), ['clerk'], 'a clerk');
    await office.refused(office.withKey(key), await office.handedIn(other), 'APPROVAL_BY_SAME_PERSON');
    const adminKey = await office.newKey(office.withKey(world.secrets.host), ['admin'], 'the office');
    const third = await office.newKey(office.withKey(adminKey), ['approver'], 'third');
    const fourth = await office.newKey(office.withKey(adminKey), ['clerk'], 'fourth');
    await office.refused(office.withKey(third), await office.handedIn(fourth), 'APPROVAL_BY_SAME_PERSON');
    const clerk = await office.newKey(office.withKey(world.secrets.host), ['clerk'], 'of the host, a clerk');
    const approver = await office.newKey(office.withKey(world.secrets.host), ['approver'], 'of the host, an approver');
    await office.agreed(office.withKey(approver), await office.handedIn(clerk));
  });

  it('two people of one name may, with a caution that is seen before and written down; two keys of one label may not', async () => {
    const clerk = await office.person(['clerk'], { name: '张伟' });
    const approver = await office.person(['approver'], { name: ' 张　伟'.replace('　', '') });
    const id = await office.handedIn(clerk);
    const seen = await office.as(approver)('GET', `${office.at}/batches/${id}/second-person`);
    assert.deepEqual(seen.body, { cautions: ['SAME_NAME'] });
    await office.agreed(office.as(approver), id);
    assert.deepEqual((await office.auditOf(id, 'batch.approve'))[0]?.detail, { rows: 1, cautions: ['SAME_NAME'] });
    const named = await office.newKey(office.withKey(world.secrets.host), ['approver'], '张伟');
    await office.refused(office.withKey(named), await office.handedIn(clerk), 'APPROVAL_BY_SAME_PERSON');
  });

  it('why a batch was sent back stays in the audit log, without document numbers; who comes too late is told', async () => {
    const clerk = await office.person(['clerk']);
    const approver = await office.person(['approver'], { name: '王强' });
    const id = await office.handedIn(clerk);
    const back = `${office.at}/batches/${id}/send-back`;
    for (const note of [
      '看 11010119900307 0134 这行',
      '见 110101199003070134。',
      '１１０１０１１９９００３０７０１３４',
    ])
      assert.equal((await office.as(approver)('POST', back, { note })).body.code, 'NOTE_HOLDS_ID_NUMBER', note);
    const note = '第 2 行考核日期 2026-11-15 不对';
    assert.equal((await office.as(approver)('POST', back, { note })).body['sentBackBy'], approver.id);
    assert.deepEqual(await office.auditOf(id, 'batch.send-back'), [{ actor: approver.id, detail: { reason: note } }]);
    const late = await office.approve(office.as(await office.person(['approver'])), id);
    assert.equal(late.body.code, 'BATCH_DECIDED');
    assert.equal(late.body.detail, `王强 sent this back at ${world.time.now.toISOString()}.`);
  });

  it('a role that was taken away is gone for the page that is still open', async () => {
    const admin = await office.person(['admin']);
    const approver = await office.person(['approver']);
    const id = await office.handedIn(await office.person(['clerk']));
    assert.equal((await office.as(approver)('GET', `${office.at}/batches/${id}`)).status, 200);
    const roles = await office.as(admin)('PUT', `${office.at}/accounts/${approver.id}/roles`, { roles: ['auditor'] });
    assert.equal(roles.status, 204);
    assert.equal((await office.approve(office.as(approver), id)).body.code, 'ROLE_MISSING');
    const gone = await office.as(admin)('PUT', `${office.at}/accounts/${approver.id}/roles`, { roles: [] });
    assert.equal(gone.status, 204);
    assert.equal((await office.approve(office.as(approver), id)).body.code, 'NOT_FOUND');
    assert.deepEqual(await office.auditOf(id, 'batch.approve'), []);
  });
});

describeOnEachDatabase('issuer: the second person', function (kind) {
  this.timeout(120_000);
  let world: World;
  let office: Office;

  before(async () => {
    world = await startWorld({ kind, batches: { threads: 1, pollMs: 50 } });
    office = new Office(world);
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
  });
  after(() => world.remove());

  it('of two who approve at once one is first, and the other is told who and when', async () => {
    const clerk = await office.person(['clerk']);
    const people = [
      await office.person(['approver'], { name: '王强' }),
      await office.person(['approver'], { name: '赵敏' }),
    ];
    const id = await office.handedIn(clerk);
    const answers = await Promise.all(people.map((one) => office.approve(office.as(one), id)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    const [first, late] = answers[0]?.status === 200 ? answers : answers.toReversed();
    const winner = first === answers[0] ? '王强' : '赵敏';
    assert.equal(late?.body.code, 'BATCH_DECIDED');
    assert.equal(late.body.detail, `${winner} approved this at ${world.time.now.toISOString()}.`);
    const { body } = await office.as(clerk)('GET', `${office.at}/batches/${id}`);
    assert.equal(body['approvedAt'], world.time.now.toISOString());
    assert.equal((await office.auditOf(id, 'batch.approve')).length, 1);
  });

  it('who made keys and accounts before this was kept is read from the audit log', async () => {
    const { knex } = world.database;
    const kept = await knex('credential_makers').orderBy('sequence').select('credential', 'maker', 'at');
    await world.database.write(async (transaction) => {
      await transaction.schema.dropTable('credential_makers');
      await transaction('knex_migrations').where({ name: 'base-005-credential-makers' }).delete();
    });
    await world.reopen();
    const again = await world.database
      .knex('credential_makers')
      .orderBy('sequence')
      .select('credential', 'maker', 'at');
    assert.deepEqual(again, kept);
  });
});
