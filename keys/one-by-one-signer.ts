import { compiledEddsaRdfc2022 } from '../shared/proof/compiled-eddsa-rdfc-2022.js';
import { buildCredential } from '../shared/certificate/credential.js';
import type { CertificateRecord } from '../shared/certificate/record.js';
import { errorCode, YizhengError } from '../shared/errors.js';
import type { BulkSigner, CertificateJob, DraftRecord, MadeCertificates } from './bulk-signer.js';
import { checkSample } from './check-sample.js';
import type { Custody, KeyInfo } from './custody.js';
import { jsonAt } from './made-certificates.js';
import { certificateMaker } from './signing/certificate-maker.js';
import { CertificatePacker, unpackCertificates, type CertificateTexts } from './signing/packed-certificates.js';
import { packPlans, unpackPlans, type ReadDraft } from './signing/packed-plans.js';
import { signerError } from './signer-error.js';
import { nodeProofPrimitives } from './signing-primitives.js';

/** Certificates under way at a time: while one is signed where the key is, the next are put together here. */
const UNDER_WAY = 6;

const parseDraft: ReadDraft<DraftRecord> = (bytes, start, end) =>
  JSON.parse(bytes.toString('utf8', start, end)) as DraftRecord;

/** Makes certificates, one call for each signature, with a key that only signs where it is (a token, a remote signer). */
export class OneByOneSigner implements BulkSigner {
  constructor(
    private readonly custody: Custody,
    private readonly keyId: string,
  ) {}

  /** See {@link BulkSigner.make}; every signature is verified by another implementation than made it. */
  async make(job: CertificateJob): Promise<MadeCertificates> {
    await this.custody.refresh();
    const key = this.custody.list().find(({ id }) => id === this.keyId);
    const suite = compiledEddsaRdfc2022(await nodeProofPrimitives());
    const make = certificateMaker((record, created) => this.sign(record, created, suite, key));
    const made: CertificateTexts[] = [];
    const packed = packPlans(job.certificates, 0, job.certificates.number.length);
    const rest = [...unpackPlans(packed, parseDraft)].entries();
    const failures: unknown[] = [];
    const makeRest = async (): Promise<void> => {
      for (const [i, planned] of rest) {
        if (failures.length > 0) return;
        made[i] = await make(planned, job);
      }
    };
    // Waits for all of them, so that nothing is signed any more once the job has failed.
    await Promise.all(
      Array.from({ length: UNDER_WAY }, () => makeRest().catch((error: unknown) => void failures.push(error))),
    );
    if (failures.length > 0) throw failures[0];
    const packer = new CertificatePacker(made.length);
    for (const one of made) packer.add(one);
    const all = unpackCertificates([packer.finish()]);
    if (made.length > 0) await checkSample(jsonAt(all.json, 0), this.custody, this.keyId);
    return all;
  }

  /** See {@link BulkSigner.close}. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private async sign(
    record: CertificateRecord,
    created: string,
    suite: ReturnType<typeof compiledEddsaRdfc2022>,
    key: KeyInfo | undefined,
  ): Promise<string> {
    const signed = await this.signed(buildCredential(record), created, suite);
    if (key === undefined || !(await suite.verifySignature(signed, key).catch(() => false)))
      throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was issued.', {
        status: 503,
      });
    return JSON.stringify(signed);
  }

  private async signed(
    unsigned: object,
    created: string,
    suite: ReturnType<typeof compiledEddsaRdfc2022>,
  ): Promise<object> {
    try {
      return await suite.sign(unsigned, { signer: this.custody.signer(this.keyId), created });
    } catch (cause) {
      if (errorCode(cause) === 'KEY_NOT_ACTIVE') throw cause;
      throw signerError(cause, 'The signer did not sign; nothing was issued.');
    }
  }
}
