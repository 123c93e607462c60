import { strict as assert } from 'node:assert';
import { CERTIFICATE_FORMS, type CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import { ThirdPartyHolder, thirdPartyKey, type ThirdPartyKey } from './third-party-holder.js';
import { formFor, startAskingVerifier, type Answer, type Asked, type AskingVerifier } from './world.js';
import { watchContract } from '../server/contract.js';

const SHOWN = { name: true } as const;

describe('OpenID4VP: a wallet made of other people’s libraries answers our verifier [OID4VP §8.2] [INTEROP @openid4vc/openid4vp]', function () {
  this.timeout(60_000);
  let verifier: AskingVerifier;
  let p256: ThirdPartyKey;

  before(async () => {
    verifier = await startAskingVerifier();
    p256 = await thirdPartyKey('ES256', 'key');
  });
  after(() => verifier.stop());
  watchContract(() => verifier.url);

  async function answered(
    asked: Asked,
    key: ThirdPartyKey,
    format: CertificateForm,
  ): Promise<{ answer: Answer; status: number; body: object }> {
    const holder = new ThirdPartyHolder(key, () => verifier.clock.now);
    const request = await holder.open(asked.link);
    const held = await formFor(format, key.did);
    // The library knows no vc+jwt; our extension is asked for only by whoever names it.
    const id = `certificate_${format.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
    if (format !== 'vc+jwt') assert.deepEqual([...holder.matches(request, { [format]: held }).found], [id]);
    const presentation = await holder.present(format, held, request, { disclose: SHOWN });
    const { status, body } = await holder.answer(request, { [id]: [presentation] });
    return { answer: await verifier.read(asked), status, body };
  }

  for (const format of CERTIFICATE_FORMS)
    it(`takes ${format}, encrypted, and gives the verdict every certificate gets, with the holder proven`, async () => {
      const asked = await verifier.ask(format === 'vc+jwt' ? { request: { formats: ['vc+jwt'] } } : undefined);
      const { status, body, answer } = await answered(asked, p256, format);
      assert.deepEqual([status, body], [200, {}]);
      assert.equal(answer.phase, 'answered', JSON.stringify(answer.problems));
      const verdict = answer.presentations?.[0]?.verdict;
      assert.deepEqual(
        ['authentic', 'authorised', 'current', 'holder'].map((question) => verdict?.questions[question]?.code),
        ['PROOF_VALID', 'ACCREDITED', 'CURRENT', 'HOLDER_BOUND'],
      );
    });

  for (const [alg, method] of [
    ['ES256', 'jwk'],
    ['EdDSA', 'key'],
    ['EdDSA', 'jwk'],
  ] as const)
    it(`knows a holder by an ${alg} key of a did:${method}`, async () => {
      const key = await thirdPartyKey(alg, method);
      for (const format of ['dc+sd-jwt', 'jwt_vc_json', 'ldp_vc'] as const) {
        const asked = await verifier.ask({ request: { formats: [format] }, responseMode: 'direct_post' });
        const { answer } = await answered(asked, key, format);
        assert.equal(answer.presentations?.[0]?.verdict.questions['holder']?.code, 'HOLDER_BOUND', `${format} ${JSON.stringify(answer.problems)}`); // prettier-ignore
      }
    });

  it('is shown what was asked for and nothing else: the last four of the ID stay hidden', async () => {
    const asked = await verifier.ask({ request: { formats: ['dc+sd-jwt'] } });
    const { answer } = await answered(asked, p256, 'dc+sd-jwt');
    const shown = answer.presentations?.[0];
    assert.ok(shown);
    assert.equal(shown.verdict.certificate?.holder.name, '张伟');
    assert.equal(shown.verdict.certificate.holder.identityDocumentLastFour, undefined);
    assert.ok(shown.verdict.notShown?.includes('identity_document.last_four'));
  });
});
