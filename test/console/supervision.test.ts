import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { accreditationOf, CODE, EMPLOYER_CODE, startWorld, type World } from '../issuer/world.js';
import { plantCertificates, plantSessions } from '../supervision/plant.js';
import { go, look, startDesk, type Desk } from './desk.js';

describe('the console: a supervisor’s day', function () {
  this.timeout(180_000);
  let world: World;
  let desk: Desk;
  let supervisor: Page;

  before(async () => {
    world = await startWorld({ console: true });
    const [own, other] = world.accreditations;
    const { institution: did, legalName: name, signingKeys } = own!;
    const scope = { quota: { limit: 600, per: 'year' } };
    const limited = accreditationOf({ code: CODE, did, name }, signingKeys[0]!, { scope });
    const institution = await world.issuer.service.institutions.get(CODE);
    world.time.now = new Date('2026-11-22T09:00:00.500Z');
    await world.issuer.service.accreditations.import(institution, 'test', await world.publish([limited, other!]));
    const counts = [31, 28, 35, 30, 33, 29, 36, 32, 46, 30];
    for (const [code, level] of [
      [CODE, '3'],
      [CODE, '2'],
      [EMPLOYER_CODE, '4'],
    ] as const) {
      const sessions = counts.map((count, i) => {
        const day = `2026-${String(i + 1).padStart(2, '0')}-15`;
        const own = level === '2' ? Math.ceil(count / 9) : count;
        return { institution: code, level, day, count: own, session: `PJ-${day}-${level}`, id: `PJ-${day}-${level}` };
      });
      await plantCertificates(world.database, sessions);
      // The last one was never recorded.
      await plantSessions(
        world.database.knex,
        sessions.slice(0, -1).map((one) => ({ ...one, seats: 50, passed: one.count, failed: 4 })),
      );
    }
    await plantSessions(world.database.knex, [
      { institution: CODE, id: 'PJ-OVER', day: '2026-11-10', seats: 40, passed: 38, failed: 2 },
    ]);
    await plantCertificates(world.database, [
      { institution: CODE, day: '2026-11-12', count: 240, session: 'PJ-OVER' },
      { institution: CODE, day: '2026-11-12', count: 5, session: 'PJ-OVER', status: 'revoked', reason: 'error' },
    ]);
    desk = await startDesk(world);
  });
  after(async () => {
    await desk.close();
    await world.remove();
  });

  it('sees all institutions of the host and, first of all, what is unusual and why', async () => {
    supervisor = await desk.open({ login: 'supervisor', roles: ['supervisor'], name: '周敏', tenant: '*' });
    assert.deepEqual(await supervisor.getByRole('navigation').getByRole('link').allTextContents(), [
      '待办',
      '监管',
      '我的账号',
    ]);
    await go(supervisor, '监管');
    await supervisor.getByRole('heading', { name: /^异常（/ }).waitFor();
    await supervisor.getByText(/场次 PJ-OVER 共发证 245 张，应不超过合格人数 38 人/).waitFor();
    await supervisor.getByText(/截至本月已发 \d+ 张，超过备案核定的每年 600 张/).waitFor();
    const row = supervisor.getByRole('row', { name: /示例重工集团/ });
    assert.equal(await row.getByText('异常', { exact: true }).count(), 0, 'an honest institution is not marked');
    await look(supervisor, 'supervision-overview-zh');
  });

  it('goes by keyboard from the institution to the number, its session and its certificates', async () => {
    await supervisor
      .getByRole('row', { name: /示例技能评价中心/ })
      .getByRole('link')
      .press('Enter');
    await supervisor.getByRole('heading', { name: '监管：示例技能评价中心' }).waitFor();
    await supervisor.locator('canvas[data-drawn=true]').waitFor();
    await look(supervisor, 'supervision-board-zh');
    const number = supervisor.getByRole('link', { name: /^245 异常$/ });
    await number.focus();
    await number.press('Enter');
    await supervisor.getByRole('cell', { name: '38', exact: true }).waitFor();
    assert.equal(await supervisor.getByRole('row', { name: /PJ-OVER 2026-11-10 245 245 40 40 38 2/ }).count(), 1);
    await supervisor.locator('canvas[data-drawn=true]').waitFor();
    await look(supervisor, 'supervision-cell-zh');
    await supervisor.getByRole('button', { name: '查看证书' }).click();
    await supervisor
      .getByRole('row', { name: new RegExp(`${CODE}263`) })
      .first()
      .waitFor();
    const looked = await world.database
      .knex('audit_log')
      .where({ tenant: CODE, action: 'supervision.certificates' })
      .count<{ n: number }[]>({ n: '*' });
    assert.equal(Number(looked[0]?.n), 1);
  });

  it('never shows as good what nobody recorded', async () => {
    await supervisor.getByRole('link', { name: '返回本机构的表' }).click();
    await supervisor.getByRole('link', { name: '30 未知' }).last().click();
    await supervisor.getByText(/1 个考核场次中有 1 个没有在系统中登记/).waitFor();
    assert.ok((await supervisor.getByRole('cell', { name: '未知' }).count()) >= 5);
    assert.equal(await supervisor.getByText('未见异常 考核人数').count(), 0);
  });

  it('takes the board away as a file', async () => {
    await supervisor.getByRole('link', { name: '返回本机构的表' }).click();
    const downloading = supervisor.waitForEvent('download');
    await supervisor.getByRole('link', { name: '导出（CSV）' }).click();
    const text = await readFile(await (await downloading).path(), 'utf8');
    assert.match(text, /PJ-OVER 共发证 245 张/);
  });

  it('the administrator of the host sets a limit that no source gives, and the board applies it', async () => {
    const admin = await desk.open({ login: 'host', roles: ['admin'], name: '郑平', tenant: '*' });
    await go(admin, '监管');
    await admin.getByText('尚未修改过，使用默认规则。').waitFor();
    await admin.getByRole('checkbox', { name: '单日发证' }).check();
    await admin.getByRole('button', { name: '保存规则' }).click();
    assert.equal(await admin.getByText(/由 郑平 于/).count(), 0, 'no number, no rule');
    await admin.getByLabel('一天超过几张提示').fill('200');
    await admin.getByRole('checkbox', { name: '与往月相比' }).uncheck();
    await look(admin, 'supervision-rules-zh');
    await admin.getByRole('button', { name: '保存规则' }).click();
    await admin.getByText(/由 郑平 于/).waitFor();
    const { settings } = await world.issuer.service.supervision.settings();
    assert.deepEqual([settings.dayPeak, settings.history, settings.quota], [{ most: 200 }, null, true]);
    await go(supervisor, '待办');
    await go(supervisor, '监管');
    await supervisor
      .getByText(/245 张/)
      .first()
      .waitFor();
    await supervisor.getByText('适用的规则', { exact: true }).click();
    await supervisor.getByText('超过 200 张提示（管理员设定）').waitFor();
    assert.equal(await supervisor.getByRole('link', { name: '修改规则' }).count(), 0);
    await admin.context().close();
  });

  it('reads the same in English, for one institution only', async () => {
    const english = await desk.open({
      login: 'own-supervisor',
      roles: ['supervisor'],
      name: 'Sue Supervisor',
      tenant: CODE,
      locale: 'en',
    });
    await go(english, 'Supervision');
    await english.getByRole('heading', { name: /^Unusual/ }).waitFor();
    await english.getByText(/session PJ-OVER has 245 certificates, expected at most the 38 who passed/).waitFor();
    await english.locator('canvas[data-drawn=true]').waitFor();
    await english.getByText('Rules applied').click();
    await english.getByText(/Limits without an official source are off/).waitFor();
    await look(english, 'supervision-board-en');
  });
});
