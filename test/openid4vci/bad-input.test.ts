import assert from 'node:assert/strict';
import { PRE_AUTHORIZED_CODE } from '../../issuer/openid4vci/authorization-server-metadata.js';
import { answer, CODE, EMPLOYER_CODE, exam } from '../issuer/world.js';
import { HandMade, type Answered, type RawKey } from './hand-made-requests.js';
import { startWalletWorld, type MadeOffer, type WalletWorld } from './wallet-world.js';

const MINUTE = 60_000;
const LDP = 'SkillLevelCertificate_ldp_vc';

function refused(answered: Answered, error: string, code: string, status = 400): void {
  assert.deepEqual(
    { status: answered.status, error: answered.error, code: answered.code },
    { status, error, code },
    answered.error_description,
  );
  assert.match(answered.error_description ?? '', /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  assert.equal(answered.headers.get('cache-control'), 'no-store');
  assert.equal(answered.headers.get('access-control-allow-origin'), '*');
}

describe('what an OpenID4VCI issuer refuses', function () {
  this.timeout(60_000);
  let world: WalletWorld;
  let make: HandMade;
  let certificate: string;
  let key: RawKey;
  const start = new Date('2026-11-21T09:00:00.500Z');
  before(async () => {
    world = await startWalletWorld();
    make = new HandMade(world);
    certificate = await world.issue(1);
    key = await make.newKey();
  });
  beforeEach(() => (world.time.now = new Date(Math.max(world.time.now.getTime(), start.getTime()))));
  after(() => world.remove());

  const later = (milliseconds: number): void =>
    void (world.time.now = new Date(world.time.now.getTime() + milliseconds));
  const form = (offer: MadeOffer, changes: Record<string, string> = {}): Record<string, string> => ({
    grant_type: PRE_AUTHORIZED_CODE,
    'pre-authorized_code': make.codeOf(offer),
    tx_code: offer.txCode ?? '',
    ...changes,
  });

  describe('[OID4VCI §6.3] at the token endpoint', () => {
    it('a guessed code', async () => {
      const guess = { 'pre-authorized_code': 'A'.repeat(43) };
      refused(await make.token(form(await world.offer(certificate), guess)), 'invalid_grant', 'OFFER_UNKNOWN');
    });

    it('a code that was used', async () => {
      const offer = await world.offer(certificate);
      assert.equal((await make.token(form(offer))).status, 200);
      refused(await make.token(form(offer)), 'invalid_grant', 'OFFER_USED');
    });

    it('a code used twice at the same moment, once', async () => {
      const offer = await world.offer(certificate);
      const both = await Promise.all([make.token(form(offer)), make.token(form(offer))]);
      assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 400]);
    });

    it('an expired code, whose address is gone too', async () => {
      const offer = await world.offer(certificate, { expiresInSeconds: 60 });
      later(MINUTE);
      refused(await make.token(form(offer)), 'invalid_grant', 'OFFER_EXPIRED');
      const reference = new URL(offer.uri).searchParams.get('credential_offer_uri') ?? '';
      const gone = await world.reach(reference);
      assert.deepEqual([gone.status, ((await gone.json()) as Answered).code], [410, 'OFFER_EXPIRED']);
    });

    it('an offer that was withdrawn', async () => {
      const offer = await world.offer(certificate);
      const path = `/institutions/${CODE}/offers/${offer.id}`;
      assert.equal((await answer<{ state: string }>(world.call('DELETE', path))).state, 'withdrawn');
      refused(await make.token(form(offer)), 'invalid_grant', 'OFFER_WITHDRAWN');
    });

    it('wrong transaction codes, and locks the offer at the fifth, for the right one too', async () => {
      const offer = await world.offer(certificate);
      const wrong = form(offer, { tx_code: offer.txCode === '000000' ? '000001' : '000000' });
      for (const left of [4, 3, 2, 1]) {
        const answered = await make.token(wrong);
        refused(answered, 'invalid_grant', 'TX_CODE_WRONG');
        assert.equal(answered['attempts_left'], left);
      }
      refused(await make.token(wrong), 'invalid_grant', 'OFFER_LOCKED');
      refused(await make.token(form(offer)), 'invalid_grant', 'OFFER_LOCKED');
      const { entries } = await answer<{ entries: { action: string; subject: string }[] }>(
        world.call('GET', `/institutions/${CODE}/audit?limit=1000`, undefined, { secret: world.secrets.auditor }),
      );
      assert.ok(entries.some(({ action, subject }) => action === 'offer.lock' && subject === offer.id));
    });

    it('a missing and an unexpected transaction code, without counting them', async () => {
      const offer = await world.offer(certificate);
      for (let i = 0; i < 6; i++)
        refused(await make.token(form(offer, { tx_code: '' })), 'invalid_request', 'TX_CODE_MISSING');
      assert.equal((await make.token(form(offer))).status, 200);
      const open = await world.offer(certificate, { txCode: false });
      assert.equal(open.txCode, undefined);
      refused(await make.token(form(open, { tx_code: '123456' })), 'invalid_request', 'TX_CODE_UNEXPECTED');
      assert.equal((await make.token(form(open))).status, 200);
    });

    it('another grant type, a missing code, a parameter sent twice, JSON', async () => {
      const offer = await world.offer(certificate);
      refused(await make.token(form(offer, { grant_type: 'password' })), 'unsupported_grant_type', 'GRANT_TYPE');
      refused(await make.token(form(offer, { grant_type: '' })), 'invalid_request', 'GRANT_TYPE');
      refused(await make.token(form(offer, { 'pre-authorized_code': '' })), 'invalid_request', 'CODE_MISSING');
      const twice = [...Object.entries(form(offer)), ['tx_code', '1']] as [string, string][];
      refused(await make.token(twice), 'invalid_request', 'FORM_MALFORMED');
      refused(await make.send('token', form(offer), {}), 'invalid_request', 'CONTENT_TYPE');
    });

    it('authorization_details for what was not offered', async () => {
      const offer = await world.offer(certificate, { formats: ['ldp_vc'] });
      for (const details of [
        'x',
        '[]',
        JSON.stringify([{ type: 'other' }]),
        JSON.stringify([{ type: 'openid_credential', credential_configuration_id: 'SkillLevelCertificate_dc+sd-jwt' }]),
      ])
        refused(
          await make.token(form(offer, { authorization_details: details })),
          'invalid_authorization_details',
          'AUTHORIZATION_DETAILS',
        );
    });

    it('the code of another institution', async () => {
      const offer = await world.offer(certificate);
      const other = `https://issuer.example/institutions/${EMPLOYER_CODE}/openid4vci/token`;
      const response = await world.reach(other, { method: 'POST', body: new URLSearchParams(form(offer)) });
      assert.deepEqual([response.status, ((await response.json()) as { code: string }).code], [400, 'OFFER_UNKNOWN']);
    });

    it('after thirty refusals in a minute, whoever guesses on', async () => {
      const limited = await startWalletWorld({ refusedTokensPerMinute: 30 });
      try {
        const guess = { grant_type: PRE_AUTHORIZED_CODE, 'pre-authorized_code': 'A'.repeat(43) };
        const hand = new HandMade(limited);
        for (let i = 0; i < 30; i++) assert.equal((await hand.token(guess)).status, 400);
        const last = await hand.token(guess);
        assert.deepEqual([last.status, last.code], [429, 'RATE_LIMITED']);
        assert.equal(last.headers.get('access-control-allow-origin'), '*');
      } finally {
        await limited.remove();
      }
    });
  });

  describe('[OID4VCI §8.3.1] at the credential endpoint', () => {
    let token: string;
    before(async () => {
      token = await make.tokenOf(await world.offer(certificate));
    });
    const ask = async (proofs: unknown, more: object = {}): Promise<Answered> =>
      make.credential(token, { credential_configuration_id: LDP, proofs, ...more });

    it('no token, a made-up one, one of another institution', async () => {
      const none = await make.send('credential', {}, {});
      refused(none, 'invalid_token', 'ACCESS_TOKEN_MISSING', 401);
      assert.equal(none.headers.get('www-authenticate'), 'Bearer');
      const made = await make.credential('A'.repeat(43), {});
      refused(made, 'invalid_token', 'ACCESS_TOKEN_INVALID', 401);
      assert.match(made.headers.get('www-authenticate') ?? '', /^Bearer error="invalid_token"/);
      const other = `https://issuer.example/institutions/${EMPLOYER_CODE}/openid4vci/credential`;
      const response = await world.reach(other, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
      assert.equal(response.status, 401);
    });

    it('bodies that are no credential request', async () => {
      const proofs = { jwt: [await make.proof(key)] };
      for (const [body, code] of [
        ['{"a":1,"a":2}', 'JSON_DUPLICATE_KEY'],
        ['[]', 'JSON_NOT_OBJECT'],
        [{ proofs }, 'CREDENTIAL_REQUEST'],
        [{ credential_configuration_id: LDP, credential_identifier: LDP, proofs }, 'CREDENTIAL_REQUEST'],
        [{ credential_identifier: LDP, proofs }, 'CREDENTIAL_REQUEST'],
        [{ credential_configuration_id: 7, proofs }, 'CREDENTIAL_REQUEST'],
      ] as const)
        refused(await make.credential(token, body), 'invalid_credential_request', code);
    });

    it('an unknown configuration, and one that was not offered', async () => {
      const proofs = { jwt: [await make.proof(key)] };
      const unknown = { credential_configuration_id: 'Degree_ldp_vc' };
      refused(await ask(proofs, unknown), 'unknown_credential_configuration', 'CREDENTIAL_CONFIGURATION');
      const other = { credential_configuration_id: 'SpecialOperationPermit_ldp_vc' };
      refused(await ask(proofs, other), 'insufficient_scope', 'NOT_OFFERED', 403);
    });

    it('an encrypted response it does not promise', async () => {
      const more = { credential_response_encryption: { jwk: {}, enc: 'A256GCM' } };
      refused(await ask({ jwt: [await make.proof(key)] }, more), 'invalid_encryption_parameters', 'ENCRYPTION');
    });

    it('missing, empty, foreign and too many proofs', async () => {
      const proof = await make.proof(key);
      for (const [proofs, code] of [
        [undefined, 'PROOF_MISSING'],
        [{}, 'PROOF_TYPE'],
        [{ jwt: [] }, 'PROOF_TYPE'],
        [{ jwt: [7] }, 'PROOF_TYPE'],
        [{ di_vp: [{}] }, 'PROOF_TYPE'],
        [{ jwt: [proof], di_vp: [{}] }, 'PROOF_TYPE'],
        [{ jwt: [proof, proof] }, 'PROOF_KEY_TWICE'],
        [{ jwt: Array.from({ length: 11 }, () => proof) }, 'PROOFS_TOO_MANY'],
      ] as const)
        refused(await ask(proofs), 'invalid_proof', code);
    });

    it('[OID4VCI §F.1] proofs for another audience, without nonce, old, from the future, of another type', async () => {
      const seconds = Math.floor(world.time.now.getTime() / 1000);
      for (const [changes, code] of [
        [{ claims: { aud: 'https://evil.example' } }, 'PROOF_AUDIENCE'],
        [{ claims: { aud: ['https://issuer.example', 'https://evil.example'] } }, 'PROOF_AUDIENCE'],
        [{ claims: { aud: undefined } }, 'PROOF_AUDIENCE'],
        [{ claims: { nonce: undefined } }, 'NONCE_MISSING'],
        [{ claims: { iat: undefined } }, 'PROOF_TIME'],
        [{ claims: { iat: seconds - 3600 } }, 'PROOF_TIME'],
        [{ claims: { iat: seconds + 3600 } }, 'PROOF_TIME'],
        [{ header: { typ: 'JWT' } }, 'JOSE_TYP_MISMATCH'],
        [{ header: { typ: undefined } }, 'JOSE_TYP_MISMATCH'],
        [{ header: { jwk: undefined } }, 'PROOF_KEY'],
        [{ header: { kid: 'did:key:z1#z1' } }, 'PROOF_KEY'],
        [{ header: { jwk: undefined, kid: 'did:web:evil.example#key-1' } }, 'PROOF_KEY'],
        [{ header: { x5c: ['AAAA'] } }, 'JOSE_KEY_EMBEDDED'],
      ] as const)
        refused(await ask({ jwt: [await make.proof(key, changes)] }), 'invalid_proof', code);
    });

    it("another's key, and a proof changed on its way", async () => {
      const other = await make.newKey();
      const stolen = await make.proof(key, { signWith: other.privateKey });
      refused(await ask({ jwt: [stolen] }), 'invalid_proof', 'JOSE_SIGNATURE_INVALID');
      const [header = '', payload = '', signature = ''] = (await make.proof(key)).split('.');
      const changed = Buffer.from(payload, 'base64url').toString().replace('"iat"', '"iss":"x","iat"');
      const forged = `${header}.${Buffer.from(changed).toString('base64url')}.${signature}`;
      refused(await ask({ jwt: [forged] }), 'invalid_proof', 'JOSE_SIGNATURE_INVALID');
    });

    it('alg none, a symmetric algorithm, and the private half of a key', async () => {
      const [, payload = ''] = (await make.proof(key)).split('.');
      const none = Buffer.from(JSON.stringify({ typ: 'openid4vci-proof+jwt', alg: 'none', jwk: key.jwk }));
      refused(
        await ask({ jwt: [`${none.toString('base64url')}.${payload}.AA`] }),
        'invalid_proof',
        'JOSE_ALG_UNSUPPORTED',
      );
      refused(await ask({ jwt: [`${none.toString('base64url')}.${payload}.`] }), 'invalid_proof', 'JOSE_FORMAT');
      const symmetric = await make.proof(key, { header: { alg: 'HS256' }, signWith: new Uint8Array(32) });
      refused(await ask({ jwt: [symmetric] }), 'invalid_proof', 'JOSE_ALG_UNSUPPORTED');
      const leaking = await make.proof(key, { header: { jwk: { ...key.jwk, d: 'AAAA' } } });
      refused(await ask({ jwt: [leaking] }), 'invalid_proof', 'KEY_FORMAT');
    });

    it('[OID4VCI §8.3.1] an old nonce and one of somebody else', async () => {
      const nonce = await make.nonce();
      const foreign = await world.reach(`https://issuer.example/institutions/${EMPLOYER_CODE}/openid4vci/nonce`, {
        method: 'POST',
      });
      const { c_nonce: theirs } = (await foreign.json()) as { c_nonce: string };
      for (const wrong of ['made-up', theirs, `${nonce}0`])
        refused(await ask({ jwt: [await make.proof(key, { nonce: wrong })] }), 'invalid_nonce', 'NONCE_STALE');
      later(5 * MINUTE);
      refused(await ask({ jwt: [await make.proof(key, { nonce })] }), 'invalid_nonce', 'NONCE_STALE');
      assert.equal((await ask({ jwt: [await make.proof(key)] })).status, 200);
    });

    it('a token that has expired', async () => {
      later(16 * MINUTE);
      refused(await ask({ jwt: [await make.proof(key)] }), 'invalid_token', 'ACCESS_TOKEN_INVALID', 401);
    });

    it('a certificate that was suspended, revoked or replaced after it was offered', async () => {
      const change = (id: string, action: string, reason: string): Promise<Response> =>
        world.call(
          'POST',
          `/institutions/${CODE}/certificates/${encodeURIComponent(id)}/status`,
          { action, reason },
          {
            secret: world.secrets.approver,
          },
        );
      for (const [n, code, act] of [
        [11, 'CERTIFICATE_SUSPENDED', (id: string) => change(id, 'suspend', 'investigation')],
        [12, 'CERTIFICATE_REVOKED', (id: string) => change(id, 'revoke', 'fraud')],
        [13, 'CERTIFICATE_SUPERSEDED', (id: string) => world.issue(13, { supersedes: id })],
      ] as const) {
        const id = await world.issue(n);
        const open = await make.tokenOf(await world.offer(id));
        await act(id);
        const body = { credential_configuration_id: LDP, proofs: { jwt: [await make.proof(key)] } };
        refused(await make.credential(open, body), 'credential_request_denied', code);
        const again = world.call('POST', `/institutions/${CODE}/certificates/${encodeURIComponent(id)}/offers`, {});
        assert.equal((await answer<{ code: string }>(again, 409)).code, code);
      }
    });

    it("a certificate for another holder's key", async () => {
      const holder = `did:jwk:${Buffer.from(JSON.stringify(key.jwk)).toString('base64url')}`;
      const issued = await world.issue(14, { holder: { ...holderOf(14), did: holder } });
      const body = async (of: RawKey): Promise<object> => ({
        credential_configuration_id: LDP,
        proofs: { jwt: [await make.proof(of)] },
      });
      const open = await make.tokenOf(await world.offer(issued));
      const other = await make.newKey();
      refused(await make.credential(open, await body(other)), 'credential_request_denied', 'HOLDER_OTHER_KEY');
      const own = await make.credential(open, await body(key));
      const [{ credential } = { credential: {} }] = own['credentials'] as { credential: object }[];
      const stored = await world.issuer.service.certificate(CODE, issued);
      assert.equal(JSON.stringify(credential), stored.json, 'handed over as it was issued');
    });

    it('what the institution may no longer sign', async () => {
      const id = await world.issue(15);
      const open = await make.tokenOf(await world.offer(id));
      const [own, ...others] = world.accreditations;
      assert.ok(own);
      const institution = await world.issuer.service.institutions.get(CODE);
      const ended = {
        ...own,
        actions: own.actions.map((action) => ({ ...action, validUntil: '2026-11-20T00:00:00+08:00' })),
      };
      await world.issuer.service.accreditations.import(institution, 'test', await world.publish([ended, ...others]));
      const body = { credential_configuration_id: LDP, proofs: { jwt: [await make.proof(key)] } };
      const answered = await make.credential(open, body);
      assert.equal(answered.error, 'credential_request_denied');
      assert.match(answered.code ?? '', /^ACCREDITATION_/);
    });
  });

  it('[OID4VCI §11.3] notifications of nothing', async () => {
    const token = await make.tokenOf(await world.offer(certificate));
    const tell = (body: object): Promise<Answered> =>
      make.send('notification', body, { authorization: `Bearer ${token}` });
    refused(await tell({}), 'invalid_notification_request', 'NOTIFICATION_REQUEST');
    refused(await tell({ notification_id: 'x', event: 'y' }), 'invalid_notification_request', 'NOTIFICATION_REQUEST');
    const unknown = { notification_id: 'x', event: 'credential_deleted' };
    refused(await tell(unknown), 'invalid_notification_id', 'NOTIFICATION_UNKNOWN');
  });

  it('[OID4VCI §9.3] a transaction nobody began', async () => {
    const token = await make.tokenOf(await world.offer(certificate));
    const answered = await make.send(
      'deferred-credential',
      { transaction_id: 'x' },
      { authorization: `Bearer ${token}` },
    );
    refused(answered, 'invalid_transaction_id', 'TRANSACTION_UNKNOWN');
  });

  it('keeps every code, token, nonce and address of an offer out of log and database', async () => {
    const offer = await world.offer(certificate);
    const code = make.codeOf(offer);
    const handle = new URL(offer.uri).searchParams.get('credential_offer_uri')?.split('/').at(-1) ?? '';
    assert.ok(handle.length === 43 && code.length === 43);
    await world.reach(new URL(offer.uri).searchParams.get('credential_offer_uri') ?? '');
    await make.token(form(offer, { tx_code: '999999x' }));
    const token = await make.tokenOf(offer);
    const nonce = await make.nonce();
    await make.credential(token, {
      credential_configuration_id: LDP,
      proofs: { jwt: [await make.proof(key, { nonce })] },
    });
    const stored = JSON.stringify([
      await world.database.knex('credential_offers').select(),
      await world.database.knex('access_tokens').select(),
      await world.database.knex('audit_log').select(),
    ]);
    const logged = world.lines.join('');
    assert.match(logged, /credential-offers\/:handle/);
    for (const secret of [code, handle, token, nonce, `"${offer.txCode ?? ''}"`])
      assert.ok(!stored.includes(secret) && !logged.includes(secret));
  });
});

function holderOf(n: number): object {
  return exam(n)['holder'] as object;
}
