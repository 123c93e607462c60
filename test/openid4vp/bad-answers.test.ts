import { strict as assert } from 'node:assert';
import * as jose from 'jose';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import {
  ThirdPartyHolder,
  thirdPartyKey,
  type Resolved,
  type ThirdPartyKey,
  type Wrong,
} from './third-party-holder.js';
import { formFor, startAskingVerifier, type Asked, type AskingVerifier } from './world.js';

const SHOWN = { name: true };

describe('OpenID4VP: wrong answers are refused by name [OID4VP §8.6] [OID4VP §14.1]', function () {
  this.timeout(60_000);
  let verifier: AskingVerifier;
  let key: ThirdPartyKey;
  let other: ThirdPartyKey;
  let holder: ThirdPartyHolder;

  before(async () => {
    verifier = await startAskingVerifier(({ baseUrl }) => ({
      guests: { requestsPerMinute: 1000 },
      returnOrigins: [baseUrl, 'https://hr.example'],
    }));
    [key, other] = await Promise.all([thirdPartyKey('ES256', 'key'), thirdPartyKey('ES256', 'key')]);
    holder = new ThirdPartyHolder(key, () => verifier.clock.now);
  });
  after(() => verifier.stop());
  beforeEach(() => void (verifier.clock.now = new Date()));

  const idOf = (format: string): string => `certificate_${format.replaceAll(/[^A-Za-z0-9]/g, '_')}`;

  async function begin(
    format: CertificateForm,
    request: object = {},
  ): Promise<{ asked: Asked; opened: Resolved; held: string | object }> {
    // prettier-ignore
    const asked = await verifier.ask({ request: { formats: [format], ...request }, responseMode: 'direct_post' });
    return { asked, opened: await holder.open(asked.link), held: await formFor(format, key.did) };
  }

  async function codeOf(format: CertificateForm, wrong: Wrong, disclose: object = SHOWN): Promise<string | undefined> {
    const { asked, opened, held } = await begin(format);
    const presentation = await holder.present(format, held, opened, { wrong, disclose });
    const { status, body } = await holder.answer(opened, { [idOf(format)]: [presentation] });
    if (status === 200) {
      const [shown] = (await verifier.read(asked)).presentations ?? [];
      return shown && Object.values(shown.verdict.questions).find(({ answer }) => answer === 'fail')?.code;
    }
    assert.equal(status, 400);
    assert.deepEqual(
      (await verifier.read(asked)).problems?.map(({ code }) => code),
      [body.code],
    );
    return body.code;
  }

  for (const format of ['dc+sd-jwt', 'jwt_vc_json', 'vc+jwt', 'ldp_vc'] as const) {
    it(`${format}: for another request, another verifier, too old, from the future, by another key`, async () => {
      const now = Math.floor(verifier.clock.now.getTime() / 1000);
      const sdJwt = format === 'dc+sd-jwt';
      assert.equal(await codeOf(format, { nonce: 'the-nonce-of-another-request' }), 'NONCE_MISMATCH');
      assert.equal(await codeOf(format, { audience: 'x509_san_dns:evil.example' }), 'AUDIENCE_MISMATCH');
      assert.equal(await codeOf(format, { iat: now - 1200 }), sdJwt ? 'HOLDER_PROOF_EXPIRED' : 'PRESENTATION_TOO_OLD');
      assert.equal(await codeOf(format, { iat: now + 1200 }), sdJwt ? 'HOLDER_PROOF_INVALID' : 'CREATED_IN_FUTURE');
      assert.equal(
        await codeOf(format, { signWith: other }),
        { 'dc+sd-jwt': 'HOLDER_PROOF_INVALID', ldp_vc: 'SUBJECT_NOT_HOLDER' }[format as string] ??
          'HOLDER_KEY_MISMATCH',
      );
    });
  }

  for (const [format, code] of [
    ['jwt_vc_json', 'HOLDER_NOT_BOUND'],
    ['vc+jwt', 'HOLDER_NOT_BOUND'],
    ['ldp_vc', 'SUBJECT_NOT_HOLDER'],
  ] as const)
    it(`${format}: is of a certificate bound to nobody, which anybody who has it could show`, async () => {
      const { asked, opened } = await begin(format);
      const presentation = await holder.present(format, await formFor(format, undefined), opened);
      const { status, body } = await holder.answer(opened, { [idOf(format)]: [presentation] });
      assert.deepEqual([status, body.code], [400, code]);
      assert.equal((await verifier.read(asked)).phase, 'refused');
    });

  it('shows less than was asked for, more than was asked for, or another level', async () => {
    assert.equal(await codeOf('dc+sd-jwt', {}, {}), 'DCQL_CLAIM_MISSING');
    assert.equal(
      await codeOf('dc+sd-jwt', {}, { name: true, identity_document: { last_four: true } }),
      'CLAIM_NOT_ASKED_FOR',
    );
    for (const format of ['dc+sd-jwt', 'jwt_vc_json'] as const) {
      const { opened, held } = await begin(format, { atLeast: { framework: 'cn-skill-5', value: '2' } });
      const presentation = await holder.present(format, held, opened, { disclose: SHOWN });
      const { body } = await holder.answer(opened, { [idOf(format)]: [presentation] });
      assert.deepEqual([body.code, body.at?.endsWith('level.value')], ['DCQL_VALUE_MISMATCH', true]);
    }
  });

  it('has no key binding, a foreign disclosure, or a signature of nobody', async () => {
    const answerWith = async (format: CertificateForm, change: (presentation: string) => string): Promise<string> => {
      const { asked, opened, held } = await begin(format);
      const presentation = (await holder.present(format, held, opened, { disclose: SHOWN })) as string;
      const { status, body } = await holder.answer(opened, { [idOf(format)]: [change(presentation)] });
      const code = (await verifier.read(asked)).presentations?.[0]?.verdict.questions['authentic']?.code;
      return status === 200 ? (code ?? '') : (body.code ?? '');
    };
    assert.equal(
      await answerWith('dc+sd-jwt', (text) => text.slice(0, text.lastIndexOf('~') + 1)),
      'KEY_BINDING_MISSING',
    );
    const stray = Buffer.from(JSON.stringify(['salt-salt-salt-salt', 'name', '李四'])).toString('base64url');
    assert.equal(await answerWith('dc+sd-jwt', (text) => text.replace('~', `~${stray}~`)), 'SD_JWT_UNREFERENCED');
    const unsigned = (text: string): string => {
      const [, payload = ''] = text.split('.');
      return `${Buffer.from(JSON.stringify({ alg: 'none', kid: key.kid, typ: 'JWT' })).toString('base64url')}.${payload}.AA`;
    };
    assert.equal(await answerWith('jwt_vc_json', unsigned), 'JOSE_ALG_UNSUPPORTED');
  });

  it('is a forgery: then it is taken, and its verdict says what it is', async () => {
    const { asked, opened, held } = await begin('jwt_vc_json');
    const [header, payload = '', signature] = (held as string).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
      vc: { credentialSubject: { level: { value: string } } };
    };
    claims.vc.credentialSubject.level.value = '1';
    const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    const presentation = await holder.present('jwt_vc_json', forged, opened);
    assert.equal((await holder.answer(opened, { certificate_jwt_vc_json: [presentation] })).status, 200);
    const shown = (await verifier.read(asked)).presentations?.[0]?.verdict;
    assert.deepEqual([shown?.headline, shown?.questions['authentic']?.answer], ['refused', 'fail']);
  });

  it('comes a second time, for another request, or after five minutes', async () => {
    const { asked, opened, held } = await begin('dc+sd-jwt');
    const presentation = await holder.present('dc+sd-jwt', held, opened, { disclose: SHOWN });
    const vpToken = { certificate_dc_sd_jwt: [presentation] };
    assert.equal((await holder.answer(opened, vpToken)).status, 200);
    const again = await holder.answer(opened, vpToken);
    assert.deepEqual([again.status, again.body.code], [410, 'REQUEST_ANSWERED']);
    const elsewhere = await begin('dc+sd-jwt');
    assert.equal((await holder.answer(elsewhere.opened, vpToken)).body.code, 'NONCE_MISMATCH');
    const late = await begin('dc+sd-jwt');
    verifier.clock.now = new Date(Date.now() + 301_000);
    const tooLate = await holder.answer(late.opened, vpToken);
    assert.deepEqual([tooLate.status, tooLate.body.code], [404, 'REQUEST_NOT_FOUND']);
    assert.equal((await verifier.read(asked)).phase, 'answered');
    verifier.clock.now = new Date(Date.now() + 16 * 60_000);
    assert.equal((await verifier.read(asked)).phase, '404 REQUEST_NOT_FOUND');
  });

  it('takes one of many answers that come at once', async () => {
    const { opened, held } = await begin('dc+sd-jwt');
    const presentation = await holder.present('dc+sd-jwt', held, opened, { disclose: SHOWN });
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => holder.answer(opened, { certificate_dc_sd_jwt: [presentation] })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 410, 410, 410]);
  });

  it('is encrypted to another key, not encrypted, or names another state; the request still waits for the right one', async () => {
    const asked = await verifier.ask({ request: { formats: ['dc+sd-jwt'] } });
    const opened = await holder.open(asked.link);
    const presentation = await holder.present('dc+sd-jwt', await formFor('dc+sd-jwt', key.did), opened, {
      disclose: SHOWN,
    });
    const vpToken = { certificate_dc_sd_jwt: [presentation] };
    const { publicKey } = await jose.generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    const encryptTo = { ...(await jose.exportJWK(publicKey)), alg: 'ECDH-ES', kid: 'mine' };
    assert.equal((await holder.answer(opened, vpToken, { encryptTo })).body.code, 'RESPONSE_NOT_DECRYPTED');
    assert.equal((await holder.answer(opened, vpToken, { state: 'another' })).body.code, 'STATE_MISMATCH');
    const { response_uri, state } = opened.authorizationRequestPayload as { response_uri: string; state: string };
    assert.equal(
      (await post(response_uri, { vp_token: JSON.stringify(vpToken), state })).code,
      'RESPONSE_NOT_ENCRYPTED',
    );
    assert.equal((await post(response_uri, { response: 'a.b.c.d.e' })).code, 'RESPONSE_NOT_DECRYPTED');
    assert.equal((await post(response_uri, { response: 'nothing' })).code, 'RESPONSE_FORMAT');
    assert.equal((await holder.answer(opened, vpToken)).status, 200);
  });

  it('is no vp_token of the query, or no form at all', async () => {
    const answerWith = async (vpToken: unknown): Promise<string | undefined> => {
      const { opened } = await begin('dc+sd-jwt');
      const { response_uri, state } = opened.authorizationRequestPayload as { response_uri: string; state: string };
      return (
        await post(response_uri, { vp_token: typeof vpToken === 'string' ? vpToken : JSON.stringify(vpToken), state })
      ).code;
    };
    assert.equal(await answerWith({ another: ['x'] }), 'VP_TOKEN_UNKNOWN_ID');
    assert.equal(await answerWith({ certificate_dc_sd_jwt: 'x~' }), 'VP_TOKEN_FORMAT');
    assert.equal(await answerWith({ certificate_dc_sd_jwt: ['x~', 'y~'] }), 'VP_TOKEN_MULTIPLE');
    assert.equal(await answerWith({ certificate_dc_sd_jwt: [{}] }), 'VP_TOKEN_FORMAT');
    assert.equal(await answerWith({}), 'QUERY_NOT_SATISFIED');
    assert.equal(await answerWith([]), 'JSON_NOT_OBJECT');
    assert.equal(await answerWith('{"a":1,"a":2}'), 'JSON_DUPLICATE_KEY');
    const { opened } = await begin('dc+sd-jwt');
    const { response_uri } = opened.authorizationRequestPayload as { response_uri: string };
    const json = await fetch(response_uri, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    assert.equal(json.status, 415);
    assert.equal(json.headers.get('access-control-allow-origin'), '*');
    const large = await fetch(response_uri, {
      method: 'POST',
      body: new URLSearchParams({ response: 'x'.repeat(500_000) }),
    });
    assert.equal(large.status, 413);
  });

  it('is a refusal of the holder: told to whoever asked, and to nobody that it was more', async () => {
    const { asked, opened } = await begin('dc+sd-jwt');
    const { response_uri, state } = opened.authorizationRequestPayload as { response_uri: string; state: string };
    await post(response_uri, { error: 'access_denied', state });
    const { phase, error } = await verifier.read(asked);
    assert.deepEqual([phase, error], ['declined', 'access_denied']);
  });

  it('lets nobody ask for everything, guests for nothing personal, and only the roles named ask with a key', async () => {
    const personal = { request: { claims: ['name', 'idNumber'], formats: ['dc+sd-jwt'] } };
    const everything = { request: { claims: ['name', 'idNumber', 'birthDate', 'photo'] } };
    const codeFor = async (body: object, key?: string): Promise<unknown[]> => {
      const { status, body: answer } = await verifier.tryToAsk(body, key === undefined ? {} : { key });
      return [status, answer.code];
    };
    assert.deepEqual(await codeFor(everything, 'clerk'), [422, 'REQUEST_TOO_BROAD']);
    assert.deepEqual(await codeFor(personal), [403, 'CLAIM_NEEDS_KEY']);
    assert.deepEqual(await codeFor(personal, 'auditor'), [403, 'ROLE_MISSING']);
    assert.deepEqual(await codeFor(personal, 'clerk'), [201, undefined]);
    assert.deepEqual(await codeFor({ request: { claims: ['scores'], formats: ['ldp_vc'] } }), [
      422,
      'REQUEST_NO_FORMAT',
    ]);
    assert.deepEqual(await codeFor({ request: {}, surprise: 1 }), [422, 'FIELD_UNKNOWN']);
    assert.deepEqual(await codeFor({ request: {}, anchor: 'did:web:nobody.example' }), [422, 'ANCHOR_UNKNOWN']);
    assert.deepEqual(await codeFor({ request: {}, returnTo: 'https://evil.example/' }, 'clerk'), [
      422,
      'RETURN_ADDRESS',
    ]);
    assert.deepEqual(await codeFor({ request: {}, returnTo: 'https://hr.example/' }), [422, 'FIELD_UNKNOWN']);
  });

  it('gives a personal fact to who may ask for it, and only then', async () => {
    const asked = await verifier.ask(
      { request: { claims: ['name', 'idNumber'], formats: ['dc+sd-jwt'] } },
      { key: 'clerk' },
    );
    const opened = await holder.open(asked.link);
    const held = await formFor('dc+sd-jwt', key.did, {
      personal: { idNumber: '11010519491231002X' },
      changes: { holder: LI },
    });
    const presentation = await holder.present('dc+sd-jwt', held, opened, {
      disclose: { name: true, identity_document: { number: true } },
    });
    assert.equal((await holder.answer(opened, { certificate_dc_sd_jwt: [presentation] })).status, 200);
    assert.equal((await verifier.read(asked)).presentations?.[0]?.verdict.personal?.idNumber, '11010519491231002X');
  });

  it('leads the holder’s browser back with a fresh code, without which the answer is not read (session fixation) [OID4VP §13.3]', async () => {
    const asked = await verifier.ask(
      { request: { formats: ['dc+sd-jwt'] }, returnTo: 'https://hr.example/done' },
      { key: 'clerk' },
    );
    const opened = await holder.open(asked.link);
    const presentation = await holder.present('dc+sd-jwt', await formFor('dc+sd-jwt', key.did), opened, {
      disclose: SHOWN,
    });
    const { body } = await holder.answer(opened, { certificate_dc_sd_jwt: [presentation] });
    const code =
      /^https:\/\/hr\.example\/done#response_code=([A-Za-z0-9_-]{32})$/.exec(body.redirect_uri ?? '')?.[1] ?? '';
    assert.equal((await verifier.read(asked)).phase, '403 RESPONSE_CODE_WRONG');
    assert.equal((await verifier.read(asked, code)).phase, 'answered');
  });

  it('is read with the secret of its maker only, erased by it at once, and leaves nothing in the log', async () => {
    const { asked, opened, held } = await begin('dc+sd-jwt');
    const presentation = await holder.present('dc+sd-jwt', held, opened, { disclose: SHOWN });
    await holder.answer(opened, { certificate_dc_sd_jwt: [presentation] });
    assert.equal((await verifier.read({ ...asked, readSecret: 'A'.repeat(43) })).phase, '404 REQUEST_NOT_FOUND');
    const address = `${verifier.url}/openid4vp/requests/${asked.id}`;
    assert.equal((await fetch(address)).status, 401);
    const headers = { Authorization: `Bearer ${asked.readSecret}` };
    const read = await fetch(address, { headers });
    assert.equal(read.headers.get('cache-control'), 'no-store');
    assert.notEqual(read.headers.get('access-control-allow-origin'), '*');
    assert.equal((await fetch(address, { method: 'DELETE', headers })).status, 204);
    assert.equal((await verifier.read(asked)).phase, '404 REQUEST_NOT_FOUND');
    const { nonce, state } = opened.authorizationRequestPayload as { nonce: string; state: string };
    const log = verifier.lines.join('\n');
    for (const secret of ['张伟', nonce, state, asked.readSecret, asked.id, String(presentation).slice(0, 40)])
      assert.ok(!log.includes(secret), secret);
  });

  it('limits how often one address may ask without a key', async () => {
    const strict = await startAskingVerifier(() => ({ guests: { requestsPerMinute: 3 } }));
    try {
      const statuses = [];
      for (let i = 0; i < 5; i++) statuses.push((await strict.tryToAsk({ request: {} })).status);
      assert.deepEqual(statuses, [201, 201, 201, 429, 429]);
    } finally {
      await strict.stop();
    }
  });
});

const LI = { name: '李梅', identityDocumentType: 'resident-identity-card', identityDocumentLastFour: '002X' };

async function post(address: string, form: Record<string, string>): Promise<{ code?: string }> {
  const response = await fetch(address, { method: 'POST', body: new URLSearchParams(form) });
  return (await response.json()) as { code?: string };
}
