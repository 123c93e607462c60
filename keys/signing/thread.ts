import { parentPort, workerData } from 'node:worker_threads';
import { CertificateTextSigner } from '../../shared/proof/compiled/certificate-text-signer.js';
import { errorCode, YizhengError } from '../../shared/errors.js';
import type { DraftRecord } from '../bulk-signer.js';
import { certificateMaker } from './certificate-maker.js';
import { checkedSigner } from './checked-signer.js';
import { DraftReader } from './draft-reader.js';
import { giveWay } from './give-way.js';
import type { MakeWork, SigningAnswer, SigningRequest, SigningThreadData, SignWork } from './messages.js';
import { loadNativeEd25519 } from './native-ed25519.js';
import { CertificatePacker, transferable, type PackedCertificates } from './packed-certificates.js';
import { unpackPlans, type ReadDraft } from './packed-plans.js';
import { sha256 } from './sha256.js';

giveWay();
const { keyId, privateKey } = workerData as SigningThreadData;
const native = await loadNativeEd25519();
const plain = new CertificateTextSigner({ keyId, sha256, sign: native.signerOf(privateKey) });
const signer = checkedSigner(native, privateKey);
const checked = new CertificateTextSigner({ keyId, sha256, sign: (bytes) => signer.sign(bytes) });
const drafts = new DraftReader();
const readDraft: ReadDraft<DraftRecord> = (bytes, start, end) => drafts.read(bytes, start, end) as DraftRecord;
const make = certificateMaker((record, created) => checked.signBytes(record, created));

parentPort?.on('message', (request: SigningRequest) => {
  void doAll(request).then((answer) => {
    const isPacked = 'made' in answer && !Array.isArray(answer.made);
    parentPort?.postMessage(answer, isPacked ? transferable(answer.made as PackedCertificates) : []);
  });
});

async function doAll({ chunk, work }: SigningRequest): Promise<SigningAnswer> {
  const progress = { count: 0 };
  try {
    return { chunk, made: work.kind === 'sign' ? await signAll(work, progress) : await makeAll(work, progress) };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    const status = error instanceof YizhengError ? error.status : 500;
    return { chunk, failed: { code: errorCode(error), message, index: progress.count, status } };
  }
}

async function signAll({ items, created }: SignWork, progress: { count: number }): Promise<string[]> {
  const made: string[] = [];
  for (const record of items) {
    const text = plain.sign(record, created);
    progress.count = made.push(typeof text === 'string' ? text : await text);
  }
  return made;
}

async function makeAll({ items, room, ...job }: MakeWork, progress: { count: number }): Promise<PackedCertificates> {
  const packer = new CertificatePacker(items.ends.length, room);
  for (const planned of unpackPlans(items, readDraft)) {
    const texts = make(planned, job);
    packer.add(texts instanceof Promise ? await texts : texts);
    progress.count++;
  }
  signer.release();
  checked.confirm();
  return packer.finish();
}
