import assert from 'node:assert/strict';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { PRE_AUTHORIZED_CODE } from '../../issuer/openid4vci/authorization-server-metadata.js';
import type { Problem } from '../../server/index.js';
import { line, sheetFile } from '../issuer/batch/sheets.js';
import { answer, CODE, exam } from '../issuer/world.js';
import { HandMade } from './hand-made-requests.js';
import { startWalletWorld, type MadeOffer, type WalletWorld } from './wallet-world.js';

const SD_JWT = 'SkillLevelCertificate_dc+sd-jwt';
const at = `/institutions/${CODE}`;

interface Shown {
  id: string;
  state: string;
  code?: string;
  usedAt?: string;
}

describe('offers where a second person must agree, and offers taken back', function () {
  this.timeout(60_000);
  let world: WalletWorld;
  let make: HandMade;
  let certificate: string;

  const codeOf = async (response: Promise<Response>): Promise<string> =>
    ((await (await response).json()) as Partial<Problem>).code ?? '';
  const offers = (): string => `${at}/certificates/${encodeURIComponent(certificate)}/offers`;
  const tell = (id: string, secret: string, body: object = { identityChecked: true }) =>
    world.call('POST', `${at}/offers/${id}/code`, body, { secret });
  const form = (offer: MadeOffer, txCode: string): Record<string, string> => ({
    grant_type: PRE_AUTHORIZED_CODE,
    'pre-authorized_code': make.codeOf(offer),
    tx_code: txCode,
  });
  const withdraw = (id: string) => world.call('DELETE', `${at}/offers/${id}`);
  const auditOf = async (subject: string, action: string): Promise<object[]> => {
    const rows = await world.database
      .knex('audit_log')
      .where({ subject, action })
      .select<{ detail: string }[]>('detail');
    return rows.map(({ detail }) => JSON.parse(detail) as object);
  };

  before(async () => {
    world = await startWalletWorld();
    make = new HandMade(world);
    certificate = await world.issue(1);
  });
  after(() => world.remove());

  describe('a certificate that names no key', () => {
    before(() => world.issuer.service.institutions.setApproval(CODE, true, 'test'));
    after(() => world.issuer.service.institutions.setApproval(CODE, false, 'test'));

    it('is taken only with a code that a second person tells, having checked who asks', async () => {
      const offer = await world.offer(certificate);
      assert.deepEqual([offer.txCode, offer.codeWithheld], [undefined, true]);
      for (let guesses = 0; guesses < 6; guesses++)
        assert.equal((await make.token(form(offer, `00000${guesses}`))).code, 'TX_CODE_NOT_TOLD');
      const { clerk, approver, auditor, other } = world.secrets;
      assert.equal(await codeOf(tell(offer.id, clerk)), 'APPROVAL_BY_SAME_PERSON');
      assert.equal(await codeOf(tell(offer.id, approver, {})), 'REQUEST_INVALID');
      assert.equal(await codeOf(tell(offer.id, auditor)), 'ROLE_MISSING');
      assert.equal(await codeOf(tell(offer.id, other)), 'NOT_FOUND');
      const { txCode } = await answer<{ txCode: string }>(tell(offer.id, approver));
      assert.match(txCode, /^\d{6}$/);
      assert.equal(await codeOf(tell(offer.id, approver)), 'OFFER_CODE_TOLD');
      const wrong = txCode === '000000' ? '000001' : '000000';
      assert.equal((await make.token(form(offer, wrong))).code, 'TX_CODE_WRONG');
      const key = await world.wallet.newKey();
      const taken = await world.wallet.take(offer.uri, txCode);
      const [text = ''] = textsOf(await world.wallet.receive(taken, SD_JWT, [key]));
      assert.deepEqual(decodeJwt<{ cnf: { jwk: object } }>(text.split('~')[0] ?? '').cnf.jwk, key.jwk);
      assert.deepEqual(await auditOf(offer.id, 'offer.tell-code'), [{ certificate, identityChecked: true }]);
      const audit = JSON.stringify(await world.database.knex('audit_log').select());
      const stored = JSON.stringify(await world.database.knex('credential_offers').select());
      for (const place of [audit, stored, world.lines.join('\n')]) assert.ok(!place.includes(`"${txCode}"`));
    });

    it('is not offered without a code, and the code of an offer that is over is told to nobody', async () => {
      assert.equal(await codeOf(world.call('POST', offers(), { txCode: false })), 'APPROVAL_REQUIRED');
      const offer = await world.offer(certificate);
      const shown = await answer<{ offers: Shown[] }>(world.call('GET', offers()));
      assert.equal(shown.offers.find(({ id }) => id === offer.id)?.code, 'withheld');
      assert.equal((await answer<Shown>(withdraw(offer.id))).state, 'withdrawn');
      assert.equal(await codeOf(tell(offer.id, world.secrets.approver)), 'OFFER_WITHDRAWN');
    });

    it('nor does the list for a whole batch hold the codes', async () => {
      const { batches } = world.issuer.service;
      const path = await sheetFile(join(world.folder, 'withheld.csv'), [line(41)]);
      const request = { institution: CODE, actor: 'clerk-1', operation: 'issue' } as const;
      const { id } = await batches.upload({ ...request, file: { path, name: 'a.csv' } });
      await batches.confirm(CODE, id, { actor: 'clerk-1', rows: 'all' });
      const csv = await (await world.call('POST', `${at}/batches/${id}/offers.csv?lang=en`, {})).text();
      assert.match(csv, /told by a second person/);
      assert.doesNotMatch(csv, /,\d{6},/);
    });
  });

  it('one that names a key of its holder is offered with its code: no other wallet can take it', async () => {
    const { jwk } = await make.newKey();
    const did = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
    const bound = await world.issue(2, { holder: { ...holderOf(2), did } });
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
    try {
      assert.match((await world.offer(bound)).txCode ?? '', /^\d{6}$/);
    } finally {
      await world.issuer.service.institutions.setApproval(CODE, false, 'test');
    }
  });

  it('an offer that was taken is withdrawn with its token, before anything was handed over', async () => {
    const offer = await world.offer(certificate);
    const taken = await world.wallet.take(offer.uri, offer.txCode ?? '');
    const key = await world.wallet.newKey();
    const shown = await answer<Shown>(withdraw(offer.id));
    assert.equal(shown.state, 'withdrawn');
    assert.ok(shown.usedAt !== undefined, 'that it was taken stays known');
    await assert.rejects(world.wallet.receive(taken, SD_JWT, [key]), /invalid_token/);
    assert.deepEqual(await auditOf(offer.id, 'offer.withdraw'), [
      { certificate, tokens: 1, waiting: 0, handedOver: 0 },
    ]);
    assert.equal((await answer<Shown>(withdraw(offer.id))).state, 'withdrawn');
    assert.equal((await auditOf(offer.id, 'offer.withdraw')).length, 1, 'the same again changes nothing');
  });

  it('and with what waits for the issuing of a batch', async () => {
    const { batches } = world.issuer.service;
    const path = await sheetFile(join(world.folder, 'waiting.csv'), [line(42)]);
    const request = { institution: CODE, actor: 'clerk-1', operation: 'issue', approval: true } as const;
    const { id } = await batches.upload({ ...request, file: { path, name: 'a.csv' } });
    await batches.confirm(CODE, id, { actor: 'clerk-1', rows: 'all' });
    const csv = await (await world.call('POST', `${at}/batches/${id}/offers.csv?lang=en`, {})).text();
    const [, , , uri = '', txCode = ''] = (csv.split('\r\n')[1] ?? '').replaceAll('"', '').split(',');
    const taken = await world.wallet.take(uri, txCode);
    const deferred = await world.wallet.receive(taken, SD_JWT, [await world.wallet.newKey()]);
    assert.ok(deferred.transaction_id);
    const used = world.database.knex('credential_offers').where({ state: 'used' }).whereNull('certificate');
    const [{ id: offer } = { id: '' }] = await used.select<{ id: string }[]>('id');
    assert.equal((await answer<Shown>(withdraw(offer))).state, 'withdrawn');
    assert.deepEqual(await world.database.knex('deferred_credentials').select(), []);
    await assert.rejects(world.wallet.comeBack(taken, deferred.transaction_id), /invalid_token/);
    const [said] = (await auditOf(offer, 'offer.withdraw')) as { tokens: number; waiting: number }[];
    assert.deepEqual([said?.tokens, said?.waiting], [1, 1]);
  });

  it('what the wallet has stays with it and is counted; when the token is over there is nothing left to withdraw', async () => {
    const offer = await world.offer(certificate);
    const taken = await world.wallet.take(offer.uri, offer.txCode ?? '');
    await world.wallet.receive(taken, SD_JWT, [await world.wallet.newKey()]);
    const old = await world.offer(certificate);
    await world.wallet.take(old.uri, old.txCode ?? '');
    assert.equal((await answer<Shown>(withdraw(offer.id))).state, 'withdrawn');
    const [said] = (await auditOf(offer.id, 'offer.withdraw')) as { handedOver: number }[];
    assert.equal(said?.handedOver, 1);
    world.time.now = new Date(world.time.now.getTime() + 16 * 60_000);
    assert.equal(await codeOf(withdraw(old.id)), 'OFFER_USED');
  });
});

function holderOf(n: number): object {
  return exam(n)['holder'] as object;
}

function textsOf(response: Readonly<Record<string, unknown>>): string[] {
  return (response['credentials'] as { credential: string }[]).map(({ credential }) => credential);
}
