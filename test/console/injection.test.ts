import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { Role } from '../../server/index.js';
import { neutralised } from '../../shared/sheet/neutralise.js';
import { typeEverywhere } from '../issuer/type-everywhere.js';
import { answer, CODE, startWorld, type World } from '../issuer/world.js';
import { tables } from '../mechanisms/world.js';
import { People } from '../registry/people.js';
import { startRegistry, type RunningRegistry } from '../registry/running-registry.js';
import { typeEverywhere as typeAtRegistry } from '../registry/type-everywhere.js';
import { MARK, payload, type OpenApi } from '../server/typed-fields.js';
import { startDesk, type Desk } from './desk.js';

/** Forms of an institution: where they are, a field of theirs, and what opens them. */
const FORMS: readonly (readonly [address: string, label: string, opener?: string])[] = [
  ['#/issue', '姓名'],
  ['#/sessions', '考核计划编号', '新建考核计划'],
  ['#/sessions/ZX-1', '姓名', '添加考生'],
  ['#/exemptions', '申请人姓名'],
  ['#/exemptions/new', '姓名'],
  ['#/batches', '考核计划编号', '整场作废'],
  ['#/certificates', '证书编号'],
  ['#/certificates/S000051000001263000001', '姓名', '更正这张证书'],
  ['#/printing', '流水码前缀'],
  ['#/people', '姓名'],
  ['#/audit', '筛选'],
];

/** Goes to a page of the console and waits until it is there; with `shows`, until it shows something typed. */
async function visit(page: Page, address: string, shows: boolean): Promise<void> {
  await page.evaluate((hash) => void (location.hash = hash), address);
  await page.locator('main h1').first().waitFor();
  if (shows)
    await page
      .locator('main')
      .getByText(MARK)
      .first()
      .waitFor({ state: 'attached' })
      .catch((cause: unknown) => assert.fail(`${address} shows nothing that was typed: ${String(cause)}`));
  await untouched(page, address);
}

/** Nothing typed became an element, a script or a handler. */
async function untouched(page: Page, address: string): Promise<void> {
  const found = await page.evaluate(() => ({
    elements: document.querySelectorAll('img[src="x"], [onerror]').length,
    ran: (window as unknown as { ran: { times: number } }).ran.times,
  }));
  assert.deepEqual(found, { elements: 0, ran: 0 }, address);
}

/** Types into every field of the page that takes text. @returns how many there were */
async function typeIn(page: Page, address: string): Promise<number> {
  const fields = page.locator(
    'main :is(input[type="text"], input[type="search"], input:not([type]), textarea):enabled',
  );
  let typed = 0;
  for (const field of await fields.all()) {
    if (!(await field.isVisible())) continue;
    await field.fill(payload());
    typed++;
  }
  await untouched(page, address);
  return typed;
}

/** Makes what a payload would call, and counts the calls. */
async function listen(page: Page): Promise<void> {
  const count = (): void => {
    const ran = Object.assign(
      () => {
        ran.times++;
      },
      { times: 0 },
    );
    Object.assign(window, { ran });
  };
  await page.addInitScript(count);
  await page.reload();
  await page.getByRole('navigation').waitFor();
}

describe('the console: what is typed stays text', function () {
  this.timeout(240_000);

  describe('of an institution', () => {
    let world: World;
    let desk: Desk;
    let page: Page;
    let pages: [address: string, shows: boolean][];
    before(async () => {
      const applicationTables = { rules: tables['application-rule'], issuingRegions: tables['issuing-regions'] };
      world = await startWorld({ console: true, batches: { threads: 1, pollMs: 50 }, applicationTables });
      const api = await answer<OpenApi>(fetch(`${world.listener.url}/openapi.json`));
      const { ids } = await typeEverywhere(world, api);
      desk = await startDesk(world);
      const roles: Role[] = ['clerk', 'approver', 'officer', 'auditor', 'admin', 'custodian', 'supervisor'];
      page = await desk.open({ login: 'all', roles, name: payload(), tenant: CODE });
      await listen(page);
      const each = (view: string, name: string): [string, boolean][] =>
        (ids[name] ?? []).map((id) => [`#/${view}/${encodeURIComponent(id)}`, true]);
      pages = [
        ['#/work', true],
        ['#/issue', false],
        ['#/sessions', true],
        ...each('sessions', 'sessionId'),
        ['#/exemptions', true],
        ['#/exemptions/new', false],
        ...each('exemptions', 'applicationId'),
        ['#/batches', true],
        ...each('batches', 'batchId'),
        ['#/certificates', true],
        ...each('certificates', 'certificateId'),
        ['#/printing', false],
        ['#/supervision', false],
        ['#/keys', false],
        ['#/supervision/rules', false],
        ...each('keys', 'ceremonyId'),
        ['#/people', true],
        ['#/audit', true],
        ['#/account', true],
      ];
    });
    after(async () => {
      await desk.close();
      await world.remove();
    });

    it('every page shows it as the text it is', async () => {
      for (const [address, shows] of pages) await visit(page, address, shows);
    });

    it('forms take it as text, also while it is being typed', async () => {
      let typed = 0;
      for (const [address, label, opener] of FORMS) {
        await visit(page, address, false);
        if (opener !== undefined) await page.locator('main').getByText(opener, { exact: true }).first().click();
        await page
          .getByLabel(new RegExp(`^${label}`))
          .first()
          .waitFor();
        typed += await typeIn(page, address);
      }
      assert.ok(typed > 30, `${typed} fields`);
    });

    it('the log leaves the browser as a sheet without formulas', async () => {
      await visit(page, '#/work', false);
      await visit(page, '#/audit', true);
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: '导出（CSV）' }).click();
      const csv = await readFile(await (await downloading).path(), 'utf8');
      const cells = csv.split(/[\r\n]+|,(?=")|","/).map((cell) => cell.replace(/^"/, ''));
      const own = cells.filter((cell) => /^'?[=@+-](?:SUM|1<)/.test(cell));
      assert.ok(own.length > 0);
      for (const cell of own) assert.equal(cell, neutralised(cell), cell);
    });
  });

  describe('of an authority', () => {
    let registry: RunningRegistry;
    let desk: Desk;
    let page: Page;
    let pages: [address: string, shows: boolean][];
    before(async () => {
      registry = await startRegistry('sqlite', { console: true });
      const people = await new People(registry).standard();
      for (const name of ['chen', 'other']) await people.key(name, ['clerk']);
      await people.key('boss', ['admin']);
      const api = (await (await fetch(`${registry.url}/openapi.json`)).json()) as OpenApi;
      const { proposals, applications } = await typeAtRegistry(registry, people, api);
      desk = await startDesk({ ...registry.accounts, listener: { url: registry.url }, time: registry });
      const roles: Role[] = ['officer', 'approver', 'auditor', 'admin', 'custodian'];
      page = await desk.open({ login: 'all', roles, name: payload(), tenant: 'sc' });
      await listen(page);
      pages = [
        ['#/work', true],
        ...proposals.map((id): [string, boolean] => [`#/work/${encodeURIComponent(id)}`, true]),
        ['#/institutions', true],
        [`#/institutions/${encodeURIComponent('did:web:one.example')}`, true],
        ['#/institutions/new', false],
        ['#/recognitions', false],
        ['#/recognitions/new', false],
        ['#/requests', true],
        ...applications.map((id): [string, boolean] => [`#/requests/${encodeURIComponent(id)}`, true]),
        ['#/map', false],
        ['#/publication', false],
        ['#/people', true],
        ['#/audit', true],
      ];
    });
    after(async () => {
      await desk.close();
      await registry.stop();
    });

    it('every page shows it as the text it is, also while it is being typed', async () => {
      let typed = 0;
      for (const [address, shows] of pages) {
        await visit(page, address, shows);
        typed += await typeIn(page, address);
      }
      assert.ok(typed > 8, `${typed} fields`);
    });
  });
});
