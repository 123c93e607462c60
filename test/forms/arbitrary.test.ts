import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { errorCode } from '../../shared/errors.js';
import { checkAuthentic } from '../../shared/verdict/check-authentic.js';
import { readCertificate } from '../../shared/verdict/read-certificate.js';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import { secureCertificate, type SecureOptions } from '../../shared/proof/forms/secure-certificate.js';
import { presentSdJwt, readSdJwtClaims } from '../../shared/proof/forms/present-sd-jwt.js';
import { arbitraryRecord } from '../carrier/arbitrary-certificate.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW, trustOf } from '../verdict/sample-trust.js';
import { countedBytes, holder, secured, SIGNED_AT } from './world.js';
import { testKey } from '../proof/keys.js';

async function securedText(form: CertificateForm, record: CertificateRecord, options: SecureOptions): Promise<string> {
  const made = await secureCertificate(form, buildCredential(record), options);
  return typeof made === 'string' ? made : JSON.stringify(made);
}

describe('any certificate in any compact form', () => {
  it('reads back as the same record, and however much of it is hidden, nothing else changes', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRecord, fc.infiniteStream(fc.boolean()), async (record, choice) => {
        const { signer } = testKey(record.issuer.id, 1);
        const bound = { ...record, holder: { ...record.holder, id: holder.did } };
        for (const form of ['vc+jwt', 'jwt_vc_json', 'dc+sd-jwt'] as const) {
          const options = { signer, now: SIGNED_AT, holder: { did: holder.did }, randomBytes: countedBytes() };
          const text = await securedText(form, record, options);
          assert.deepEqual(readCertificate(text)?.record, bound);
          if (form !== 'dc+sd-jwt') continue;
          const disclose = readSdJwtClaims(text).disclosable.filter(() => choice.next().value);
          const shown = readCertificate(await presentSdJwt(text, { disclose }))?.record;
          const { holder: _, assessment, ...rest } = shown ?? {};
          const { holder: __, assessment: said, ...all } = bound;
          assert.deepEqual(rest, all);
          for (const [name, value] of Object.entries(assessment ?? {}))
            assert.equal(value, (said as Record<string, unknown>)[name]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is never genuine with one character changed, left out or put in', async () => {
    const trust = await trustOf(AUTHORITY);
    for (const form of ['vc+jwt', 'jwt_vc_json', 'dc+sd-jwt'] as const) {
      const text = await secured(form);
      const place = fc.integer({ min: 0, max: text.length - 1 });
      const change = fc.constantFrom(...'AQgw_-.~09', '');
      await fc.assert(
        fc.asyncProperty(place, change, fc.boolean(), async (at, sign, replaces) => {
          const changed = text.slice(0, at) + sign + text.slice(at + (replaces ? 1 : 0));
          fc.pre(changed !== text);
          const code = await checkAuthentic(changed, { trust, now: NOW }).then(
            ({ answer, code }) => (answer === 'pass' ? answer : code),
            (error: unknown) => errorCode(error),
          );
          assert.notEqual(code, 'pass');
          assert.notEqual(code, 'INTERNAL');
        }),
        { numRuns: 150 },
      );
    }
  });
});
