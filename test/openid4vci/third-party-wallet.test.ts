import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Verdict } from '../../shared/verdict/types.js';
import { cli } from '../cli/run.js';
import { sampleBundle } from '../cli/sample-bundle.js';
import { AUTHORITY, BASE_URL, CODE, PASSPHRASE } from '../issuer/world.js';
import type { WalletKey } from './third-party-wallet.js';
import { ISSUER, startWalletWorld, type WalletWorld } from './wallet-world.js';
import { watchContract } from '../server/contract.js';

describe('[INTEROP @openid4vc] a wallet made of third-party libraries gets its certificate', function () {
  this.timeout(60_000);
  let world: WalletWorld;
  let key: WalletKey;
  const held: [format: string, text: string][] = [];
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
    const { credential } = first as { credential: string | object };
    held.push([format, typeof credential === 'string' ? credential : JSON.stringify(credential)]);
    return credential;
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

  it('is judged in each form as the certificate it is, by the ordinary verifier', async () => {
    const institution = await world.issuer.service.institutions.get(CODE);
    const statusLists = [];
    for (const purpose of ['revocation', 'suspension'] as const) {
      const credential = await world.issuer.service.statusLists.current(institution, purpose, 1);
      statusLists.push({ url: (JSON.parse(credential) as { id: string }).id, credential });
    }
    const content = { authority: AUTHORITY, accreditations: world.accreditations, statusLists };
    const bundle = await sampleBundle({ issuedAt: '2026-11-21T09:00:01Z', content });
    const file = join(world.folder, 'bundle.json');
    await writeFile(file, bundle.text);
    const trust = ['--bundle', file, '--anchor', AUTHORITY, '--anchor-root', bundle.rootDigest];
    assert.equal(held.length, 4);
    for (const [format, text] of held) {
      const path = join(world.folder, `held-${format.replace('+', '-')}.txt`);
      await writeFile(path, text);
      const { out, err } = await cli(['verify', path, ...trust, '--json'], {
        home: world.folder,
        now: '2026-11-21T09:00:10Z',
      });
      const verdict = JSON.parse(out) as Verdict;
      assert.equal(verdict.headline, 'accepted', `${format}: ${out} ${err}`);
    }
  });

  it('has its status list exported for a static host, with those of paper', async () => {
    const out = join(world.folder, 'public');
    const secrets = { home: world.folder, now: world.time.now.toISOString() };
    await writeFile(join(world.folder, 'passphrase'), PASSPHRASE, { mode: 0o600 });
    await chmod(join(world.folder, 'keys.json'), 0o600);
    const run = (): ReturnType<typeof cli> =>
      cli(
        [
          ...['status', 'export', '--json', '--out', out, '--base-url', BASE_URL],
          ...['--keystore', join(world.folder, 'keys.json'), '--passphrase-file', join(world.folder, 'passphrase')],
        ],
        { ...secrets, environment: { DATABASE_URL: world.databaseUrl } },
      );
    const done = await run();
    const { written } = JSON.parse(done.out) as { written: string[] };
    const path = `institutions/${CODE}/status/tokens/1`;
    assert.ok(written.includes(path), done.err);
    const token = await (await world.reach(`${BASE_URL}/${path}`)).text();
    assert.equal(await readFile(join(out, path), 'utf8'), token);
    assert.deepEqual((JSON.parse((await run()).out) as { written: string[] }).written, []);
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
