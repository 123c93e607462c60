import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page, Route } from 'playwright-core';
import { accreditationOf, answer, CODE, exam, startWorld, type World } from '../issuer/world.js';
import { go, look, startDesk, type Desk } from './desk.js';

describe('the console: two key custodians', function () {
  this.timeout(180_000);
  let world: World;
  let desk: Desk;
  let first: Page;
  let second: Page;
  let auditor: Page;

  before(async () => {
    world = await startWorld({ console: true });
    for (let n = 1; n <= 3; n++) await answer(world.call('POST', `/institutions/${CODE}/certificates`, exam(n)), 201);
    desk = await startDesk(world);
    first = await desk.open({ login: 'zhao', roles: ['custodian'], name: '赵敏', tenant: CODE });
    second = await desk.open({ login: 'qian', roles: ['custodian'], name: '钱进', tenant: CODE });
    auditor = await desk.open({ login: 'auditor', roles: ['auditor'], name: 'Ann', tenant: CODE, locale: 'en' });
  });
  after(async () => {
    await desk.close();
    await world.remove();
  });

  const held = () => world.keystore.list({ purpose: 'assertion' }).filter(({ id }) => id.includes(CODE));
  /** What the authority does with the record it got: every key of the institution goes into the accreditation. */
  const accredit = async (): Promise<void> => {
    const institution = await world.issuer.service.institutions.get(CODE);
    const [key] = held();
    assert.ok(key);
    const signingKeys = held().map(({ id, publicKeyMultibase, validUntil }) => ({
      id,
      type: 'Multikey' as const,
      publicKeyMultibase,
      validFrom: '2026-01-01T00:00:00+08:00',
      ...(validUntil === undefined ? {} : { validUntil }),
    }));
    const others = world.accreditations.filter(({ institutionCode }) => institutionCode !== CODE);
    const bundle = await world.publish([{ ...accreditationOf(institution, key), signingKeys }, ...others]);
    await world.issuer.service.accreditations.import(institution, 'test', bundle);
  };
  /** The page asks just while it is being done: after the second person agreed, before it is written down. */
  const answerOnceInBetween = async (page: Page): Promise<void> => {
    const asking = /\/key-ceremonies\/kc_[0-9a-f]{24}$/;
    const inBetween = async (route: Route): Promise<void> => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), state: 'confirmed' } });
    };
    await page.route(asking, inBetween, { times: 1 });
    await page.getByRole('button', { name: '继续完成' }).waitFor();
  };
  const fingerprintOn = (page: Page): Promise<string[]> => page.locator('.fingerprint').first().locator('li').allTextContents(); // prettier-ignore

  it('one sees the key, what it signed and that the authority accepts it, and proposes the next one', async () => {
    await go(first, '密钥');
    await first.getByText('3 张').waitFor();
    await first.getByText(/已备案，认可/).waitFor();
    await first.getByText(/私钥从不离开它。没有配置硬件令牌（PKCS#11）/).waitFor();
    assert.equal((await fingerprintOn(first)).join('').length, 64);
    await look(first, 'keys-zh');
    await first.getByLabel('原因').fill('年度更换');
    await first.getByRole('button', { name: '提出，由第二位保管人确认' }).click();
    await first.getByText('这是您提出的').waitFor();
    assert.equal(await first.getByRole('button', { name: /^确认/ }).count(), 0);
    await look(first, 'keys-proposed-zh');
    assert.equal(held().length, 1);
  });

  it('the other confirms, both see the same fingerprint, and the signed record is there for the authority', async () => {
    await go(second, '密钥');
    await second.getByRole('region', { name: '等待两人完成 (1)' }).getByRole('link').first().click();
    const confirm = second.getByRole('button', { name: '确认，建立新密钥' });
    assert.equal(await confirm.isDisabled(), true);
    await second.getByRole('checkbox', { name: /我已和提出人当面或电话核实/ }).check();
    await look(second, 'keys-confirm-zh');
    await answerOnceInBetween(first);
    await confirm.click();
    const record = second.getByRole('link', { name: '下载签名记录（交主管部门）' });
    await record.waitFor();
    await first.getByRole('link', { name: '下载签名记录（交主管部门）' }).waitFor();
    await first.locator('.fingerprint').first().waitFor();
    assert.deepEqual(await fingerprintOn(first), await fingerprintOn(second));
    const downloading = second.waitForEvent('download');
    await record.click();
    const file = JSON.parse(await readFile(await (await downloading).path(), 'utf8')) as {
      record: { confirmed: { name: string }; key: { state: string } };
    };
    assert.deepEqual([file.record.confirmed.name, file.record.key.state], ['钱进', 'next']);
    await look(second, 'keys-made-zh');
  });

  it('the next key is activated only once the authority lists it, after comparing', async () => {
    await go(second, '密钥');
    await second.getByText(/请把密钥操作的记录交给主管部门/).waitFor();
    assert.equal(await second.getByRole('button', { name: '提议启用' }).count(), 0);
    await accredit();
    await second.reload();
    await second.getByText('主管部门已认可这把密钥，可以启用了。').waitFor();
    await look(second, 'keys-ready-zh');
    await second.getByRole('button', { name: '提议启用' }).click();
    await second.getByLabel('原因').fill('年度更换');
    await second.getByRole('button', { name: '提出，由第二位保管人确认' }).click();
    await second.getByText('这是您提出的').waitFor();
    await go(first, '密钥');
    await first.getByRole('region', { name: '等待两人完成 (1)' }).getByRole('link').first().click();
    await first.getByRole('checkbox', { name: /十六组都相同/ }).check();
    await first.getByRole('button', { name: '确认，启用新密钥' }).click();
    await first.getByRole('link', { name: '下载签名记录（交主管部门）' }).waitFor();
    assert.deepEqual(
      held().map(({ state }) => state),
      ['retired', 'active'],
    );
  });

  it('a loss, since a time in China wherever the device is, shows its consequences first, and is reported by two', async () => {
    await answer(world.call('POST', `/institutions/${CODE}/certificates`, exam(4)), 201);
    await go(first, '密钥');
    await first.getByRole('article', { name: 'key-2' }).getByRole('link', { name: /先看后果/ }).click(); // prettier-ignore
    await first.getByLabel('从什么时候起').fill('2026-11-01T08:00');
    await first.getByRole('button', { name: '看后果' }).click();
    await first.getByText('1 张证书将被所有验证方拒绝').waitFor();
    await first.getByText(/拒绝 \(KEY_COMPROMISED\)/).waitFor();
    await look(first, 'keys-consequences-zh');
    assert.equal(held().at(-1)?.state, 'active');
    await first.getByLabel('原因').fill('备份硬盘被盗');
    await first.getByRole('button', { name: '提议声明泄露' }).click();
    await first.getByText('这是您提出的').waitFor();
    assert.equal(await first.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone), 'UTC');
    await first.getByText('2026-11-01 08:00').waitFor();
    await go(second, '密钥');
    await second.getByRole('region', { name: '等待两人完成 (1)' }).getByRole('link').first().click();
    await second.getByText('1 张证书将被所有验证方拒绝').waitFor();
    await second.getByRole('checkbox', { name: /十六组都相同/ }).check();
    await second.getByRole('button', { name: '确认，声明泄露' }).click();
    await second.getByRole('link', { name: '下载签名通知（交主管部门）' }).waitFor();
    assert.equal(held().at(-1)?.state, 'compromised');
    await look(second, 'keys-lost-zh');
  });

  it('an auditor sees all of it and can change nothing', async () => {
    await go(auditor, 'Keys');
    await auditor.getByText(/No key is active/).waitFor();
    await auditor.getByRole('cell', { name: '赵敏' }).first().waitFor();
    assert.equal(await auditor.getByRole('button').filter({ hasText: /Propose|Confirm/ }).count(), 0); // prettier-ignore
    await look(auditor, 'keys-en');
    await auditor.getByRole('link', { name: /Report a lost key/ }).first().click(); // prettier-ignore
    await auditor.getByText('Done, and written down in the log.').waitFor();
    await look(auditor, 'keys-lost-en');
    await auditor.setViewportSize({ width: 320, height: 700 });
    const overflow = await auditor.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page scrolls sideways by ${overflow}px`);
  });
});
