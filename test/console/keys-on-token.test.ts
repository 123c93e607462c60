import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Pkcs11Token } from '../../keys/pkcs11/pkcs11-token.js';
import { CODE, startWorld, type World } from '../issuer/world.js';
import { PIN, softHsm, whyNoSoftHsm } from '../keys/softhsm.js';
import { go, look, startDesk, type Desk } from './desk.js';

const why = whyNoSoftHsm();

describe('the console: keys on a PKCS#11 token', function () {
  this.timeout(180_000);
  if (why !== undefined) {
    it.skip(`was not tried: ${why}`);
    return;
  }
  let world: World;
  let desk: Desk;
  let token: Pkcs11Token;
  let custodian: Page;
  let auditor: Page;

  before(async () => {
    softHsm().addToken('两江中心');
    token = await Pkcs11Token.open({ module: softHsm().module, label: '两江中心', pin: PIN });
    world = await startWorld({ console: true, token });
    desk = await startDesk(world);
    custodian = await desk.open({ login: 'zhao', roles: ['custodian'], name: '赵敏', tenant: CODE });
    auditor = await desk.open({ login: 'auditor', roles: ['auditor'], name: 'Ann', tenant: CODE, locale: 'en' });
  });
  after(async () => {
    softHsm().putBack();
    await desk.close();
    await world.remove();
    await token.close();
  });

  it('a custodian reads on which token a key lies, that it cannot be copied, and what a passphrase does not bring back', async () => {
    await go(custodian, '密钥');
    await custodian.getByText(`新密钥建在令牌 两江中心（序列号 ${token.serial}）上`).waitFor();
    const card = custodian.getByRole('article', { name: 'key-1' });
    await card.getByText(`令牌 两江中心（序列号 ${token.serial}） · 不能复制`).waitFor();
    await custodian.getByText('口令分给几位保管人').click();
    await custodian.getByText('口令和文件备份都恢复不了它们').waitFor();
    await look(custodian, 'keys-on-token');
    await go(auditor, 'Keys');
    await auditor.getByText(/token 两江中心 \(serial [0-9a-f]+\) · cannot be copied/).waitFor();
    await look(auditor, 'keys-on-token-en');
  });

  it('an ended key that could not be destroyed says so', async () => {
    const [key] = world.keystore.list({ purpose: 'assertion' }).filter(({ id }) => id.includes(CODE));
    assert.ok(key);
    softHsm().takeOut();
    assert.equal((await world.keystore.retire(key.id, world.time.now)).token?.isDestroyed, false);
    await custodian.reload();
    await custodian.getByText(/已停用和已泄露的密钥/).click();
    await custodian.getByText(/私钥没能销毁，还在令牌上.*\(TOKEN_ABSENT\)/).waitFor();
    await look(custodian, 'keys-left-on-token');
  });
});
