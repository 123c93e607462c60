import assert from 'node:assert/strict';
import { errorCode } from '../../shared/errors.js';
import { readSdJwtClaims } from '../../shared/proof/forms/present-sd-jwt.js';
import { sameHolderKey } from '../../shared/proof/holder-check.js';
import { readArrival } from '../../wallet/web/src/core/arrive.js';
import { listCertificates } from '../../wallet/web/src/core/certificates/certificates.js';
import { holderOf } from '../../wallet/web/src/core/certificates/read-form.js';
import { holderDids } from '../../wallet/web/src/core/keys/holder-key.js';
import { listPending, postpone } from '../../wallet/web/src/core/receive/deferred.js';
import { acceptReceived, declineReceived, obtain, resumeDeferred } from '../../wallet/web/src/core/receive/obtain.js';
import { readOffer } from '../../wallet/web/src/core/receive/read-offer.js';
import type { Vault } from '../../wallet/web/src/core/vault/vault.js';
import { openWallet, testPlatform, type TestPlatform } from './core-world.js';
import { startThirdPartyIssuer, type ThirdPartyIssuer } from './third-party-issuer.js';

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', errorCode);

describe('our wallet and an issuer made of other people’s libraries [OID4VCI §4–§11] [INTEROP @openid4vc/openid4vci]', () => {
  let issuer: ThirdPartyIssuer;
  let platform: TestPlatform;
  let vault: Vault;

  before(async () => {
    issuer = await startThirdPartyIssuer();
    let ahead = 0;
    platform = await testPlatform({ fetch, now: () => Date.now() + ahead });
    platform.wait = (seconds) => {
      ahead += seconds * 1000;
    };
  });
  beforeEach(async () => {
    issuer.mischief = {};
    issuer.notices.length = 0;
    await platform.store.clear();
    vault = await openWallet(platform);
  });
  after(() => issuer.stop());

  it('takes a credential: offer, code from the slip, nonce, key proof, look, accept, notice', async () => {
    const { link, txCode } = await issuer.offer();
    assert.equal(readArrival(link).kind, 'offer');
    const offer = await readOffer(link, platform);
    assert.deepEqual(offer.issuerNames, { en: 'Third Party Training Ltd' });
    assert.deepEqual(
      offer.forms.map(({ format, names, bindAs }) => [format, names, bindAs]),
      [['dc+sd-jwt', { zh: '叉车证', en: 'Forklift licence' }, 'jwk']],
    );
    assert.deepEqual(offer.txCode, { inputMode: 'numeric', length: 6, description: 'On your slip' });
    const before = issuer.proofs;
    const received = await obtain(offer, { txCode }, vault, platform);
    assert.equal(issuer.proofs, before + 1);
    assert.deepEqual(await listCertificates(vault), []);
    const [preview] = received.previews;
    assert.ok(preview);
    assert.deepEqual(preview.warnings, ['FOREIGN_CREDENTIAL']);
    assert.notEqual(preview.verdict?.headline, 'accepted');
    const [kept] = await acceptReceived(received, vault, platform);
    assert.deepEqual(issuer.notices, [{ notification_id: 'n-1', event: 'credential_accepted' }]);
    const [form] = kept?.forms ?? [];
    const [did] = await holderDids(vault);
    assert.ok(form && did !== undefined && sameHolderKey(holderOf('dc+sd-jwt', form.text) ?? '', did));
    assert.equal(readSdJwtClaims(form.text).claims['family_name'], 'Zhang');
    assert.deepEqual(
      (await listCertificates(vault)).map(({ title, issuerHost }) => [title.zh, issuerHost]),
      [['叉车证', new URL(issuer.url).host]],
    );
  });

  it('takes an offer by reference, also through the address of our own wallet', async () => {
    const { link, txCode } = await issuer.offer(true);
    const inFragment = `https://wallet.example/#${link.slice(link.indexOf('?') + 1)}`;
    const received = await obtain(await readOffer(inFragment, platform), { txCode }, vault, platform);
    assert.equal(received.previews.length, 1);
    await declineReceived(received, platform);
    assert.deepEqual(issuer.notices, [{ notification_id: 'n-1', event: 'credential_deleted' }]);
    assert.deepEqual([await listCertificates(vault), await holderDids(vault)], [[], []]);
  });

  it('names a wrong code and lets it be typed again; a used offer is over', async () => {
    const { link, txCode } = await issuer.offer();
    const offer = await readOffer(link, platform);
    assert.equal(await codeOf(obtain(offer, {}, vault, platform)), 'TX_CODE_REQUIRED');
    assert.equal(await codeOf(obtain(offer, { txCode: '000000' }, vault, platform)), 'TX_CODE_WRONG');
    await acceptReceived(await obtain(offer, { txCode }, vault, platform), vault, platform);
    assert.equal(await codeOf(obtain(offer, { txCode }, vault, platform)), 'TX_CODE_WRONG');
  });

  it('asks for another nonce when one was used up', async () => {
    issuer.mischief = { staleNonce: true };
    const { link, txCode } = await issuer.offer();
    const { previews } = await obtain(await readOffer(link, platform), { txCode }, vault, platform);
    assert.equal(previews.length, 1);
  });

  it('refuses a credential bound to somebody else’s key', async () => {
    issuer.mischief = { otherKey: true };
    const { link, txCode } = await issuer.offer();
    const offer = await readOffer(link, platform);
    assert.equal(await codeOf(obtain(offer, { txCode }, vault, platform)), 'CREDENTIAL_FOR_OTHER_KEY');
    assert.deepEqual([await listCertificates(vault), await listPending(vault), await holderDids(vault)], [[], [], []]);
  });

  it('refuses metadata that speaks for another issuer', async () => {
    issuer.mischief = { otherName: true };
    assert.equal(await codeOf(readOffer((await issuer.offer()).link, platform)), 'ISSUER_MISMATCH');
  });

  it('waits for what still has to be approved, through a lock and a restart, and takes it then', async () => {
    issuer.mischief = { later: true };
    const { link, txCode } = await issuer.offer();
    const received = await obtain(await readOffer(link, platform), { txCode }, vault, platform);
    assert.deepEqual([received.previews, received.deferred], [[], 1]);
    assert.equal((await listPending(vault)).length, 1);
    assert.equal((await resumeDeferred(vault, platform)).previews.length, 0);
    platform.wait(61);
    assert.equal((await resumeDeferred(vault, platform)).previews.length, 0);
    issuer.approve();
    platform.wait(61);
    const later = await resumeDeferred(vault, platform);
    await acceptReceived(later, vault, platform);
    assert.deepEqual([(await listCertificates(vault)).length, (await listPending(vault)).length], [1, 0]);
    assert.deepEqual(issuer.notices, [{ notification_id: 'n-later', event: 'credential_accepted' }]);
  });

  it('goes on waiting whatever the issuer answers, until it says that the certificate will never come', async () => {
    issuer.mischief = { later: true };
    const { link, txCode } = await issuer.offer();
    await obtain(await readOffer(link, platform), { txCode }, vault, platform);
    const asking = async (status: number, json: object): Promise<[string, number]> => {
      platform.wait(10_000);
      const answering: typeof fetch = (input, init) =>
        new URL(input instanceof Request ? input.url : input).pathname === '/deferred'
          ? Promise.resolve(Response.json(json, { status }))
          : fetch(input, init);
      const code = await codeOf(resumeDeferred(vault, { ...platform, fetch: answering }));
      return [code, (await listPending(vault)).length];
    };
    assert.deepEqual(await asking(401, { error: 'invalid_token' }), ['TOKEN_EXPIRED', 1]);
    assert.deepEqual(await asking(400, { error: 'invalid_credential_request' }), ['CREDENTIAL_REFUSED', 1]);
    assert.deepEqual(await asking(500, {}), ['ISSUER_ANSWER', 1]);
    assert.deepEqual(await asking(400, { error: 'issuance_pending', interval: 60 }), ['done', 1]);
    assert.deepEqual(await asking(400, { error: 'invalid_transaction_id' }), ['DEFERRED_GONE', 0]);
    assert.deepEqual(await holderDids(vault), []);
    const again = await issuer.offer();
    await obtain(await readOffer(again.link, platform), { txCode: again.txCode }, vault, platform);
    assert.deepEqual(await asking(400, { error: 'credential_request_denied' }), ['DEFERRED_GONE', 0]);
  });

  it('waits for each certificate on its own, however alike the names are that issuers give them', async () => {
    issuer.mischief = { later: true };
    const { link, txCode } = await issuer.offer();
    await obtain(await readOffer(link, platform), { txCode }, vault, platform);
    const [first] = await listPending(vault);
    assert.ok(first);
    const keyFor = (changes: object, transactionId: string): string | undefined =>
      postpone({ ...first, ...changes }, { transactionId, intervalSeconds: 60 }, platform).at(-1)?.key;
    const long = 'x'.repeat(400);
    const keys = [keyFor({}, 't-1'), keyFor({ issuer: 'https://other.example' }, 't-1'), keyFor({}, `${long}1`), keyFor({}, `${long}2`)]; // prettier-ignore
    assert.equal(new Set(keys).size, 4);
    assert.equal(keys[0], `pending/${first.id}`);
  });
});
