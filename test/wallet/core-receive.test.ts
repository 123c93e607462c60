import assert from 'node:assert/strict';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { importBundle } from '../../shared/trust/import-bundle.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import { verify } from '../../shared/verdict/verify.js';
import { verifyOpened } from '../../shared/verdict/verify-opened.js';
import { listCertificates, refreshCertificate } from '../../wallet/web/src/core/certificates/certificates.js';
import { formatOfText } from '../../wallet/web/src/core/certificates/read-form.js';
import { holderDids } from '../../wallet/web/src/core/keys/holder-key.js';
import { listPending } from '../../wallet/web/src/core/receive/deferred.js';
import { acceptImport, previewImport } from '../../wallet/web/src/core/receive/import-certificate.js';
import { acceptReceived, declineReceived, obtain, resumeDeferred } from '../../wallet/web/src/core/receive/obtain.js';
import { readOffer } from '../../wallet/web/src/core/receive/read-offer.js';
import { hostsOfTrust } from '../../wallet/web/src/core/receive/suspicious-host.js';
import { makeLiveCode } from '../../wallet/web/src/core/show/live.js';
import { readArrival } from '../../wallet/web/src/core/arrive.js';
import type { Vault } from '../../wallet/web/src/core/vault/vault.js';
import { AUTHORITY, CODE, WALLET_URL } from '../issuer/world.js';
import { signed } from '../verdict/sample-trust.js';
import { ISSUER, startWalletWorld, type MadeOffer, type WalletWorld } from '../openid4vci/wallet-world.js';
import { openWallet, PASSPHRASE, testPlatform, type TestPlatform } from './core-world.js';

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', errorCode);

describe('our wallet receives a certificate from our issuer [OID4VCI §4–§11]', function () {
  this.timeout(60_000);
  let world: WalletWorld;
  let trust: TrustView;
  let platform: TestPlatform;
  let vault: Vault;
  let next = 100;

  before(async () => {
    world = await startWalletWorld();
    const bundle = new TextEncoder().encode(await world.publish(world.accreditations));
    const now = (): string => world.time.now.toISOString();
    trust = importBundle(bundle, { anchor: AUTHORITY, anchorRoot: world.publisher.pin, now: now() }).view;
    platform = await testPlatform({
      fetch: world.reach,
      now: () => world.time.now.getTime(),
      judge: (json) => verify({ carrier: formatOfText(json), json }, { trust, anchor: AUTHORITY, now: now() }),
      knownHosts: () => ['wallet.example', ...hostsOfTrust(trust)],
    });
  });
  after(() => world.remove());
  beforeEach(async () => {
    await platform.store.clear();
    vault = await openWallet(platform);
  });

  const offered = async (changes: object = {}): Promise<MadeOffer> => world.offer(await world.issue(next++), changes);
  const taken = async ({ uri, txCode }: MadeOffer, typed = txCode) =>
    obtain(await readOffer(uri, platform), typed === undefined ? {} : { txCode: typed }, vault, platform);

  const unboundForm = async (certificate: string): Promise<string> => {
    const path = `/institutions/${CODE}/certificates/${encodeURIComponent(certificate)}/credential.json`;
    return (await world.call('GET', path)).text();
  };

  it('gets the signed JSON to show and the SD-JWT to share, as one certificate with one key, judged before it is kept', async () => {
    const offer = await readOffer((await offered()).uri, platform);
    assert.deepEqual(offer.forms.map(({ format }) => format).toSorted(), ['dc+sd-jwt', 'ldp_vc']);
    assert.ok((offer.issuerNames.zh ?? '').length > 0 && offer.txCode?.inputMode === 'numeric');
    const received = await taken(await offered());
    assert.equal(received.previews.length, 1);
    const [preview] = received.previews;
    assert.deepEqual(
      ['authentic', 'authorised'].map((question) => preview?.verdict?.questions[question as 'authentic'].code),
      ['PROOF_VALID', 'ACCREDITED'],
    );
    assert.deepEqual([preview?.warnings, preview?.refusal], [[], undefined]);
    assert.deepEqual(await listCertificates(vault), []);
    const [kept] = await acceptReceived(received, vault, platform);
    assert.deepEqual(
      kept?.forms.map(({ format }) => format),
      ['ldp_vc', 'dc+sd-jwt'],
    );
    assert.deepEqual([...new Set(kept.forms.map(({ holder }) => holder))], await holderDids(vault));
  });

  it('shows it live, and the verifier answers "holder: bound"', async () => {
    const [kept] = await acceptReceived(await taken(await offered()), vault, platform);
    const { text } = await makeLiveCode(vault, kept?.id ?? '', platform);
    const verdict = await verifyOpened(await openCarrier(text), {
      trust,
      anchor: AUTHORITY,
      now: world.time.now.toISOString(),
    });
    assert.deepEqual(
      [verdict.questions.authentic.code, verdict.questions.holder.code],
      ['PROOF_VALID', 'HOLDER_BOUND'],
    );
  });

  it('uses another key for every certificate', async () => {
    await acceptReceived(await taken(await offered()), vault, platform);
    await acceptReceived(await taken(await offered()), vault, platform);
    assert.deepEqual([(await listCertificates(vault)).length, (await holderDids(vault)).length], [2, 2]);
  });

  it('opens the link of the slip, and knows offers from anything else', async () => {
    const { walletLink = '', uri, uriByValue } = await offered();
    assert.ok(walletLink.startsWith(WALLET_URL));
    for (const link of [walletLink, uri, uriByValue, walletLink.slice(walletLink.indexOf('#'))]) {
      const arrival = readArrival(link);
      assert.equal(arrival.kind, 'offer');
      assert.equal((await readOffer(arrival.text, platform)).issuer, ISSUER);
    }
    assert.deepEqual(readArrival('#123'), { kind: 'carrier', text: 'YZ:123' });
    for (const other of ['YZ:123', 'https://verify.example/#123', '{"a":1}', '', '焊工', 'https://a.example/?x=1'])
      assert.equal(readArrival(other).kind, 'carrier');
  });

  it('keeps what could not be judged yet together by what it says, and judges it later', async () => {
    const undecided = { ...platform, judge: () => Promise.resolve(undefined) };
    const { uri, txCode = '' } = await offered();
    const received = await obtain(await readOffer(uri, undecided), { txCode }, vault, undecided);
    assert.deepEqual(
      received.previews.map(({ warnings, certificate }) => [warnings, certificate.forms.length]),
      [[['NOT_JUDGED'], 2]],
    );
    const [kept] = await acceptReceived(received, vault, undecided);
    const judged = await refreshCertificate(vault, kept?.id ?? '', platform);
    assert.equal(judged.verdict?.questions.authentic.answer, 'pass');
  });

  it('lets nothing that was not judged take the place of a good certificate', async () => {
    const [kept] = await acceptReceived(await taken(await offered()), vault, platform);
    const forged = (kept?.forms[0]?.text ?? '').replace(/"name":"张/, '"name":"李');
    const undecided = { ...platform, judge: () => Promise.resolve(undefined) };
    await acceptImport(await previewImport(forged, vault, undecided), vault);
    const held = await listCertificates(vault);
    assert.equal(held.length, 2);
    assert.ok(held.some(({ id, forms }) => id === kept?.id && forms[0]?.text === kept.forms[0]?.text));
    const preview = await previewImport(forged, vault, platform);
    assert.equal(preview.refusal, 'CREDENTIAL_NOT_GENUINE');
    assert.equal(await codeOf(acceptImport(preview, vault)), 'CREDENTIAL_NOT_GENUINE');
  });

  it('imports a certificate from a file or code, finds its own key in it, and says when there is none', async () => {
    const [kept] = await acceptReceived(await taken(await offered()), vault, platform);
    const again = await previewImport(kept?.forms[0]?.text ?? '', vault, platform);
    assert.deepEqual([again.warnings, again.certificate.forms[0]?.holder], [[], kept?.forms[0]?.holder]);
    await acceptImport(again, vault);
    assert.deepEqual(
      (await listCertificates(vault)).map(({ id, forms }) => [id, forms.length]),
      [[kept?.id, 2]],
    );
    const other = await previewImport(await signed(), vault, platform);
    assert.ok(other.warnings.includes('NOT_BOUND'));
    assert.equal(await codeOf(previewImport('hello', vault, platform)), 'CREDENTIAL_FORM');
  });

  it('keeps the form that is bound to its key when the unbound one of a PDF or code is imported', async () => {
    const issued = await world.issue(next++);
    const [held] = await acceptReceived(await taken(await world.offer(issued)), vault, platform);
    const bound = held?.forms.find(({ format }) => format === 'ldp_vc');
    assert.ok(held && bound?.holder !== undefined);
    const printed = await unboundForm(issued);
    const preview = await previewImport(printed, vault, platform);
    assert.deepEqual([preview.warnings, preview.verdict?.questions.authentic.answer], [['NOT_BOUND'], 'pass']);
    const kept = await acceptImport(preview, vault);
    assert.deepEqual([kept.id, kept.forms.find(({ format }) => format === 'ldp_vc')], [held.id, bound]);
    assert.ok((await makeLiveCode(vault, held.id, platform)).text.length > 100);
    await vault.write([{ key: `key/${bound.holder}`, value: undefined }]);
    const without = await acceptImport(preview, vault);
    assert.equal(without.forms.find(({ format }) => format === 'ldp_vc')?.text, printed);
  });

  it('calls a certificate genuine only when every form of it is', async () => {
    const unsure: TestPlatform = {
      ...platform,
      judge: async (text) => {
        const verdict = await platform.judge(text);
        if (!verdict || formatOfText(text) === 'ldp_vc') return verdict;
        const authentic = { ...verdict.questions.authentic, answer: 'unknown' as const };
        return { ...verdict, questions: { ...verdict.questions, authentic } };
      },
    };
    const { uri, txCode = '' } = await offered();
    const received = await obtain(await readOffer(uri, unsure), { txCode }, vault, unsure);
    assert.deepEqual(
      received.previews.map(({ verdict, refusal }) => [verdict?.questions.authentic.answer, refusal]),
      [['unknown', undefined]],
    );
    const [kept] = await acceptReceived(received, vault, unsure);
    const again = await refreshCertificate(vault, kept?.id ?? '', unsure);
    assert.equal(again.verdict?.questions.authentic.answer, 'unknown');
  });

  describe('loses nothing when the connection breaks', () => {
    const breaking = (isBroken: (path: string) => boolean): typeof fetch => {
      return (input, init) =>
        isBroken(new URL(input instanceof Request ? input.url : input).pathname)
          ? Promise.reject(new TypeError('connection lost'))
          : world.reach(input, init);
    };

    it('after one of two forms: what came stays through a lock, and the rest is asked for later, with the same key', async () => {
      const { uri, txCode = '' } = await offered();
      let asked = 0;
      const broken = breaking((path) => path.endsWith('/credential') && ++asked === 2);
      const received = await obtain(await readOffer(uri, platform), { txCode }, vault, { ...platform, fetch: broken });
      assert.deepEqual(
        [received.previews.length, received.deferred, received.problems.map(({ code }) => code)],
        [1, 1, ['HOST_UNREACHABLE']],
      );
      vault.lock();
      await vault.unlock({ passphrase: PASSPHRASE });
      const [kept] = await acceptReceived(await resumeDeferred(vault, platform), vault, platform);
      assert.deepEqual(kept?.forms.map(({ format }) => format), ['ldp_vc', 'dc+sd-jwt']); // prettier-ignore
      assert.deepEqual([...new Set(kept.forms.map(({ holder }) => holder))], await holderDids(vault));
      assert.deepEqual([(await listCertificates(vault)).length, await listPending(vault)], [1, []]);
    });

    it('right after the code was used up: the same offer is taken up again, without asking for another token', async () => {
      const { uri, txCode = '' } = await offered();
      const offer = await readOffer(uri, platform);
      const broken = breaking((path) => !path.endsWith('/token'));
      assert.equal(await codeOf(obtain(offer, { txCode }, vault, { ...platform, fetch: broken })), 'HOST_UNREACHABLE');
      assert.equal((await listPending(vault)).length, 2);
      const withoutToken = breaking((path) => path.endsWith('/token'));
      const received = await obtain(offer, {}, vault, { ...platform, fetch: withoutToken });
      assert.deepEqual([received.previews.length, received.deferred], [1, 0]);
      await declineReceived(received, platform);
      assert.deepEqual([await listPending(vault), await holderDids(vault)], [[], []]);
    });

    it('and one certificate that is not genuine does not keep out another', async () => {
      for (let i = 0; i < 2; i++) {
        const { uri, txCode = '' } = await offered();
        await obtain(await readOffer(uri, platform), { txCode }, vault, platform);
      }
      const [bad] = await listPending(vault);
      const judge: TestPlatform['judge'] = async (text) => {
        const verdict = await platform.judge(text);
        if (!verdict || text !== bad?.came?.texts[0]) return verdict;
        const authentic = { ...verdict.questions.authentic, answer: 'fail' as const };
        return { ...verdict, questions: { ...verdict.questions, authentic } };
      };
      const received = await resumeDeferred(vault, { ...platform, judge });
      assert.deepEqual(received.previews.map(({ refusal }) => refusal).toSorted(), ['CREDENTIAL_NOT_GENUINE', undefined]); // prettier-ignore
      const kept = await acceptReceived(received, vault, platform);
      assert.deepEqual([kept.length, (await listCertificates(vault)).length, await listPending(vault)], [1, 1, []]);
    });
  });

  describe('refuses by name, keeps nothing, and loses nothing', () => {
    it('a code that is missing or wrong, until the offer is locked after five', async () => {
      const made = await offered();
      const offer = await readOffer(made.uri, platform);
      const typed = (txCode: string): Promise<string> => codeOf(obtain(offer, { txCode }, vault, platform));
      assert.equal(await typed(' '), 'TX_CODE_REQUIRED');
      const wrong = made.txCode === '000000' ? '000001' : '000000';
      const codes: string[] = [];
      for (let i = 0; i < 5; i++) codes.push(await typed(wrong));
      assert.deepEqual(codes, [...Array.from({ length: 4 }, () => 'TX_CODE_WRONG'), 'OFFER_LOCKED']);
      assert.equal(await typed(made.txCode ?? ''), 'OFFER_LOCKED');
      assert.equal(await codeOf(readOffer(made.uri, platform)), 'OFFER_LOCKED');
    });

    it('an offer that was used, and one that has expired', async () => {
      const made = await offered();
      await acceptReceived(await taken(made), vault, platform);
      assert.equal(await codeOf(taken(made)), 'OFFER_USED');
      const old = await offered();
      const before = world.time.now;
      world.time.now = new Date(Date.parse(old.expiresAt) + 1000);
      assert.equal(await codeOf(taken(old)), 'OFFER_EXPIRED');
      world.time.now = before;
      assert.equal((await listCertificates(vault)).length, 1);
    });

    it('an offer from a host made to look like one it knows, or that hides itself; nothing is asked of it', async () => {
      const calls: string[] = [];
      const watched = {
        ...platform,
        fetch: ((url: URL) => (calls.push(url.href), Promise.reject(new TypeError('no')))) as never,
      };
      const from = (issuer: string): Promise<string> =>
        codeOf(readOffer(`openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify({ credential_issuer: issuer, credential_configuration_ids: ['x'], grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'x' } } }))}`, watched)); // prettier-ignore
      const [own = ''] = platform.knownHosts().filter((host) => host.includes('issuer'));
      assert.equal(await from(`https://${own.replace('i', 'l')}/institutions/x`), 'OFFER_LOOKALIKE_HOST');
      assert.equal(await from(`https://${own}.evil.example/`), 'OFFER_LOOKALIKE_HOST');
      assert.equal(await from(`https://${own}@evil.example/`), 'OFFER_UNSAFE_LINK');
      assert.equal(await from('https://xn--issuer-9za.example/'), 'OFFER_UNSAFE_LINK');
      assert.equal(await from('javascript:alert(1)'), 'OFFER_UNSAFE_LINK');
      assert.equal(await from('http://plain.example/'), 'ADDRESS_UNSAFE');
      assert.deepEqual(calls, []);
      assert.equal(await from('https://stranger.example/'), 'HOST_UNREACHABLE');
      assert.deepEqual(calls, ['https://stranger.example/.well-known/openid-credential-issuer']);
    });

    it('offers that are no offers', async () => {
      const read = (text: string): Promise<string> => codeOf(readOffer(text, platform));
      assert.equal(await read('openid-credential-offer://?'), 'OFFER_FORMAT');
      assert.equal(
        await read('openid-credential-offer://?credential_offer={}&credential_offer_uri=https://a.example'),
        'OFFER_FORMAT',
      );
      assert.equal(await read('openid-credential-offer://?credential_offer=hello'), 'OFFER_FORMAT');
      assert.equal(await read('openid-credential-offer://?credential_offer={}'), 'OFFER_FORMAT');
      assert.equal(await read('https://example.org/'), 'OFFER_FORMAT');
      const noGrant = JSON.stringify({
        credential_issuer: ISSUER,
        credential_configuration_ids: ['SkillLevelCertificate_ldp_vc'],
      });
      assert.equal(
        await read(`openid-credential-offer://?credential_offer=${encodeURIComponent(noGrant)}`),
        'OFFER_NO_PREAUTHORIZED',
      );
      const unknown = JSON.stringify({ credential_issuer: ISSUER, credential_configuration_ids: ['nothing'], grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'x' } } }); // prettier-ignore
      assert.equal(
        await read(`openid-credential-offer://?credential_offer=${encodeURIComponent(unknown)}`),
        'ISSUER_NO_FORMAT',
      );
    });

    it('an issuer that cannot be reached, breaks off or floods', async () => {
      const { uri } = await offered();
      const reading = (fetch: typeof globalThis.fetch): Promise<string> =>
        codeOf(readOffer(uri, { ...platform, fetch }));
      assert.equal(await reading(() => Promise.reject(new TypeError('offline'))), 'HOST_UNREACHABLE');
      assert.equal(await reading(() => Promise.resolve(new Response('x'.repeat(600_000)))), 'ANSWER_TOO_LARGE');
      assert.equal(await reading(() => Promise.resolve(new Response('', { status: 404 }))), 'OFFER_GONE');
    });

    it('says which host an error is about, and never the code that was typed', async () => {
      const { uri } = await offered();
      const offer = await readOffer(uri, platform);
      const error = await obtain(offer, { txCode: '999999' }, vault, platform).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof YizhengError);
      assert.equal(error.at, new URL(ISSUER).host);
      assert.ok(!`${error.message} ${String(error.stack)}`.includes('999999'));
    });
  });
});
