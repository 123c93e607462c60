import { strict as assert } from 'node:assert';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { toCborLd } from '../../shared/carrier/cbor-ld.js';
import type { CertificateCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';
import type { Verdict } from '../../shared/verdict/types.js';
import type { VerdictText } from '../../shared/verdict/verdict-text.js';
import { renderCertificatePdf } from '../../issuer/files/certificate-pdf.js';
import { renderQrPng } from '../../issuer/files/qr-png.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { signedSample } from '../issuer/files/signed-sample.js';
import { changed, sampleFeed, STRANGER } from './sample-bundle.js';
import { startInformedVerifier, startVerifier, type RunningVerifier } from './service.js';
import { watchContract } from '../server/contract.js';

interface Answer {
  status: number;
  body: { verdict: Verdict; text: VerdictText; carrier: string; code: string; at?: string };
}

describe('verifier: POST /verify', () => {
  let verifier: RunningVerifier;
  let credential: CertificateCredential;
  let record: CertificateRecord;
  let other: RunningVerifier | undefined;

  before(async () => {
    verifier = await startInformedVerifier();
    ({ credential, record } = await signedSample());
  });
  after(() => verifier.stop());
  watchContract(() => verifier.url);
  afterEach(async () => {
    await other?.stop();
    other = undefined;
  });

  async function send(body: string | Uint8Array | FormData, type?: string, query = ''): Promise<Answer> {
    const response = await fetch(`${verifier.url}/verify${query}`, {
      method: 'POST',
      body: body instanceof Uint8Array ? Buffer.from(body) : body,
      ...(type === undefined ? {} : { headers: { 'Content-Type': type } }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }
  const answers = ({ body }: Answer): string[] => Object.values(body.verdict.questions).map(({ answer }) => answer);

  it('accepts a good certificate at home, and says why it does not count at an authority that recognises nobody', async () => {
    const home = await send(JSON.stringify(credential), 'application/json');
    assert.equal(home.status, 200);
    assert.deepEqual(answers(home), ['pass', 'pass', 'pass', 'pass', 'unknown']);
    assert.equal(home.body.verdict.headline, 'accepted');
    assert.equal(home.body.text.headline, '可以认可');
    const away = await send(JSON.stringify(credential), 'application/json', `?anchor=${STRANGER}&lang=en`);
    assert.notEqual(away.body.verdict.headline, 'accepted');
    assert.equal(away.body.verdict.trust.anchor, STRANGER);
  });

  it('gives the same answers for JSON, QR text, PNG, PDF and CBOR-LD, as body or as form', async () => {
    const url = 'https://verify.example/';
    const qr = encodeQr(credential, { url });
    const png = await renderQrPng(qr.segments, { modulePx: 4 });
    const pdf = await renderCertificatePdf({ credential, record, qr: qr.segments, verifierUrl: url });
    const form = new FormData();
    form.set('file', new Blob([Buffer.from(pdf)], { type: 'application/pdf' }), '../../etc/passwd.pdf');
    form.set('lang', 'en');
    const pasted = new FormData();
    pasted.set('text', qr.text);
    const cborLd = await toCborLd(credential, createDocumentLoader());
    const all: [string, Answer][] = [
      ['json', await send(JSON.stringify(credential), 'application/json')],
      ['qr', await send(qr.text, 'text/plain')],
      ['image', await send(png, 'image/png')],
      ['pdf', await send(pdf, 'application/pdf')],
      ['pdf', await send(form)],
      ['qr', await send(pasted)],
      ['cbor-ld', await send(cborLd, 'text/plain')],
    ];
    for (const [carrier, answer] of all) {
      assert.equal(answer.status, 200, answer.body.code);
      assert.equal(answer.body.carrier, carrier);
      assert.equal(answer.body.verdict.headline, 'accepted');
      assert.equal(answer.body.verdict.input.sha256, all[0]?.[1].body.verdict.input.sha256);
      assert.deepEqual(answer.body.text.warnings, []);
    }
    assert.equal(all[4]?.[1].body.text.headline, 'Accepted');
  });

  it('warns when the QR points to somebody else’s verifier, and still judges by the signature', async () => {
    const { text } = encodeQr(credential, { url: 'https://evil.example/' });
    const answer = await send(text, 'text/plain');
    assert.equal(answer.body.verdict.headline, 'accepted');
    assert.match(answer.body.text.warnings.join(), /evil\.example/);
  });

  it('refuses a certificate in which one character of level, name, number, occupation or issuer was changed', async () => {
    const subject = (copy: { [member: string]: unknown }): Record<string, unknown> =>
      copy['credentialSubject'] as Record<string, unknown>;
    for (const change of [
      (copy: object) => Object.assign(subject(copy as never)['level'] as object, { value: '2', name: '二级/技师' }),
      (copy: object) => Object.assign(subject(copy as never), { name: '张玮' }),
      (copy: object) => Object.assign(subject(copy as never), { certificateNumber: 'S000051000123263000046' }),
      (copy: object) => Object.assign(subject(copy as never)['occupation'] as object, { name: '电工' }),
      (copy: object) => Object.assign((copy as { issuer: object }).issuer, { name: '示例职业技能评价中Ⅰ心' }),
    ]) {
      const answer = await send(changed(credential, change), 'application/json');
      assert.equal(answer.status, 200);
      assert.equal(answer.body.verdict.questions.authentic.answer, 'fail');
      assert.equal(answer.body.verdict.headline, 'refused');
    }
  });

  it('says revoked after a bundle that says so', async () => {
    const revoked = (other = await startInformedVerifier());
    const newer = await sampleFeed(AUTHORITY, { issuedAt: '2026-11-20T09:30:00Z', sequence: 3, revoked: 4711 });
    await revoked.trust.importBundle(AUTHORITY, newer.bundle);
    const response = await fetch(`${revoked.url}/verify`, {
      method: 'POST',
      body: JSON.stringify(credential),
      headers: { 'Content-Type': 'application/json' },
    });
    const { verdict } = (await response.json()) as Answer['body'];
    assert.equal(verdict.questions.current.code, 'CERTIFICATE_REVOKED');
    assert.equal(verdict.headline, 'refused');
  });

  it('without trust data it cannot say, and is not ready', async () => {
    const empty = (other = await startVerifier());
    const response = await fetch(`${empty.url}/verify`, {
      method: 'POST',
      body: JSON.stringify(credential),
      headers: { 'Content-Type': 'application/json' },
    });
    const { verdict } = (await response.json()) as Answer['body'];
    assert.equal(verdict.headline, 'undetermined');
    assert.equal((await fetch(`${empty.url}/health/ready`)).status, 503);
    assert.equal((await fetch(`${verifier.url}/health/ready`)).status, 200);
  });

  it('names what is wrong with a carrier it cannot read', async () => {
    const pdfWithout = Buffer.from(
      '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>',
    );
    const png = await renderQrPng(encodeQr(credential, { url: 'https://verify.example/' }).segments);
    const bad: [string | Uint8Array, string, number, string][] = [
      ['{"a":1,"a":2}', 'application/json', 400, 'JSON_DUPLICATE_KEY'],
      [`{"a":${'['.repeat(200)}${']'.repeat(200)}}`, 'application/json', 400, 'JSON_TOO_DEEP'],
      [`{"a":"${'x'.repeat(2_000_000)}"}`, 'application/json', 413, 'CARRIER_TOO_LARGE'],
      ['\ufeff{}', 'application/json', 400, 'JSON_BOM'],
      [`https://verify.example/#${'9'.repeat(400)}`, 'text/plain', 400, ''],
      ['https://example.org/somewhere', 'text/plain', 400, 'QR_NOT_OURS'],
      ['VP1-AAAA', 'text/plain', 400, ''],
      [pdfWithout, 'application/pdf', 422, 'PDF_NO_CREDENTIAL'],
      [png.subarray(0, png.length >> 1), 'image/png', 422, 'IMAGE_TRUNCATED'],
      [new Uint8Array([0, 1, 2, 3]), 'application/octet-stream', 422, 'CARRIER_UNKNOWN'],
      ['', 'text/plain', 400, 'BODY_MISSING'],
      ['<html>', 'text/html', 415, 'CONTENT_TYPE'],
    ];
    for (const [body, type, status, code] of bad) {
      const answer = await send(body, type);
      assert.equal(answer.status, status, `${answer.body.code} for ${String(body).slice(0, 40)}`);
      if (code !== '') assert.equal(answer.body.code, code);
    }
  });

  it('refuses forms with two files, unknown fields, an unknown anchor, too large or cut short', async () => {
    const two = new FormData();
    two.append('file', new Blob(['{}']), 'a.json');
    two.append('file', new Blob(['{}']), 'b.json');
    assert.deepEqual((({ status, body }) => [status, body.code])(await send(two)), [400, 'FORM_INVALID']);
    const unknown = new FormData();
    unknown.set('text', '{}');
    unknown.set('colour', 'red');
    assert.deepEqual((({ status, body }) => [status, body.code])(await send(unknown)), [422, 'FIELD_UNKNOWN']);
    const large = new FormData();
    large.set('file', new Blob([Buffer.alloc(20 * 1024 * 1024 + 1)]), 'a.pdf');
    assert.deepEqual((({ status, body }) => [status, body.code])(await send(large)), [413, 'CARRIER_TOO_LARGE']);
    const cut = await send(
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n{',
      'multipart/form-data; boundary=x',
    );
    assert.deepEqual([cut.status, cut.body.code], [400, 'FORM_INVALID']);
    const elsewhere = await send('{}', 'application/json', '?anchor=did:web:nowhere.example');
    assert.deepEqual([elsewhere.status, elsewhere.body.code], [422, 'ANCHOR_UNKNOWN']);
  });

  it('documents every route in its OpenAPI document', async () => {
    const document = (await (await fetch(`${verifier.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    assert.deepEqual(Object.keys(document.paths).sort(), [
      '/bundle',
      '/credentials/verify',
      '/openid4vp',
      '/presentations/verify',
      '/proof-only/verify',
      '/trust',
      '/trust/bundle',
      '/trust/feeds/{authority}/*path',
      '/verify',
    ]);
  });

  it('writes no personal data and no certificate into its log', () => {
    const log = verifier.lines.join('\n');
    assert.ok(log.includes('/verify'));
    for (const secret of ['张伟', 'S000051000123263000045', '1234"', credential.proof.proofValue])
      assert.ok(!log.includes(secret));
  });
});
