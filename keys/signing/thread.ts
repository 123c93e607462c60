import { parentPort, workerData } from 'node:worker_threads';
import { CertificateTextSigner } from '../../shared/proof/compiled/certificate-text-signer.js';
import { errorCode } from '../../shared/errors.js';
import type { SigningAnswer, SigningRequest, SigningThreadData } from './messages.js';
import { loadNativeEd25519 } from './native-ed25519.js';
import { sha256 } from './sha256.js';

const { keyId, privateKey } = workerData as SigningThreadData;
const { signerOf } = await loadNativeEd25519();
const signer = new CertificateTextSigner({ keyId, sha256, sign: signerOf(privateKey) });

parentPort?.on('message', (request: SigningRequest) => {
  void signAll(request).then((answer) => parentPort?.postMessage(answer));
});

async function signAll({ chunk, records, created }: SigningRequest): Promise<SigningAnswer> {
  const texts: string[] = [];
  try {
    for (const record of records) {
      const text = signer.sign(record, created);
      texts.push(typeof text === 'string' ? text : await text);
    }
    return { chunk, texts };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    return { chunk, failed: { code: errorCode(error), message, index: texts.length } };
  }
}
