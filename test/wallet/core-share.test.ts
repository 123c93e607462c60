import assert from 'node:assert/strict';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { SignJWT, importJWK, generateKeyPair, exportJWK } from 'jose';
import { errorCode } from '../../shared/errors.js';
import { CERTIFICATE_FORMS } from '../../shared/proof/forms/certificate-form.js';
import { readArrival } from '../../wallet/web/src/core/arrive.js';
import type { HeldForm } from '../../wallet/web/src/core/certificates/held-certificate.js';
import { answerRequest, declineRequest } from '../../wallet/web/src/core/share/answer-request.js';
import { matchRequest, type Choice, type RequestMatch } from '../../wallet/web/src/core/share/match-request.js';
import { readRequest, type PresentationRequest } from '../../wallet/web/src/core/share/read-request.js';
import { shareLog, type ShareEntry } from '../../wallet/web/src/core/share/share-log.js';
import { listCertificates } from '../../wallet/web/src/core/certificates/certificates.js';
import type { Vault } from '../../wallet/web/src/core/vault/vault.js';
import { redirectUriClient } from '../../verifier/openid4vp/index.js';
import { formFor, startAskingVerifier, type AskingVerifier } from '../openid4vp/world.js';
import { hold, keyIn, openWallet, PASSPHRASE, testPlatform, type TestPlatform } from './core-world.js';

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', errorCode);
const SCORES = { theoryScore: '88', practicalScore: '91' };

describe('our wallet answers a request for certificates [OID4VP §5–§8]', function () {
  this.timeout(60_000);
  let verifier: AskingVerifier;
  let platform: TestPlatform;
  let vault: Vault;
  let did: string;

  before(async () => {
    verifier = await startAskingVerifier();
    platform = await testPlatform({
      fetch,
      now: () => verifier.clock.now.getTime(),
      knownHosts: () => ['verify.example'],
    });
    vault = await openWallet(platform);
    ({ did } = await keyIn(vault, platform));
    const changes = { assessment: { id: 'PJ-1', method: 'examination', standard: 'GZB 6-18-02-04-2018', standardType: 'national', date: '2026-11-15', ...SCORES } }; // prettier-ignore
    const forms = await Promise.all(
      CERTIFICATE_FORMS.map(async (format): Promise<HeldForm> => {
        const personal = { idNumber: '510104199003011234', birthDate: '1990-03-01' };
        const made = await formFor(format, did, { changes, ...(format === 'dc+sd-jwt' && { personal }) });
        return { format, text: typeof made === 'string' ? made : JSON.stringify(made), holder: did };
      }),
    );
    await hold(vault, platform, forms);
  });
  after(() => verifier.stop());

  async function opened(link: string): Promise<{ request: PresentationRequest; match: RequestMatch }> {
    const request = await readRequest(link, platform);
    return { request, match: matchRequest(request, await listCertificates(vault)) };
  }
  const statesSince = async (before: readonly ShareEntry[]): Promise<(string | undefined)[]> => {
    const known = new Set(before.map(({ id }) => id));
    return (await shareLog(vault)).filter(({ id }) => !known.has(id)).map(({ state }) => state);
  };
  const factsOf = (match: RequestMatch, format: string): Map<string, boolean> =>
    new Map(
      match.queries
        .find((query) => query.format === format)
        ?.candidates[0]?.facts.map(({ path, required }) => [path.join('.'), required]),
    );

  it('shows level and occupation without ID number and date of birth, to an asker whose domain is proven', async () => {
    const asked = await verifier.ask({ request: { formats: ['dc+sd-jwt'], claims: ['name', 'occupation', 'level'] } });
    assert.equal(readArrival(asked.link).kind, 'request');
    const { request, match } = await opened(asked.link);
    assert.deepEqual(
      [request.party.kind, request.party.proven, request.party.name, request.party.answerGoesElsewhere],
      ['decentralized_identifier', true, '示例用人单位', false],
    );
    assert.equal(match.asksEverything, false);
    const facts = factsOf(match, 'dc+sd-jwt');
    assert.equal(facts.get('name'), true);
    assert.equal(facts.get('level.value'), true);
    for (const hidden of [
      'identity_document.number',
      'identity_document.last_four',
      'birthdate',
      'assessment.theory_score',
    ])
      assert.ok(!facts.has(hidden), hidden);
    await answerRequest(request, match.suggestion ?? [], vault, platform);
    const answer = await verifier.read(asked);
    const [shown] = answer.presentations ?? [];
    assert.equal(answer.phase, 'answered', JSON.stringify(answer.problems));
    assert.ok(shown);
    assert.equal(shown.verdict.questions['holder']?.code, 'HOLDER_BOUND');
    assert.equal(shown.verdict.certificate?.holder.name, '张伟');
    assert.ok(
      shown.verdict.notShown?.includes('identity_document.number') && shown.verdict.notShown.includes('birthdate'),
    );
    assert.ok(!JSON.stringify(answer).includes('510104199003011234'));
    const [entry] = await shareLog(vault);
    assert.deepEqual([entry?.kind, entry?.party, entry?.host], ['request', '示例用人单位', request.party.host]);
    assert.ok(
      entry?.certificates[0]?.facts.includes('level.value') && !entry.certificates[0].facts.includes('birthdate'),
    );
  });

  it('leaves out what the asker only wishes for, unless its holder adds it', async () => {
    const body = { request: { formats: ['dc+sd-jwt'], claims: ['name', 'level', 'scores'] } };
    const first = await verifier.ask(body);
    const { request, match } = await opened(first.link);
    const facts = factsOf(match, 'dc+sd-jwt');
    assert.deepEqual([facts.get('assessment.theory_score'), facts.get('assessment.practical_score'), facts.get('name')], [false, false, true]); // prettier-ignore
    await answerRequest(request, match.suggestion ?? [], vault, platform);
    const least = await verifier.read(first);
    assert.ok(least.presentations?.[0]?.verdict.notShown?.includes('assessment.theory_score'), JSON.stringify(least));
    const second = await verifier.ask(body);
    const again = await opened(second.link);
    const more = (again.match.suggestion ?? []).map((choice): Choice => ({
      ...choice,
      facts: [['assessment', 'theory_score']],
    }));
    await answerRequest(again.request, more, vault, platform);
    const { presentations } = await verifier.read(second);
    const notShown = presentations?.[0]?.verdict.notShown ?? [];
    assert.deepEqual([notShown.includes('assessment.theory_score'), notShown.includes('assessment.practical_score')], [false, true]); // prettier-ignore
  });

  for (const format of CERTIFICATE_FORMS)
    for (const responseMode of ['direct_post', 'direct_post.jwt'])
      it(`answers in ${format} by ${responseMode}`, async () => {
        const asked = await verifier.ask({ request: { formats: [format] }, responseMode });
        const { request, match } = await opened(asked.link);
        assert.equal(request.encrypted, responseMode === 'direct_post.jwt');
        assert.equal(match.queries[0]?.candidates[0]?.showsEverything, format !== 'dc+sd-jwt');
        await answerRequest(request, match.suggestion ?? [], vault, platform);
        const answer = await verifier.read(asked);
        assert.equal(answer.phase, 'answered', JSON.stringify(answer.problems));
        assert.deepEqual(
          ['authentic', 'holder'].map((question) => answer.presentations?.[0]?.verdict.questions[question]?.code),
          ['PROOF_VALID', 'HOLDER_BOUND'],
        );
      });

  it('prefers the form that hides most, where several would do', async () => {
    const { match } = await opened((await verifier.ask()).link);
    assert.deepEqual(
      match.suggestion?.map(({ format }) => format),
      ['dc+sd-jwt'],
    );
  });

  it('warns of an asker who wants number, date of birth and more', async () => {
    const asked = await verifier.ask(
      {
        request: {
          formats: ['dc+sd-jwt'],
          claims: ['name', 'level', 'idNumber', 'birthDate', 'lastFour', 'certificateNumber'],
        },
      },
      { key: 'clerk' },
    );
    const { match } = await opened(asked.link);
    assert.equal(match.asksEverything, true);
    const personal = match.queries[0]?.candidates[0]?.facts
      .filter((fact) => fact.personal)
      .map(({ path }) => path.at(-1));
    assert.deepEqual(personal?.toSorted(), ['birthdate', 'number']);
  });

  it('says what is missing where nothing that is held will do, and answers nothing then', async () => {
    const asked = await verifier.ask({
      request: { formats: ['dc+sd-jwt'], atLeast: { framework: 'cn-skill-5', value: '1' } },
    });
    const { request, match } = await opened(asked.link);
    assert.equal(match.suggestion, undefined);
    assert.deepEqual([match.queries[0]?.problem, match.queries[0]?.missing], ['DCQL_VALUE_MISMATCH', 'level.value']);
    assert.equal(await codeOf(answerRequest(request, [], vault, platform)), 'ANSWER_INCOMPLETE');
    const forged: Choice[] = [
      { queryId: request.query.credentials[0]?.id ?? '', certificateId: 'held-1', format: 'dc+sd-jwt', facts: [] },
    ];
    assert.equal(await codeOf(answerRequest(request, forged, vault, platform)), 'ANSWER_INCOMPLETE');
  });

  it('says no, and the asker hears it', async () => {
    const asked = await verifier.ask();
    await declineRequest(await readRequest(asked.link, platform), platform);
    const answer = await verifier.read(asked);
    assert.deepEqual([answer.phase, answer.error], ['declined', 'access_denied'], JSON.stringify(answer));
  });

  it('is told when an answer was given before: each request is answered once', async () => {
    const asked = await verifier.ask();
    const { request, match } = await opened(asked.link);
    await answerRequest(request, match.suggestion ?? [], vault, platform);
    const before = await shareLog(vault);
    assert.equal(await codeOf(answerRequest(request, match.suggestion ?? [], vault, platform)), 'ANSWER_REFUSED');
    assert.deepEqual(await statesSince(before), ['unconfirmed']);
  });

  it('notes what is told before it is sent, so that a lock or a lost connection hides nothing', async () => {
    const plain = await startAskingVerifier(() => ({ client: redirectUriClient() }));
    try {
      const answered = async (answering: typeof fetch): Promise<[string, (string | undefined)[]]> => {
        const { request, match } = await opened((await plain.ask()).link);
        const before = await shareLog(vault);
        const code = await codeOf(answerRequest(request, match.suggestion ?? [], vault, { ...platform, fetch: answering })); // prettier-ignore
        if (vault.phase === 'locked') await vault.unlock({ passphrase: PASSPHRASE });
        return [code, await statesSince(before)];
      };
      const locking: typeof fetch = async (input, init) => {
        const answer = await fetch(input, init);
        vault.lock();
        return answer;
      };
      assert.deepEqual(await answered(fetch), ['done', [undefined]]);
      assert.deepEqual(await answered(locking), ['done', ['unconfirmed']]);
      const lost: typeof fetch = () => Promise.reject(new TypeError('connection lost'));
      assert.deepEqual(await answered(lost), ['HOST_UNREACHABLE', ['unconfirmed']]);
    } finally {
      await plain.stop();
    }
  });

  it('opens a request through the address of our own wallet', async () => {
    const { link } = await verifier.ask();
    const inside = `https://wallet.example/#openid4vp:${encodeURIComponent(link)}`;
    assert.equal(readArrival(inside).kind, 'request');
    assert.equal((await readRequest(inside, platform)).party.proven, true);
  });

  it('answers an asker that signs nothing, and calls it unproven', async () => {
    const plain = await startAskingVerifier(() => ({ client: redirectUriClient() }));
    try {
      const asked = await plain.ask({ request: { formats: ['dc+sd-jwt'] } });
      const { request, match } = await opened(asked.link);
      assert.deepEqual([request.party.kind, request.party.proven], ['redirect_uri', false]);
      await answerRequest(request, match.suggestion ?? [], vault, platform);
      assert.equal((await plain.read(asked)).phase, 'answered');
    } finally {
      await plain.stop();
    }
  });

  describe('refuses by name', () => {
    let link: URLSearchParams;
    let claims: Record<string, unknown>;
    let header: Record<string, unknown>;

    before(async () => {
      link = new URLSearchParams((await verifier.ask()).link.split('?')[1]);
      const text = await (await fetch(link.get('request_uri') ?? '', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'wallet_nonce=x' })).text(); // prettier-ignore
      [header, claims] = text.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>) as [never, never]; // prettier-ignore
      delete claims['wallet_nonce'];
    });
    const value = (parameters: Record<string, string>): string =>
      `openid4vp://?${new URLSearchParams(parameters).toString()}`;
    const unsigned = (changes: Record<string, unknown> = {}): Promise<string> => {
      const responseUri = String(claims['response_uri']);
      const members = { ...claims, client_id: `redirect_uri:${responseUri}`, ...changes };
      const text = Object.entries(members).map(([name, member]) => [name, typeof member === 'string' ? member : JSON.stringify(member)]); // prettier-ignore
      return codeOf(readRequest(value(Object.fromEntries(text.filter(([, member]) => member !== undefined)) as Record<string, string>), platform)); // prettier-ignore
    };
    async function signedBy(changes: Record<string, unknown>, head: Record<string, unknown> = {}): Promise<string> {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const jwt = await new SignJWT({ ...claims, ...changes })
        .setProtectedHeader({ ...header, alg: 'ES256', ...head })
        .sign(await importJWK(await exportJWK(privateKey), 'ES256'));
      return codeOf(readRequest(value({ client_id: String(claims['client_id']), request: jwt }), platform));
    }

    it('a request signed by another key, with alg none, of another typ, or not at all', async () => {
      assert.equal(await signedBy({}), 'REQUEST_SIGNATURE');
      assert.equal(await signedBy({}, { kid: 'did:web:other.example#k' }), 'REQUEST_SIGNATURE');
      assert.equal(await signedBy({}, { typ: 'JWT' }), 'REQUEST_SIGNATURE');
      const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
      const none = `${part({ ...header, alg: 'none' })}.${part(claims)}.`;
      assert.equal(await codeOf(readRequest(value({ client_id: String(claims['client_id']), request: none }), platform)), 'REQUEST_FORMAT'); // prettier-ignore
      assert.equal(await unsigned({ client_id: claims['client_id'] }), 'REQUEST_SIGNATURE');
    });

    it('a link and a request that name different askers', async () => {
      assert.equal(await signedBy({ client_id: 'decentralized_identifier:did:web:other.example' }), 'REQUEST_MISMATCH');
      assert.equal(await unsigned({ client_id: 'redirect_uri:https://other.example/response' }), 'REQUEST_MISMATCH');
    });

    it('a request fetched for somebody else: the nonce this wallet sent must come back', async () => {
      const replay: typeof fetch = async (input, init) => {
        const isPost = init?.method === 'POST';
        return fetch(input, isPost ? { ...init, body: 'wallet_nonce=of-somebody-else' } : init);
      };
      const { link: fresh } = await verifier.ask();
      assert.equal(await codeOf(readRequest(fresh, { ...platform, fetch: replay })), 'REQUEST_REPLAYED');
    });

    it('a certificate for another host, and answers that would leave the host of the certificate', async () => {
      const keys = await generateKeyPair('ES256', { extractable: true });
      const certificate = await x509.X509CertificateGenerator.createSelfSigned({
        name: 'CN=asker',
        notBefore: new Date(platform.now() - 3_600_000),
        notAfter: new Date(platform.now() + 3_600_000),
        signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
        keys,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
      });
      const x5c = [Buffer.from(certificate.rawData).toString('base64')];
      const read = async (clientId: string, changes: object = {}): Promise<PresentationRequest> => {
        const jwt = await new SignJWT({ ...claims, client_id: clientId, ...changes })
          .setProtectedHeader({ typ: 'oauth-authz-req+jwt', alg: 'ES256', x5c })
          .sign(keys.privateKey);
        return readRequest(value({ client_id: clientId, request: jwt }), platform);
      };
      const { party } = await read('x509_san_dns:localhost');
      assert.deepEqual([party.kind, party.proven], ['x509_san_dns', false]);
      const hash = Buffer.from(await certificate.getThumbprint('SHA-256')).toString('base64url');
      assert.equal((await read(`x509_hash:${hash}`)).party.proven, false);
      assert.equal(await codeOf(read('x509_san_dns:verify.example')), 'REQUEST_SIGNATURE');
      assert.equal(await codeOf(read('x509_hash:AAAA')), 'REQUEST_SIGNATURE');
      const elsewhere = { response_uri: 'https://collector.example/response' };
      assert.equal(await codeOf(read('x509_san_dns:localhost', elsewhere)), 'REQUEST_MISMATCH');
    });

    it('askers it cannot check, modes and features it does not know, missing nonce, bad queries', async () => {
      assert.equal(await unsigned({ client_id: 'https://verifier.example' }), 'REQUEST_CLIENT_UNSUPPORTED');
      assert.equal(await unsigned({ client_id: 'verifier_attestation:x' }), 'REQUEST_CLIENT_UNSUPPORTED');
      assert.equal(await unsigned({ response_mode: 'fragment' }), 'REQUEST_FORMAT');
      assert.equal(await unsigned({ nonce: undefined }), 'REQUEST_FORMAT');
      assert.equal(await unsigned({ transaction_data: ['x'] }), 'REQUEST_UNSUPPORTED');
      assert.equal(await unsigned({ dcql_query: { credentials: [] } }), 'DCQL_INVALID');
      assert.equal(await unsigned({ dcql_query: undefined }), 'REQUEST_FORMAT');
      assert.equal(await codeOf(readRequest(`${value({ client_id: 'a' })}&client_id=b`, platform)), 'REQUEST_FORMAT');
    });

    it('an answer that would go to a host made to look like one it knows, or that hides itself', async () => {
      const to = (uri: string): Promise<string> => unsigned({ response_uri: uri, client_id: `redirect_uri:${uri}` });
      assert.equal(await to('https://verlfy.example/response'), 'REQUEST_LOOKALIKE_HOST');
      assert.equal(await to('https://verify.example@evil.example/'), 'REQUEST_UNSAFE_LINK');
      assert.equal(await to('https://xn--vrify-5ra.example/'), 'REQUEST_UNSAFE_LINK');
      assert.equal(await to('javascript:alert(1)'), 'REQUEST_UNSAFE_LINK');
      assert.equal(await to('http://other.example/response'), 'ADDRESS_UNSAFE');
    });

    it('a request that is gone, and one whose time is over', async () => {
      const { link: old } = await verifier.ask();
      const gone = old.replace(/request%2F[^&]+/, 'request%2Fnowhere');
      assert.equal(await codeOf(readRequest(gone, platform)), 'REQUEST_GONE');
      const late = { ...platform, now: () => verifier.clock.now.getTime() + 86_400_000 };
      assert.equal(await codeOf(readRequest(old, late)), 'REQUEST_EXPIRED');
    });
  });
});
