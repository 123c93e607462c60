import assert from 'node:assert/strict';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { CODE } from '../issuer/world.js';
import type { WalletKey } from './third-party-wallet.js';
import { ISSUER, startWalletWorld, type WalletWorld } from './wallet-world.js';
import { watchContract } from '../server/contract.js';

describe('[INTEROP @openid4vc] a wallet made of third-party libraries gets its certificate', function () {
  this.timeout(60_000);
  let world: WalletWorld;
  let key: WalletKey;
  before(async () => {
    world = await startWalletWorld();
    key = await world.wallet.newKey();
  });
  after(() => world.remove());
  watchContract(() => world.listener.url);

  const receive = async (n: number, format: string, by: 'kid' | 'jwk' = 'kid'): Promise<string | object> => {
    const id = await world.issue(n);
    const { uri, txCode } = await world.offer(id);
    const taken = await world.wallet.take(uri, txCode);
    assert.equal(taken.tokenType, 'Bearer');
    const { credentials, notification_id } = await world.wallet.receive(
      taken,
      `SkillLevelCertificate_${format}`,
      [key],
      {
        by,
      },
    );
    const [first] = credentials ?? [];
    assert.ok(first && credentials?.length === 1);
    assert.equal(await world.wallet.notify(taken, notification_id ?? ''), 204);
    return (first as { credential: string | object }).credential;
  };
  const receiveText = async (n: number, format: string, by?: 'kid' | 'jwk'): Promise<string> => {
    const credential = await receive(n, format, by);
    assert.ok(typeof credential === 'string');
    return credential;
  };

  it('[OID4VCI §12.2] reads offer and metadata, by value and by reference', async () => {
    const { uri, uriByValue, offer } = await world.offer(await world.issue(1));
    const read = await world.wallet.read(uri);
    assert.deepEqual(read.offer, offer);
    assert.deepEqual((await world.wallet.read(uriByValue)).offer, offer);
    assert.equal(read.metadata.originalDraftVersion, 'V1');
    assert.equal(read.metadata.credentialIssuer.credential_issuer, ISSUER);
  });

  it('as ldp_vc, whose proof plain @digitalbazaar/vc accepts', async () => {
    const credential = (await receive(2, 'ldp_vc')) as { credentialSubject: { id: string } };
    assert.equal(credential.credentialSubject.id, key.didUrl.split('#', 1)[0]);
    assert.ok(await world.libraryVerifies(credential));
  });

  it('as vc+jwt', async () => {
    const text = await receiveText(3, 'vc+jwt');
    assert.equal(decodeProtectedHeader(text).typ, 'vc+jwt');
    const { credentialSubject } = decodeJwt<{ credentialSubject: { id: string } }>(text);
    assert.equal(credentialSubject.id, key.didUrl.split('#', 1)[0]);
  });

  it('as jwt_vc_json', async () => {
    const { sub, nbf, vc } = decodeJwt<{ vc: { issuanceDate?: string } }>(await receiveText(4, 'jwt_vc_json'));
    assert.equal(sub, key.didUrl.split('#', 1)[0]);
    assert.ok(nbf !== undefined && vc);
  });

  it('as dc+sd-jwt, bound to the bare key it proved', async () => {
    const text = await receiveText(5, 'dc+sd-jwt', 'jwk');
    const { cnf, vct, status } = decodeJwt<{
      cnf: { jwk: object };
      vct: string;
      status: { status_list: { uri: string; idx: number } };
    }>(text.split('~')[0] ?? '');
    assert.deepEqual(cnf.jwk, key.jwk);
    assert.equal((await world.reach(vct)).status, 200);
    assert.ok(status.status_list.uri.startsWith(`${ISSUER}/status/tokens/`));
    assert.ok(text.split('~').length >= 4);
  });

  it('writes each form down and issues no second certificate', async () => {
    const { knex } = world.database;
    const forms = await knex('certificate_forms').select<{ format: string; event: string }[]>('format', 'event');
    assert.deepEqual(forms.map(({ format }) => format).toSorted(), ['dc+sd-jwt', 'jwt_vc_json', 'ldp_vc', 'vc+jwt']);
    assert.ok(forms.every(({ event }) => event === 'credential_accepted'));
    const certificates = await knex('certificates').where({ institution: CODE }).select<object[]>('id');
    assert.equal(certificates.length, 5);
  });
});
