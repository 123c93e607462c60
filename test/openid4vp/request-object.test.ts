import 'reflect-metadata';
import { strict as assert } from 'node:assert';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import * as jose from 'jose';
import { readPemSigner } from '../../keys/pem-signer.js';
import { redirectUriClient, x509SanDnsClient } from '../../verifier/openid4vp/index.js';
import { ThirdPartyHolder, thirdPartyKey, type ThirdPartyKey } from './third-party-holder.js';
import { formFor, startAskingVerifier, type AskingVerifier } from './world.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

describe('OpenID4VP: requests, by every client identifier prefix we offer [OID4VP §5]', function () {
  this.timeout(60_000);
  let key: ThirdPartyKey;
  let verifier: AskingVerifier;
  const others: AskingVerifier[] = [];
  before(async () => {
    key = await thirdPartyKey('ES256', 'key');
    verifier = await startAskingVerifier();
  });
  after(() => Promise.all([verifier, ...others].map((one) => one.stop())));

  async function started(...parts: Parameters<typeof startAskingVerifier>): Promise<AskingVerifier> {
    const other = await startAskingVerifier(...parts);
    others.push(other);
    return other;
  }

  async function answerTo(running: AskingVerifier): Promise<number> {
    const holder = new ThirdPartyHolder(key, () => running.clock.now);
    const asked = await running.ask({ request: { formats: ['dc+sd-jwt'] } });
    const request = await holder.open(asked.link);
    const presentation = await holder.present('dc+sd-jwt', await formFor('dc+sd-jwt', key.did), request, {
      disclose: { name: true },
    });
    return (await holder.answer(request, { certificate_dc_sd_jwt: [presentation] })).status;
  }

  it('decentralized_identifier: a signed object of the right type, audience and media type, the same client_id outside and inside', async () => {
    const { link, clientId } = await verifier.ask();
    const outside = new URL(link).searchParams;
    const response = await fetch(outside.get('request_uri') ?? '');
    assert.equal(response.headers.get('content-type'), 'application/oauth-authz-req+jwt');
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const object = await response.text();
    const header = jose.decodeProtectedHeader(object);
    const payload = jose.decodeJwt(object);
    assert.deepEqual(
      [header.typ, header.alg, payload.aud],
      ['oauth-authz-req+jwt', 'ES256', 'https://self-issued.me/v2'],
    );
    assert.equal(payload['client_id'], outside.get('client_id'));
    assert.equal(payload['client_id'], clientId);
    assert.equal(`decentralized_identifier:${header.kid?.split('#')[0] ?? ''}`, clientId);
    assert.equal(payload['redirect_uri'], undefined);
    for (const member of ['nonce', 'state']) assert.match(String(payload[member]), /^[A-Za-z0-9_-]{22,}$/);
    const metadata = payload['client_metadata'] as { jwks: { keys: jose.JWK[] }; vp_formats_supported: object };
    assert.deepEqual(Object.keys(metadata.vp_formats_supported), ['dc+sd-jwt', 'ldp_vc', 'jwt_vc_json']);
    for (const jwk of metadata.jwks.keys)
      assert.ok(jwk.kid !== undefined && jwk.alg === 'ECDH-ES' && jwk.d === undefined);
  });

  it('makes nonce, state, key and address anew for every request', async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 5; i++) {
      const { link } = await verifier.ask();
      const payload = jose.decodeJwt(await (await fetch(new URL(link).searchParams.get('request_uri') ?? '')).text());
      const metadata = payload['client_metadata'] as { jwks: { keys: { x: string; kid: string }[] } };
      for (const value of [
        payload['nonce'],
        payload['state'],
        payload['response_uri'],
        metadata.jwks.keys[0]?.x,
        metadata.jwks.keys[0]?.kid,
      ])
        seen.add(String(value));
    }
    assert.equal(seen.size, 25);
  });

  it('request_uri_method=post echoes the wallet’s nonce; a nonce of a strange form is refused [OID4VP §5.10]', async () => {
    const { link } = await verifier.ask();
    const address = new URL(link).searchParams.get('request_uri') ?? '';
    assert.equal(new URL(link).searchParams.get('request_uri_method'), 'post');
    const form = new URLSearchParams({ wallet_nonce: 'nonce-of-this-wallet', wallet_metadata: '{}' });
    const object = await (await fetch(address, { method: 'POST', body: form })).text();
    assert.equal(jose.decodeJwt(object)['wallet_nonce'], 'nonce-of-this-wallet');
    const wrong = await fetch(address, { method: 'POST', body: new URLSearchParams({ wallet_nonce: 'with space' }) });
    assert.deepEqual([wrong.status, ((await wrong.json()) as { code: string }).code], [400, 'WALLET_NONCE_INVALID']);
    const metadata = await fetch(address, { method: 'POST', body: new URLSearchParams({ wallet_metadata: '{' }) });
    assert.equal(metadata.status, 400);
    const preflight = await fetch(address, { method: 'OPTIONS', headers: { Origin: 'https://wallet.example' } });
    assert.ok(preflight.ok && preflight.headers.get('access-control-allow-origin') === '*');
  });

  it('names types in both spellings, so that wallets that expand and wallets that do not both find the certificate [DCQL §B.1]', async () => {
    const holder = new ThirdPartyHolder(key, () => verifier.clock.now);
    const opened = await holder.open((await verifier.ask()).link);
    const query = opened.dcql?.query as {
      credentials: { format: string; meta: { type_values?: string[][]; vct_values?: string[] } }[];
    };
    for (const { format, meta } of query.credentials)
      if (format === 'dc+sd-jwt')
        assert.deepEqual(meta.vct_values, ['https://issuer.example/credential-types/v1/skill-level']);
      else
        assert.deepEqual(meta.type_values, [
          ['https://yizheng.example/ns/v1#SkillLevelCertificate'],
          ['SkillLevelCertificate'],
        ]);
  });

  it('redirect_uri: unsigned, everything in the link, client_id is the response_uri; another library answers it', async () => {
    const unsigned = await started(() => ({ client: redirectUriClient() }));
    const { link, clientId } = await unsigned.ask();
    const parameters = new URL(link).searchParams;
    assert.equal(clientId, `redirect_uri:${parameters.get('response_uri') ?? ''}`);
    assert.equal(parameters.get('request_uri'), null);
    assert.equal(parameters.get('request'), null);
    assert.equal(await answerTo(unsigned), 200);
    const id = clientId.slice(clientId.lastIndexOf('/') + 1);
    assert.equal((await fetch(`${unsigned.url}/openid4vp/request/${id}`)).status, 404);
  });

  describe('x509_san_dns', () => {
    let folder: string;
    before(async () => void (folder = await mkdtemp(join(tmpdir(), 'yizheng-x509-'))));
    after(() => rm(folder, { recursive: true }));

    async function certified(options: { host?: string; days?: number; otherKey?: boolean } = {}) {
      const { host = 'localhost', days = 30 } = options;
      const [root, leaf, stranger] = await Promise.all(
        [1, 2, 3].map(() => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])),
      );
      if (!root || !leaf || !stranger) throw new Error('no keys');
      const notBefore = new Date(Date.now() - 86_400_000);
      const notAfter = new Date(notBefore.getTime() + (days + 1) * 86_400_000);
      const ca = await x509.X509CertificateGenerator.createSelfSigned({
        name: 'CN=示例 CA',
        notBefore,
        notAfter,
        keys: root,
        signingAlgorithm: ALGORITHM,
        extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
      });
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${host}`,
        issuer: ca.subject,
        notBefore,
        notAfter,
        signingKey: root.privateKey,
        publicKey: leaf.publicKey,
        signingAlgorithm: ALGORITHM,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
      });
      const file = join(folder, `${certificate.serialNumber}.pem`);
      const secret = await crypto.subtle.exportKey('pkcs8', (options.otherKey ? stranger : leaf).privateKey);
      await writeFile(file, x509.PemConverter.encode(secret, 'PRIVATE KEY'), { mode: 0o600 });
      return {
        chain: `${certificate.toString('pem')}\n${ca.toString('pem')}`,
        leaf: certificate.toString('pem'),
        ca: ca.toString('pem'),
        file,
        certificate,
      };
    }

    it('signs with the key of a certificate for its host, sends the chain without the root, and another library answers', async () => {
      const { chain, file, certificate } = await certified();
      const signer = await readPemSigner(file, 'x509:localhost');
      const certifiedVerifier = await started(async ({ baseUrl, clock }) => ({
        client: await x509SanDnsClient({ baseUrl, chain, signer, clock }),
      }));
      const { link, clientId } = await certifiedVerifier.ask();
      assert.equal(clientId, 'x509_san_dns:localhost');
      const object = await (await fetch(new URL(link).searchParams.get('request_uri') ?? '')).text();
      const { x5c, kid } = jose.decodeProtectedHeader(object);
      assert.deepEqual([x5c, kid], [[certificate.toString('base64')], undefined]);
      assert.equal(await answerTo(certifiedVerifier), 200);
    });

    it('does not start with a certificate for another host, of another key, out of order or out of date, nor with a key others can read', async () => {
      const clock = (): Date => new Date();
      const start = async (chain: string, file: string): Promise<unknown> =>
        x509SanDnsClient({ baseUrl: 'http://localhost:1', chain, signer: await readPemSigner(file, 'x'), clock });
      const refused = (chain: string, file: string) =>
        assert.rejects(start(chain, file), { code: 'REQUEST_CERTIFICATE' });
      const good = await certified();
      await start(good.chain, good.file);
      const elsewhere = await certified({ host: 'evil.example' });
      await refused(elsewhere.chain, elsewhere.file);
      const stolen = await certified({ otherKey: true });
      await refused(stolen.chain, stolen.file);
      await refused(`${good.leaf}\n${stolen.ca}`, good.file);
      const old = await certified({ days: -0.5 });
      await refused(old.chain, old.file);
      await refused('nothing', good.file);
      await chmod(good.file, 0o644);
      await assert.rejects(start(good.chain, good.file), { code: 'KEY_FILE' });
    });
  });
});
