import { parentPort, workerData } from 'node:worker_threads';
import { CertificateTextSigner } from '../../shared/proof/compiled/certificate-text-signer.js';
import { errorCode, YizhengError } from '../../shared/errors.js';
import type { MadeCertificate } from '../bulk-signer.js';
import { makeCertificate, type SignText } from './certificate-maker.js';
import { checkedSigner } from './checked-signer.js';
import type { SigningAnswer, SigningRequest, SigningThreadData } from './messages.js';
import { loadNativeEd25519 } from './native-ed25519.js';
import { sha256 } from './sha256.js';

const { keyId, privateKey } = workerData as SigningThreadData;
const native = await loadNativeEd25519();
const plain = new CertificateTextSigner({ keyId, sha256, sign: native.signerOf(privateKey) });
const checked = new CertificateTextSigner({ keyId, sha256, sign: checkedSigner(native, privateKey) });
const signChecked: SignText = (record, created) => checked.sign(record, created);

parentPort?.on('message', (request: SigningRequest) => {
  void doAll(request).then((answer) => parentPort?.postMessage(answer));
});

async function doAll({ chunk, work }: SigningRequest): Promise<SigningAnswer> {
  const made: (string | MadeCertificate)[] = [];
  try {
    if (work.kind === 'sign')
      for (const record of work.items) {
        const text = plain.sign(record, work.created);
        made.push(typeof text === 'string' ? text : await text);
      }
    else for (const planned of work.items) made.push(await makeCertificate(planned, work, signChecked));
    return { chunk, made };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    const status = error instanceof YizhengError ? error.status : 500;
    return { chunk, failed: { code: errorCode(error), message, index: made.length, status } };
  }
}
