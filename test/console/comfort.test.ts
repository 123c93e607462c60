import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { parse } from 'csv-parse/sync';
import { answer, citizenNumber, CODE, EMPLOYER_CODE, exam, startWorld, type World } from '../issuer/world.js';
import { codeAt, newPerson, PASSWORD } from '../accounts/people.js';
import { line, SHEET_HEADER } from '../issuer/batch/sheets.js';
import { DESKTOP, go, look, painted, startDesk, type Desk } from './desk.js';

/** What a spreadsheet program would run, and what a browser would. */
const EVIL = `=HYPERLINK("http://x.example","y")<img src=x onerror="document.title='run'">`;

describe('the console: quick, and nothing lost', function () {
  this.timeout(180_000);
  let world: World;
  let desk: Desk;
  let clerk: Page;
  let approver: Page;
  let number: string;

  before(async () => {
    world = await startWorld({ console: true, batches: { threads: 1, pollMs: 50 } });
    const { institutions } = world.issuer.service;
    await institutions.setApproval(CODE, false, 'test');
    const issued = world.call('POST', `/institutions/${CODE}/certificates`, exam(1));
    number = (await answer<{ certificateNumber: string }>(issued, 201)).certificateNumber;
    await institutions.setApproval(CODE, true, 'test');
    desk = await startDesk(world);
    clerk = await desk.open({ login: 'clerk', roles: ['clerk'], name: '李娜', tenant: CODE });
    approver = await desk.open({ login: 'approver', roles: ['approver'], name: '王强', tenant: CODE });
  });
  after(async () => {
    await desk.close();
    await world.remove();
  });

  const at = (page: Page, hash: string): Promise<void> => page.evaluate((to) => void (location.hash = to), hash);
  const fillForm = async (page: Page, name: string, idNumber: string): Promise<void> => {
    await page.getByLabel('姓名').fill(name);
    await page.getByLabel('证件号码').fill(idNumber);
    await page.getByLabel('职业编码').fill('6-18-02-04');
    await page.getByLabel('等级').selectOption('三级/高级工');
    await page.getByLabel('考核计划编号').fill('PJ-2026-001');
    await page.getByLabel('考核标准').fill('GZB 6-18-02-04');
    await page.getByLabel('考核日期').fill('2026-11-01');
  };

  it('one certificate is corrected by form: what stands there, what will, a second person, a new revision', async () => {
    await at(clerk, `#/certificates/${number}`);
    await clerk.getByRole('button', { name: '更正这张证书' }).click();
    const check = clerk.getByRole('button', { name: '检查更正' });
    assert.ok(await check.isDisabled(), 'nothing is changed yet');
    assert.equal(await clerk.getByLabel('考核标准').inputValue(), 'GZB 6-18-02-04-2018');
    await clerk.getByLabel('姓名').fill('张玮');
    await clerk.getByLabel('证件号码').fill(citizenNumber(1));
    await clerk.getByText('将更正 1 项').waitFor();
    assert.equal(await clerk.locator('.issue-form ins').textContent(), '张玮');
    await look(clerk, 'correction-zh');
    await check.click();
    await clerk.getByRole('heading', { name: '将要办理' }).waitFor();
    assert.equal(await clerk.locator('td del').textContent(), '张伟1');
    assert.equal(await clerk.locator('td ins').textContent(), '张玮');
    await clerk.getByRole('button', { name: '提交审批（1 行）' }).click();
    await clerk.getByText('待审批').first().waitFor();
  });

  it('the navigation counts what waits, and what was done since the last look, until it was seen', async () => {
    await approver.reload();
    await approver.getByRole('link', { name: '待办 1 项新动态' }).waitFor();
    await approver.getByRole('region', { name: '等您审批' }).getByRole('link').first().click();
    await approver.getByRole('button', { name: '同意办理（1 行）' }).click();
    await approver.getByText('已完成').waitFor();
    await clerk.reload();
    await go(clerk, '待办');
    await clerk.getByText('上次查看以后').waitFor();
    await look(clerk, 'news-zh');
    await clerk.getByRole('button', { name: '知道了' }).click();
    await clerk.getByText('上次查看以后').waitFor({ state: 'detached' });
    await clerk.reload();
    await clerk.getByRole('heading', { name: '李娜，您好' }).waitFor();
    await at(clerk, `#/certificates/${number}`);
    await clerk.getByText('第 2 版').waitFor();
    await clerk.getByText('张玮').first().waitFor();
    assert.equal(await clerk.getByText('项新动态').count(), 0);
  });

  it('whoever handed something in takes it back before it is approved', async () => {
    await go(clerk, '制证');
    await fillForm(clerk, '赵云', citizenNumber(5));
    await clerk.getByRole('button', { name: '检查' }).click();
    await clerk.getByRole('button', { name: '提交审批（1 行）' }).click();
    await clerk.getByRole('button', { name: /^撤回/ }).click();
    await clerk.getByText('已取消').first().waitFor();
  });

  it('a form is still there after a look elsewhere and a reload; the ID number is never stored, signing out clears all', async () => {
    const page = await desk.open({ login: 'drafts', roles: ['clerk'], name: '周倩', tenant: CODE });
    await go(page, '制证');
    await page.getByLabel('姓名').fill('孙尚香');
    await page.getByLabel('证件号码').fill(citizenNumber(7));
    await go(page, '批量');
    await page.getByRole('heading', { name: '全部批次' }).waitFor();
    await go(page, '制证');
    assert.equal(await page.getByLabel('证件号码').inputValue(), citizenNumber(7));
    const stored = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    assert.match(stored, /孙尚香/);
    assert.ok(!stored.includes(citizenNumber(7)));
    await page.reload();
    await page.getByText('已恢复上次没有提交的内容').waitFor();
    assert.equal(await page.getByLabel('姓名').inputValue(), '孙尚香');
    assert.equal(await page.getByLabel('证件号码').inputValue(), '');
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('heading', { name: '登录', exact: true }).waitFor();
    assert.ok(!(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes('孙尚香'));
    await page.context().close();
  });

  it('whoever signs in where another’s session ended finds nothing of theirs; signing out that fails is said', async () => {
    const page = await desk.open({ login: 'before', roles: ['clerk'], name: '前人', tenant: CODE });
    await go(page, '制证');
    await page.getByLabel('姓名').fill('尉迟恭');
    await page.getByLabel('证件号码').fill(citizenNumber(8));
    await page.context().clearCookies();
    await page.getByRole('button', { name: '检查' }).click();
    const { secret } = await newPerson(desk.effects, world.listener.url, {
      login: 'after',
      roles: ['clerk'],
      name: '后人',
      tenant: CODE,
    });
    world.time.now = new Date(world.time.now.getTime() + 31_000);
    await page.reload();
    await page.getByRole('heading', { name: '登录', exact: true }).waitFor();
    await page.getByLabel('登录名').fill('after');
    await page.getByLabel('密码').fill(PASSWORD);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByLabel('六位验证码').fill(codeAt(secret, world.time.now));
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('navigation').waitFor();
    const stored = (): Promise<string> => page.evaluate(() => JSON.stringify({ ...sessionStorage }));
    assert.ok(!(await stored()).includes('尉迟恭'));
    await go(page, '制证');
    await page.getByLabel('姓名').fill('秦琼');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByText('服务没有回应').first().waitFor();
    assert.ok(!(await stored()).includes('秦琼'));
    await page.context().setOffline(false);
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('heading', { name: '登录', exact: true }).waitFor();
    await page.context().close();
  });

  it('single keys go places, say which they are, do nothing while somebody types, and can be switched off', async () => {
    await go(clerk, '待办');
    await clerk.locator('h1').waitFor();
    await clerk.locator('main').focus();
    await clerk.keyboard.press('?');
    await clerk.getByRole('dialog', { name: '快捷键' }).waitFor();
    await look(clerk, 'shortcuts-zh');
    await clerk.keyboard.press('2');
    assert.ok(await clerk.getByRole('dialog').isVisible(), 'keys do nothing behind a dialog');
    await clerk.keyboard.press('Escape');
    await clerk.getByRole('dialog').waitFor({ state: 'detached' });
    await clerk.keyboard.press('n');
    await clerk.getByRole('heading', { name: '单张制证' }).waitFor();
    await clerk.getByLabel('姓名').fill('');
    await clerk.getByLabel('姓名').pressSequentially('1/n?');
    assert.equal(await clerk.getByLabel('姓名').inputValue(), '1/n?');
    assert.equal(await clerk.getByRole('dialog').count(), 0);
    await clerk.getByRole('button', { name: '清空' }).click();
    await clerk.keyboard.press('1');
    await clerk.getByRole('heading', { name: '李娜，您好' }).waitFor();
    await clerk.getByRole('button', { name: '快捷键' }).click();
    await clerk.getByLabel('使用快捷键').uncheck();
    await clerk.getByRole('button', { name: '关闭' }).click();
    await clerk.keyboard.press('n');
    await clerk.keyboard.press('?');
    assert.equal(await clerk.getByRole('dialog').count(), 0);
    assert.match(clerk.url(), /#\/work$/);
    await clerk.getByRole('button', { name: '快捷键' }).click();
    await clerk.getByLabel('使用快捷键').check();
    await clerk.getByRole('button', { name: '关闭' }).click();
  });

  it('a pasted sheet is offered to be checked as a sheet, and nothing of it lands in the field', async () => {
    await go(clerk, '制证');
    const cells = [SHEET_HEADER, line(21), line(22)].map((text) => text.replaceAll(',', '\t')).join('\r\n');
    await clerk.getByLabel('姓名').evaluate((field, text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, cells);
    await clerk.getByText(/您粘贴的是一张表：3 行/).waitFor();
    assert.equal(await clerk.getByLabel('姓名').inputValue(), '');
    await look(clerk, 'paste-zh');
    await clerk.getByRole('button', { name: '作为“发证”表格检查' }).click();
    await clerk.getByRole('button', { name: '提交审批（2 行）' }).waitFor();
    await clerk.getByRole('button', { name: '取消这个批次' }).click();
    await clerk.getByText('已取消').first().waitFor();
  });

  it('a name of 5,000 characters is answered beside its field, and everything typed is still there', async () => {
    await go(clerk, '制证');
    await fillForm(clerk, '王'.repeat(5000), citizenNumber(9));
    await clerk.getByRole('button', { name: '检查' }).click();
    await clerk.locator('[aria-invalid]').first().waitFor();
    const name = clerk.getByLabel('姓名');
    assert.equal(await name.getAttribute('aria-invalid'), 'true');
    assert.equal((await name.inputValue()).length, 5000);
    assert.equal(await clerk.getByLabel('考核计划编号').inputValue(), 'PJ-2026-001');
    await look(clerk, 'long-name-zh');
  });

  it('formulas and markup typed into any field stay text, on the page and in every sheet that leaves it', async () => {
    for (const label of ['姓名', '证件号码', '职业编码', '工种', '考核计划编号', '考核标准', '理论成绩', '实操成绩'])
      await clerk.getByLabel(label).fill(EVIL);
    const answered = clerk.waitForResponse((response) => response.url().includes('/problems?'));
    await clerk.getByRole('button', { name: '检查' }).click();
    const batch = /batches\/([^/]+)\/problems/.exec((await answered).url())?.[1] ?? '';
    await clerk.locator('[aria-invalid]').first().waitFor();
    for (const file of ['problems.csv', 'result.csv']) {
      const text = await clerk.evaluate(
        async (path) => (await fetch(path)).text(),
        `./institutions/${CODE}/batches/${batch}/${file}?lang=zh-CN`,
      );
      assert.deepEqual(formulas(text), [], file);
    }
    const evil = await desk.open({
      login: 'evil',
      roles: ['approver', 'auditor'],
      name: EVIL.slice(0, 90),
      tenant: CODE,
    });
    await evil.getByRole('heading', { name: /=HYPERLINK/ }).waitFor();
    await go(evil, '证书');
    for (const label of ['证书编号', '姓名（完整）', '考核计划编号'])
      await evil.getByLabel(label).fill(EVIL.slice(0, 60));
    await evil.getByRole('button', { name: '查找' }).click();
    await evil.locator('main [role=status], main .notice-bad').first().waitFor();
    await go(evil, '批量');
    await evil.getByText('整场作废').click();
    await evil.getByLabel('考核计划编号').fill(EVIL.slice(0, 40));
    await evil.getByRole('button', { name: '列出证书' }).click();
    await evil.locator('main .notice-bad').waitFor();
    await go(clerk, '制证');
    await clerk.getByRole('button', { name: '清空' }).click();
    await fillForm(clerk, '钱多多', citizenNumber(11));
    await clerk.getByRole('button', { name: '检查' }).click();
    await clerk.getByRole('button', { name: '提交审批（1 行）' }).click();
    await clerk.getByText('待审批').first().waitFor();
    await evil.goto(clerk.url());
    await evil.getByRole('button', { name: '退回' }).click();
    await evil.getByLabel('退回原因').fill(EVIL);
    await evil.getByRole('button', { name: '退回' }).click();
    await clerk.getByText(EVIL, { exact: true }).waitFor();
    await go(evil, '日志');
    await evil.getByText('batch.send-back').first().waitFor();
    await evil
      .getByRole('cell', { name: /=HYPERLINK/ })
      .first()
      .waitFor();
    const downloading = evil.waitForEvent('download');
    await evil.getByRole('button', { name: '导出（CSV）' }).click();
    assert.deepEqual(formulas(await readFile(await (await downloading).path(), 'utf8')), []);
    for (const page of [clerk, evil]) {
      assert.equal(await page.locator('main img:not(.page-preview)').count(), 0);
      assert.notEqual(await page.title(), 'run');
    }
    await evil.context().close();
  });

  it('a role taken away meanwhile is said, and what was typed stays', async () => {
    const page = await desk.open({ login: 'leaving', roles: ['clerk'], name: '吴离', tenant: CODE });
    await go(page, '制证');
    await fillForm(page, '郑好', citizenNumber(13));
    const { body } = await page.evaluate(async () => ({ body: (await (await fetch('./session')).json()) as unknown }));
    const { id } = (body as { account: { id: string } }).account;
    const roles = { secret: world.secrets.admin };
    await answer(world.call('PUT', `/institutions/${CODE}/accounts/${id}/roles`, { roles: ['auditor'] }, roles), 204);
    await page.getByRole('button', { name: '检查' }).click();
    await page.getByText('您的角色不能办理这一项').waitFor();
    await page.getByRole('navigation').getByRole('link', { name: '日志' }).waitFor();
    assert.equal(await page.getByRole('navigation').getByRole('link', { name: '制证' }).count(), 0);
    assert.equal(await page.getByLabel('姓名').inputValue(), '郑好');
    await go(page, '日志');
    await page.goBack();
    await page.getByRole('heading', { name: '吴离，您好' }).waitFor();
    await page.context().close();
  });

  it('what belongs to another institution is not there, whatever the address says', async () => {
    const { institutions } = world.issuer.service;
    await institutions.setApproval(EMPLOYER_CODE, true, 'test');
    const body = new FormData();
    body.set('operation', 'issue');
    body.set('file', new File([`${SHEET_HEADER}\r\n${line(31)}\r\n`], 'a.csv', { type: 'text/csv' }));
    const theirs = await answer<{ id: string }>(
      await fetch(`${world.listener.url}/institutions/${EMPLOYER_CODE}/batches`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${world.secrets.other}`, 'idempotency-key': 'their-sheet' },
      }),
      201,
    );
    await at(clerk, `#/batches/${theirs.id}`);
    await clerk.getByText('没有这个批次').waitFor();
    await at(clerk, '#/certificates/Y000051000002263000001');
    await clerk.getByText('没有这张证书').waitFor();
  });

  it('a search asked a second time begins at its first page, whatever was asked in between', async () => {
    const page = await desk.open({ login: 'search', roles: ['clerk'], name: '钱找', tenant: CODE });
    await page.evaluate(() => {
      const found = (name: string) => ({
        id: `urn:yizheng:certificate:${name}`,
        certificateNumber: `S-${name}`,
        revision: 1,
        status: 'active',
        issuedOn: '2026-11-01',
        holder: { name, idType: 'passport', idLastFour: '1234' },
        assessment: 'PJ-1',
      });
      const ask = window.fetch.bind(window);
      window.fetch = (to, options) => {
        const [path, query] = typeof to === 'string' ? to.split('/certificates?') : [];
        if (path === undefined || query === undefined) return ask(to, options);
        const asked = new URLSearchParams(query);
        const name = asked.get('name') ?? '全部';
        const isFirst = !asked.has('after');
        const certificates = [found(`${name}${isFirst ? '甲' : '乙'}`)];
        const answer = { certificates, unreadable: 0, ...(isFirst && { next: 'x' }) };
        return Promise.resolve(new Response(JSON.stringify(answer)));
      };
    });
    const search = async (name: string): Promise<void> => {
      await page.getByLabel('姓名（完整）').fill(name);
      await page.getByRole('button', { name: '查找' }).click();
      await page.getByRole('cell', { name: `${name}甲`, exact: true }).waitFor();
    };
    await go(page, '证书');
    await search('张');
    await page.getByRole('button', { name: '显示更多' }).click();
    await page.getByRole('cell', { name: '张乙', exact: true }).waitFor();
    await search('李');
    await search('张');
    assert.equal(await page.getByRole('cell', { name: /^李/ }).count(), 0);
    await page.getByRole('button', { name: '显示更多' }).click();
    await page.getByRole('cell', { name: '张乙', exact: true }).waitFor();
    await page.context().close();
  });

  it('a list of 100,000 has some dozens in the page, says how many there are, and is moved through by keys', async () => {
    const page = await desk.open({ login: 'many', roles: ['clerk'], name: 'Many Rows', tenant: CODE, locale: 'en' });
    await page.evaluate(() => {
      const certificates = Array.from({ length: 100_000 }, (_, at) => ({
        id: `urn:yizheng:certificate:${at}`,
        certificateNumber: `S000051000001${String(at).padStart(8, '0')}`,
        revision: 1,
        status: 'active',
        issuedOn: '2026-11-01',
        holder: { name: `张${at}`, idType: 'passport', idLastFour: '1234' },
        assessment: 'PJ-1',
      }));
      const answer = JSON.stringify({ certificates, unreadable: 0 });
      const ask = window.fetch.bind(window);
      window.fetch = (to, options) =>
        typeof to === 'string' && to.includes('/certificates?')
          ? Promise.resolve(new Response(answer))
          : ask(to, options);
    });
    await go(page, 'Certificates');
    const table = page.getByRole('table', { name: 'Certificates' });
    await table.waitFor();
    assert.equal(await table.getAttribute('aria-rowcount'), '100001');
    const rows = table.locator('tr[data-index]');
    assert.ok((await rows.count()) < 100, String(await rows.count()));
    const first = table.getByRole('link').first();
    await first.focus();
    await page.keyboard.press('ArrowDown');
    await table.locator('tr[data-index="1"]:focus-within').waitFor();
    await page.keyboard.press('End');
    await table.locator('tr[data-index="99999"]:focus-within').waitFor();
    await table.locator('tr[aria-rowindex="100001"]').waitFor();
    assert.ok((await rows.count()) < 100);
    await page.keyboard.press('PageUp');
    await table.locator('tr[data-index="99989"]:focus-within').waitFor();
    for (const size of [{ width: 820, height: 1180 }, DESKTOP]) {
      await page.setViewportSize(size);
      await painted(page);
      assert.equal(await focusedRow(page), '99989', `at ${size.width}`);
    }
    await page.keyboard.press('Home');
    await table.locator('tr[data-index="0"]:focus-within').waitFor();
    await table.getByRole('link').nth(4).focus();
    await table.locator('tr[data-index="12"]').waitFor();
    await table.evaluate((inside) => inside.parentElement?.scrollTo(0, 2_000_000));
    await table.locator('tr[data-index="12"]').waitFor({ state: 'detached' });
    assert.equal(await focusedRow(page), '4', 'a row clicked into stays, wherever is scrolled to');
    await look(page, 'many-en');
    await page.context().close();
  });
});

/** Index of the row that has the focus. */
function focusedRow(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.closest('tr')?.dataset['index']);
}

/** Cells of a CSV file that a spreadsheet program would run. */
function formulas(text: string): string[] {
  const records = parse(text, { bom: true, relax_column_count: true });
  return records.flat().filter((cell) => /^\s*[=+\-@|%]/.test(cell));
}
