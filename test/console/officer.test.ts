import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { statusListUrl } from '../../shared/certificate/credential.js';
import { ISSUER } from '../certificate/sample-records.js';
import { testKey } from '../proof/keys.js';
import { startRegistry, type RunningRegistry } from '../registry/running-registry.js';
import { signed, statusList } from '../verdict/sample-trust.js';
import { go, look, startDesk, type Desk } from './desk.js';

const CODE = 'S000051000123';
const KEYS = {
  institution: ISSUER,
  keys: [{ ...testKey(ISSUER, 1).key, validFrom: '2026-01-01T00:00:00+08:00' }].map(
    ({ id, publicKeyMultibase, validFrom }) => ({ id, publicKeyMultibase, validFrom }),
  ),
};
const level = (value: string) => ({ framework: 'cn-skill-5', value });

describe('the console: a day at an authority', function () {
  this.timeout(180_000);
  let registry: RunningRegistry;
  let desk: Desk;
  let officer: Page;
  let second: Page;

  before(async () => {
    registry = await startRegistry('sqlite', { console: true });
    registry.now = new Date('2026-11-21T00:00:00Z');
    const { service, accounts } = registry;
    await service.authorities.create({ slug: 'mo', name: '示例澳门劳工事务局', dualControl: [] }, 'test');
    await service.statements.accredit(
      'mo',
      {
        institution: ISSUER,
        legalName: '示例技能评价中心(澳门)',
        institutionKind: 'social',
        institutionCode: CODE,
        signingKeys: KEYS.keys.map((key) => ({ ...key, type: 'Multikey' })),
        actions: [
          {
            validFrom: '2026-01-01T00:00:00+08:00',
            scope: {
              kind: ['skill-level'],
              occupation: ['6-18-*'],
              level: [level('3')],
              region: ['82*'],
              candidates: 'public',
            },
          },
        ],
      },
      'test',
    );
    for (const slug of ['mo', 'sc'])
      for (const purpose of ['revocation', 'suspension'] as const)
        await accounts.database.knex('registry_status_lists').insert({
          slug,
          url: statusListUrl(ISSUER, purpose, 1),
          credential: await statusList(purpose, []),
          collected_at: registry.now.toISOString(),
        });
    await accounts.database
      .knex('registry_authorities')
      .where({ slug: 'sc' })
      .update({ dual_control: 'recognition accreditation event' });
    for (const slug of ['mo', 'cq', 'sc']) await service.update(slug, 'test');
    desk = await startDesk({ ...accounts, listener: { url: registry.url }, time: registry });
    officer = await desk.open({ login: 'officer', roles: ['officer'], name: '张敏', tenant: 'sc' });
    second = await desk.open({ login: 'second', roles: ['officer', 'auditor', 'admin'], name: '李强', tenant: 'sc' });
  });
  after(async () => {
    await desk.close();
    await registry.stop();
  });

  /** What sc says of a certificate of the institution, issued under an authority. */
  async function verdict(authority: string, region: string): Promise<unknown[]> {
    const credential: unknown = JSON.parse(
      await signed({
        authority: { id: registry.did(authority), name: '示例主管部门' },
        accreditation: { id: `urn:yizheng:accreditation:${CODE}:1` },
        assessment: {
          id: '2026-PJ-0001',
          method: 'examination',
          standard: 'GZB 6-18-02-04-2018',
          standardType: 'national',
          date: '2026-11-15',
          region,
        },
      }),
    );
    const response = await fetch(`${registry.url}/decision`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ credential, anchor: registry.did('sc') }),
    });
    const body = (await response.json()) as { outcome?: string; standing?: { as?: object }; decision?: object };
    return [body.outcome, body];
  }

  it('accredits an institution within a scope, with the keys of its ceremony; the verdict waits for the second person', async () => {
    assert.equal((await verdict('sc', '510100'))[0], 'not-recognised');
    await officer.getByText('没有等您办理的事项').waitFor();
    await look(officer, 'officer-work-zh');
    await go(officer, '机构');
    await officer.getByText('没有备案的机构').waitFor();
    await officer.getByRole('link', { name: '备案新机构' }).click();
    await officer.getByRole('heading', { name: '备案新机构' }).waitFor();
    await officer.getByLabel('名称').fill('成都示例职业技能评价中心');
    await officer.getByLabel('机构类别').selectOption({ label: '社会培训评价组织' });
    await officer.getByLabel('机构编码').fill(CODE);
    await officer.locator('input[type=file]').setInputFiles({
      name: 'keys.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(KEYS)),
    });
    await officer.getByText('已从文件读取 1 把密钥').waitFor();
    await officer.getByLabel('职业技能等级证书', { exact: true }).check();
    for (const name of ['五级/初级工', '四级/中级工', '三级/高级工']) await officer.getByLabel(name).first().check();
    await officer.getByLabel('职业', { exact: true }).fill('6-18-02');
    await officer.getByLabel('职业', { exact: true }).press('Enter');
    await officer.getByText('职业编码如 6-18-02-04').waitFor();
    await officer.getByLabel('职业', { exact: true }).fill('6-18-*');
    await officer.getByLabel('职业', { exact: true }).press('Enter');
    await officer.getByLabel('地区', { exact: true }).fill('51*');
    await officer.getByLabel('地区', { exact: true }).press('Enter');
    await officer.getByRole('button', { name: '移除 四川' }).waitFor();
    await officer.getByLabel('核定数量').fill('2000');
    await officer.getByLabel('开始日期').fill('2026-01-01');
    await officer.getByLabel('截止日期').fill('2028-12-31');
    await officer.getByText('新认可：').first().waitFor();
    await look(officer, 'officer-accredit-zh');
    await officer.getByRole('button', { name: '提交，等待另一人审批' }).click();
    await officer.getByText('这是您自己提交的').waitFor();
    assert.equal(await officer.getByRole('button', { name: '同意' }).count(), 0);
    await look(officer, 'officer-own-proposal-zh');
    assert.equal((await verdict('sc', '510100'))[0], 'not-recognised');
  });

  it('a second officer reads what it says and what follows, and approves', async () => {
    await second.reload();
    await second.getByRole('heading', { name: '等您审批 (1)' }).waitFor();
    await look(second, 'officer-second-work-zh');
    await second.getByRole('region', { name: '等您审批' }).getByRole('link').click();
    await second.getByText('成都示例职业技能评价中心').first().waitFor();
    await second.getByText('新认可：').first().waitFor();
    await look(second, 'officer-proposal-zh');
    await second.getByRole('button', { name: '同意' }).click();
    await second.getByText('已同意').waitFor();
    assert.equal((await verdict('sc', '510100'))[0], 'not-recognised');
  });

  it('publishes, and then the verdict is another one', async () => {
    await go(officer, '公布');
    await officer.getByText('等待公布（1）').first().waitFor();
    await look(officer, 'officer-publication-zh');
    await officer.getByRole('button', { name: '现在公布' }).click();
    await officer.getByText('没有等待公布的内容').waitFor();
    assert.equal((await verdict('sc', '510100'))[0], 'recognised');
    await go(officer, '机构');
    await officer.getByRole('link', { name: '成都示例职业技能评价中心' }).click();
    await officer.getByRole('heading', { name: /备案 · 现行有效/ }).waitFor();
    await look(officer, 'officer-institution-zh');
  });

  it('recognises another authority from a memorandum, and sees before proposing what its certificates become', async () => {
    assert.equal((await verdict('mo', '820000'))[0], 'not-recognised');
    await go(officer, '互认');
    await officer
      .getByRole('link', { name: /示例人社厅 cq|重庆/ })
      .first()
      .waitFor();
    await look(officer, 'officer-recognitions-zh');
    await officer.getByRole('link', { name: '按备忘录认可' }).click();
    await officer.getByLabel('主管部门的 DID').fill(registry.did('mo'));
    assert.equal(await officer.getByLabel(/^名称/).inputValue(), '示例澳门劳工事务局');
    await officer.getByLabel('备忘录名称').fill('川澳技能互认备忘录');
    await officer.getByLabel('备忘录编号').fill('urn:mou:sc-mo-2026');
    await officer.locator('input[type=file]').setInputFiles({
      name: 'mou.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7 example'),
    });
    await officer.getByText(/^uEi[\w-]{44}$/).waitFor();
    await officer.getByLabel(/视同对应等级/).check();
    await officer.getByLabel('对方等级').selectOption('cn-skill-5/3');
    await officer.getByLabel('本地等级').selectOption('cn-skill-5/4');
    await officer.getByRole('button', { name: '加一行' }).click();
    await officer.getByLabel('开始日期').fill('2026-01-01');
    await officer
      .getByRole('cell', { name: /四级\/中级工/ })
      .last()
      .waitFor();
    await officer.getByText('新认可：').first().waitFor();
    await look(officer, 'officer-recognise-zh');
    await officer.getByRole('button', { name: '提交，等待另一人审批' }).click();
    await officer.getByText('这是您自己提交的').waitFor();
    await go(second, '待办');
    await second.getByRole('region', { name: '等您审批' }).getByRole('link').click();
    await second.getByText('川澳技能互认备忘录', { exact: false }).first().waitFor();
    await second.getByRole('button', { name: '同意' }).click();
    await second.getByText('已同意').waitFor();
    await go(second, '公布');
    await second.getByRole('button', { name: '现在公布' }).click();
    await second.getByText('没有等待公布的内容').waitFor();
    const [outcome, body] = await verdict('mo', '820000');
    assert.equal(outcome, 'recognised');
    assert.match(JSON.stringify(body), /四级\/中级工/);
  });

  it('draws who recognises whom, and says the same in a table', async () => {
    await go(officer, '关系图');
    const picture = officer.getByRole('img', { name: /认可关系图/ });
    await picture.waitFor();
    assert.ok(await picture.getByText('示例澳门劳工事务局').count());
    await officer.getByRole('cell', { name: '示例澳门劳工事务局', exact: true }).first().waitFor();
    await look(officer, 'officer-map-zh');
  });

  it('suspends an institution: sent back with a reason, which the proposer reads', async () => {
    // Lists go by time: what happens now is later than what happened before.
    registry.now = new Date(registry.now.getTime() + 60_000);
    await go(officer, '机构');
    await officer.getByRole('link', { name: '成都示例职业技能评价中心' }).click();
    await officer.getByRole('button', { name: '暂停', exact: true }).click();
    await officer.getByLabel(/起因/).selectOption('integrity');
    await officer.getByLabel('作废起始日').fill('2026-11-01');
    await officer.getByText('不再认可：').first().waitFor();
    await look(officer, 'officer-suspend-zh');
    await officer.getByRole('button', { name: '提交，等待另一人审批' }).click();
    await officer.getByText('这是您自己提交的').waitFor();
    await go(second, '待办');
    await second.getByRole('region', { name: '等您审批' }).getByRole('link').click();
    await second.getByRole('button', { name: '退回' }).click();
    await second.getByLabel('理由').fill('请先附上现场核查记录');
    await second.getByRole('button', { name: '退回' }).click();
    await second.getByText('已退回或撤回').waitFor();
    await go(officer, '待办');
    await officer.getByRole('region', { name: '最近办结' }).getByRole('link').first().click();
    await officer.getByText('请先附上现场核查记录').waitFor();
  });

  it('people, audit log and account are the same as at an institution', async () => {
    for (const [view, text] of [
      ['人员', '李强'],
      ['日志', 'proposal.add'],
      ['我的账号', '修改密码'],
    ] as const) {
      await go(second, view);
      await second.getByRole('heading', { level: 1, name: view }).waitFor();
      await second.getByRole('main').getByText(text).first().waitFor();
      await look(second, `officer-${view}-zh`);
    }
  });

  it('the whole desk is there in English', async () => {
    await second.getByLabel('语言').selectOption('en');
    await go(second, 'Institutions');
    await second.getByRole('link', { name: '成都示例职业技能评价中心' }).waitFor();
    await look(second, 'officer-institutions-en');
    await go(second, 'Recognition');
    await second.getByRole('link', { name: '示例澳门劳工事务局' }).click();
    await second.getByRole('heading', { name: 'Recognition · in force' }).waitFor();
    await second.getByText('Level 3 / Senior Skilled Worker → Level 4 / Intermediate Skilled Worker').waitFor();
    const [end, edge] = await second.evaluate(() => {
      const right = (selector: string): number =>
        document.querySelector(selector)?.getBoundingClientRect().right ?? NaN;
      return [right('.nav li:last-child'), right('.nav ul')];
    });
    assert.ok(end <= edge, `the navigation ends at ${end}, its column at ${edge}`);
    await look(second, 'officer-recognition-en');
    await go(second, 'Applications');
    await second.getByText('No findings.').waitFor();
    await look(second, 'officer-requests-en');
  });
});
