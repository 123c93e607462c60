import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list';
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { isCitizenNumber } from '../../shared/certificate/identity-document.js';
import { encodeMultikey, publicKeyOfJwk } from '../../shared/did/multikey.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { line, sheetFile } from '../issuer/batch/sheets.js';
import { answer, CODE, WALLET_URL, citizenNumber } from '../issuer/world.js';
import { HandMade } from './hand-made-requests.js';
import { ISSUER, startWalletWorld, type WalletWorld } from './wallet-world.js';
import { watchContract } from '../server/contract.js';

const SD_JWT = 'SkillLevelCertificate_dc+sd-jwt';
const LDP = 'SkillLevelCertificate_ldp_vc';

describeOnEachDatabase('an OpenID4VCI issuer', function (kind) {
  this.timeout(60_000);
  let world: WalletWorld;
  let make: HandMade;
  before(async () => {
    world = await startWalletWorld({ kind });
    make = new HandMade(world);
  });
  after(() => world.remove());
  watchContract(() => world.listener.url);

  const textsOf = (response: Readonly<Record<string, unknown>>): string[] =>
    (response['credentials'] as { credential: string }[]).map(({ credential }) => credential);
  const statusOf = (id: string, action: string, reason: string): Promise<Response> =>
    world.call(
      'POST',
      `/institutions/${CODE}/certificates/${encodeURIComponent(id)}/status`,
      { action, reason },
      {
        secret: world.secrets.approver,
      },
    );

  it('[OID4VCI §8.3] gives one credential for each of several keys, all different', async () => {
    const keys = [await world.wallet.newKey(), await world.wallet.newKey('EdDSA'), await world.wallet.newKey('ES384')];
    const { uri, txCode } = await world.offer(await world.issue(1));
    const taken = await world.wallet.take(uri, txCode);
    const texts = textsOf(await world.wallet.receive(taken, SD_JWT, keys));
    const bound = texts.map((text) => decodeJwt<{ cnf: { jwk: { x: string } } }>(text.split('~')[0] ?? '').cnf.jwk.x);
    assert.deepEqual(
      bound,
      keys.map(({ jwk }) => jwk.x),
    );
  });

  it('[OID4VCI §8.2] takes a did:key, and the singular proof of draft 15', async () => {
    const key = await make.newKey();
    const did = `did:key:${encodeMultikey(publicKeyOfJwk(key.jwk))}`;
    const kid = `${did}#${did.slice('did:key:'.length)}`;
    const token = await make.tokenOf(await world.offer(await world.issue(2)));
    const jwt = await make.proof(key, { header: { jwk: undefined, kid } });
    const { status, ...body } = await make.credential(token, {
      credential_configuration_id: 'SkillLevelCertificate_vc+jwt',
      proof: { proof_type: 'jwt', jwt },
      unknown_member: true,
    });
    assert.equal(status, 200);
    const [text = ''] = textsOf(body);
    assert.equal(decodeJwt<{ credentialSubject: { id: string } }>(text).credentialSubject.id, did);
  });

  it('[OID4VCI §6.2] names credentials by identifier once authorization_details were sent', async () => {
    const offer = await world.offer(await world.issue(3));
    const asked = [{ type: 'openid_credential', credential_configuration_id: LDP }];
    const answered = await make.token({
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': make.codeOf(offer),
      tx_code: offer.txCode ?? '',
      authorization_details: JSON.stringify(asked),
    });
    assert.equal(answered.headers.get('cache-control'), 'no-store');
    const [granted] = answered['authorization_details'] as { credential_identifiers: string[] }[];
    const proofs = { jwt: [await make.proof(await make.newKey())] };
    const token = String(answered['access_token']);
    const byIdentifier = { credential_identifier: granted?.credential_identifiers[0], proofs };
    assert.equal((await make.credential(token, byIdentifier)).status, 200);
    const unknown = await make.credential(token, { credential_identifier: `${SD_JWT}.${offer.id}`, proofs });
    assert.equal(unknown.error, 'unknown_credential_identifier');
    const byConfiguration = await make.credential(token, { credential_configuration_id: LDP, proofs });
    assert.equal(byConfiguration.error, 'invalid_credential_request');
  });

  it('[OID4VCI §6] binds a token to the key of a DPoP proof and then takes it with no other', async () => {
    const offer = await world.offer(await world.issue(4));
    const [own, other] = [await make.newKey('EdDSA'), await make.newKey()];
    const token = await make.tokenOf(offer, {}, { DPoP: await make.dpop(own, 'token') });
    const proofs = { jwt: [await make.proof(await make.newKey())] };
    const ask = (headers: Record<string, string>): ReturnType<HandMade['credential']> =>
      make.credential(token, { credential_configuration_id: LDP, proofs }, headers);
    const authorization = `DPoP ${token}`;
    const spent = await make.dpop(own, 'credential', { token });
    const seconds = Math.floor(world.time.now.getTime() / 1000);
    assert.equal((await ask({ authorization, DPoP: spent })).status, 200);
    for (const [headers, error, code] of [
      [{}, 'invalid_token', 'DPOP_MISSING'],
      [{ authorization }, 'invalid_token', 'DPOP_MISSING'],
      [{ DPoP: await make.dpop(own, 'credential', { token }) }, 'invalid_token', 'DPOP_MISSING'],
      [{ authorization, DPoP: spent }, 'invalid_dpop_proof', 'DPOP_REPLAYED'],
      [{ authorization, DPoP: await make.dpop(other, 'credential', { token }) }, 'invalid_token', 'DPOP_OTHER_KEY'],
      [{ authorization, DPoP: await make.dpop(own, 'credential') }, 'invalid_dpop_proof', 'DPOP_OTHER_TOKEN'],
      [{ authorization, DPoP: await make.dpop(own, 'token', { token }) }, 'invalid_dpop_proof', 'DPOP_OTHER_REQUEST'],
      [
        { authorization, DPoP: await make.dpop(own, 'credential', { token, claims: { htm: 'GET' } }) },
        'invalid_dpop_proof',
        'DPOP_OTHER_REQUEST',
      ],
      [
        { authorization, DPoP: await make.dpop(own, 'credential', { token, claims: { iat: seconds - 600 } }) },
        'invalid_dpop_proof',
        'DPOP_TIME',
      ],
      [
        { authorization, DPoP: await make.dpop(own, 'credential', { token, claims: { jti: undefined } }) },
        'invalid_dpop_proof',
        'DPOP_JTI',
      ],
      [{ authorization, DPoP: 'x.y.z' }, 'invalid_dpop_proof', 'JOSE_FORMAT'],
    ] as const) {
      const answered = await ask(headers);
      assert.deepEqual([answered.status, answered.error, answered.code], [401, error, code]);
      assert.match(answered.headers.get('www-authenticate') ?? '', /^DPoP error="/);
    }
    const unbound = await make.tokenOf(await world.offer(await world.issue(5)));
    const asDpop = await make.credential(unbound, {}, { authorization: `DPoP ${unbound}` });
    assert.equal(asDpop.code, 'ACCESS_TOKEN_UNBOUND');
  });

  it('[INTEROP @openid4vc] [OID4VCI §9] a wallet waits for the approval of a batch and then gets what it asked for', async () => {
    const { batches } = world.issuer.service;
    const path = await sheetFile(join(world.folder, `${kind}.csv`), [line(31), line(32)]);
    const request = { institution: CODE, actor: 'clerk-1', operation: 'issue', approval: true } as const;
    const { id } = await batches.upload({ ...request, file: { path, name: 'a.csv' } });
    await batches.confirm(CODE, id, { actor: 'clerk-1', rows: 'all' });
    const csv = await world.call('POST', `/institutions/${CODE}/batches/${id}/offers.csv?lang=en`, {});
    assert.equal(csv.status, 200);
    assert.equal(csv.headers.get('cache-control'), 'no-store');
    const [header = '', ...lines] = (await csv.text())
      .replace(/^\ufeff/, '')
      .trim()
      .split('\r\n');
    assert.match(header, /^Row,Name/);
    assert.equal(lines.length, 2);
    const [row, name, , uri = '', txCode = '', , walletLink = ''] = (lines[0] ?? '').replaceAll('"', '').split(',');
    assert.deepEqual([row, name], ['2', '张伟31']);
    assert.ok(walletLink.startsWith(`${WALLET_URL}#credential_offer_uri=`));

    const key = await world.wallet.newKey();
    const taken = await world.wallet.take(uri, txCode, { dpop: key });
    const deferred = await world.wallet.receive(taken, SD_JWT, [key], { dpop: key });
    assert.equal(deferred.interval, 60);
    assert.ok((taken.expiresIn ?? 0) > 86_400, 'the token lasts until somebody approves');
    const transaction = deferred.transaction_id ?? '';
    const waiting = await world.wallet.comeBack(taken, transaction, { dpop: key });
    assert.deepEqual([waiting.transaction_id, waiting.interval], [transaction, 60]);

    await batches.approve(CODE, id, { actor: 'approver-1' });
    for (let i = 0; i < 400 && (await batches.get(CODE, id)).state !== 'done'; i++) await pause(25);
    const [text = ''] = textsOf(await world.wallet.comeBack(taken, transaction, { dpop: key }));
    const claims = decodeJwt<{ cnf: { jwk: object }; certificate_number: string }>(text.split('~')[0] ?? '');
    assert.deepEqual(claims.cnf.jwk, key.jwk);
    assert.match(claims.certificate_number, /^S000051000001/);
    await assert.rejects(world.wallet.comeBack(taken, transaction, { dpop: key }), /invalid_transaction_id/);

    const later = await world.call('POST', `/institutions/${CODE}/batches/${id}/offers.csv`, {});
    assert.match(await later.text(), new RegExp(`2,张伟31,${claims.certificate_number},`));
  });

  it('[OID4VCI §9.3] a batch that is not approved denies what was asked for', async () => {
    const { batches } = world.issuer.service;
    const path = await sheetFile(join(world.folder, `${kind}-not.csv`), [line(33)]);
    const request = { institution: CODE, actor: 'clerk-1', operation: 'issue', approval: true } as const;
    const { id } = await batches.upload({ ...request, file: { path, name: 'b.csv' } });
    await batches.confirm(CODE, id, { actor: 'clerk-1', rows: 'all' });
    const csv = await world.call('POST', `/institutions/${CODE}/batches/${id}/offers.csv`, {});
    const [, , , uri = '', txCode = ''] = ((await csv.text()).split('\r\n')[1] ?? '').replaceAll('"', '').split(',');
    const key = await world.wallet.newKey();
    const taken = await world.wallet.take(uri, txCode);
    const { transaction_id } = await world.wallet.receive(taken, LDP, [key]);
    await batches.cancel(CODE, id, { actor: 'clerk-1' });
    await assert.rejects(world.wallet.comeBack(taken, transaction_id ?? ''), /credential_request_denied/);
  });

  it('[TSL §8] [INTEROP @sd-jwt/jwt-status-list] publishes a status list that follows the certificate', async () => {
    const id = await world.issue(6);
    const { uri, txCode } = await world.offer(id, { formats: ['dc+sd-jwt'] });
    const taken = await world.wallet.take(uri, txCode);
    const [text = ''] = textsOf(await world.wallet.receive(taken, SD_JWT, [await world.wallet.newKey()]));
    const { status } = decodeJwt<{ status: { status_list: { uri: string; idx: number } } }>(text.split('~')[0] ?? '');
    const { uri: address, idx } = status.status_list;
    const fetched = async (): Promise<string> => {
      const response = await world.reach(address);
      assert.equal(response.headers.get('content-type'), 'application/statuslist+jwt');
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      return response.text();
    };
    const read = async (): Promise<number> => getListFromStatusListJWT(await fetched()).getStatus(idx);
    const first = await fetched();
    const keys = (await (
      await world.reach(`https://issuer.example/.well-known/jwt-vc-issuer/institutions/${CODE}`)
    ).json()) as {
      issuer: string;
      jwks: JSONWebKeySet;
    };
    assert.equal(keys.issuer, ISSUER);
    await compactVerify(first, createLocalJWKSet(keys.jwks));
    assert.equal(decodeProtectedHeader(first).typ, 'statuslist+jwt');
    assert.equal(decodeJwt(first).sub, address);
    assert.equal(await read(), 0);
    assert.equal(await fetched(), first, 'nothing changed, nothing is signed anew');
    await statusOf(id, 'suspend', 'investigation');
    assert.equal(await read(), 2);
    await statusOf(id, 'reinstate', 'cleared');
    assert.equal(await read(), 0);
    await statusOf(id, 'revoke', 'fraud');
    assert.equal(await read(), 1);
    world.time.now = new Date(world.time.now.getTime() + 25 * 3600_000);
    const renewed = await fetched();
    assert.ok((decodeJwt(renewed).iat ?? 0) > (decodeJwt(first).iat ?? 0), 'signed anew before it gets old');
  });

  it('keeps personal facts sealed until the holder asks, and gives them in SD-JWT VC only', async () => {
    const id = await world.issue(7);
    const idNumber = citizenNumber(7);
    const birthDate = `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`;
    const personal = { idNumber, birthDate };
    const { uri, txCode } = await world.offer(id, { personal });
    const { knex } = world.database;
    assert.ok(!JSON.stringify(await knex('credential_offers').select()).includes(idNumber));
    const taken = await world.wallet.take(uri, txCode);
    assert.ok(!JSON.stringify(await knex('access_tokens').select()).includes(idNumber));
    const keys = [await world.wallet.newKey()];
    const [text = ''] = textsOf(await world.wallet.receive(taken, SD_JWT, keys));
    const disclosures = text
      .split('~')
      .slice(1, -1)
      .map((part) => Buffer.from(part, 'base64url').toString());
    assert.ok(disclosures.some((disclosure) => disclosure.includes(idNumber)));
    assert.ok(disclosures.some((disclosure) => disclosure.includes(birthDate)));
    const [plain = ''] = textsOf(await world.wallet.receive(taken, 'SkillLevelCertificate_vc+jwt', keys));
    assert.ok(
      !Buffer.from(plain.split('.')[1] ?? '', 'base64url')
        .toString()
        .includes(idNumber),
    );
    assert.ok(!world.lines.join('').includes(idNumber));
    const path = `/institutions/${CODE}/certificates/${encodeURIComponent(id)}/offers`;
    const areas = Array.from({ length: 99 }, (_, i) => String(510106 + i));
    const sameEnd = areas.map((area) => area + idNumber.slice(6)).find(isCitizenNumber) ?? '';
    for (const wrong of [citizenNumber(8), sameEnd]) {
      const refused = await answer<{ code: string }>(world.call('POST', path, { personal: { idNumber: wrong } }), 422);
      assert.equal(refused.code, 'PERSONAL_FACTS_MISMATCH');
    }
  });

  it('[OID4VCI §11] writes a notification down once, and shows what became of offers', async () => {
    const id = await world.issue(9);
    const { uri, txCode } = await world.offer(id);
    await world.offer(id);
    const taken = await world.wallet.take(uri, txCode);
    const { notification_id } = await world.wallet.receive(taken, LDP, [await world.wallet.newKey()]);
    for (let i = 0; i < 2; i++) assert.equal(await world.wallet.notify(taken, notification_id ?? ''), 204);
    const entries = await world.database.knex('audit_log').where({ action: 'certificate.notification', subject: id });
    assert.equal(entries.length, 1);
    const path = `/institutions/${CODE}/certificates/${encodeURIComponent(id)}/offers`;
    const { offers } = await answer<{ offers: { state: string }[] }>(world.call('GET', path));
    assert.deepEqual(offers.map(({ state }) => state).toSorted(), ['open', 'used']);
  });

  it('removes tokens that are over', async () => {
    const count = async (): Promise<number> => (await world.database.knex('access_tokens').select('offer')).length;
    assert.ok((await count()) > 0);
    world.time.now = new Date(world.time.now.getTime() + 31 * 86_400_000);
    await world.issuer.service.openid4vci.tidy();
    assert.equal(await count(), 0);
  });
});
