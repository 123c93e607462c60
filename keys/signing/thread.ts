import { parentPort, workerData } from 'node:worker_threads';
import { CertificateTextSigner } from '../../shared/proof/compiled/certificate-text-signer.js';
import type { DraftRecord } from '../bulk-signer.js';
import { AskedTemplates } from './asked-templates.js';
import { certificateMaker } from './certificate-maker.js';
import { checkedSigner } from './checked-signer.js';
import { DraftReader } from './draft-reader.js';
import { giveWay } from './give-way.js';
import {
  failureOf,
  type MakeWork,
  type SigningAnswer,
  type SigningRequest,
  type SigningThreadData,
  type SignWork,
  type TemplateAnswer,
} from './messages.js';
import { loadNativeEd25519 } from './native-ed25519.js';
import { CertificatePacker, transferable, type PackedCertificates } from './packed-certificates.js';
import { unpackPlans, type ReadDraft } from './packed-plans.js';
import { sha256 } from './sha256.js';

giveWay();
const { keyId, privateKey } = workerData as SigningThreadData;
const native = await loadNativeEd25519();
const templates = new AskedTemplates((question) => parentPort?.postMessage(question));
const options = {
  keyId,
  sha256,
  derive: templates.derive,
  general: async () =>
    (await import('../../shared/proof/compiled-eddsa-rdfc-2022.js')).compiledEddsaRdfc2022({ sha256 }),
};
const plain = new CertificateTextSigner({ ...options, sign: native.signerOf(privateKey) });
const signer = checkedSigner(native, privateKey);
const checked = new CertificateTextSigner({ ...options, sign: (bytes) => signer.sign(bytes) });
const drafts = new DraftReader();
const readDraft: ReadDraft<DraftRecord> = (bytes, start, end) => drafts.read(bytes, start, end) as DraftRecord;
const make = certificateMaker((record, created) => checked.signBytes(record, created));

/** One chunk after the other: what a certificate is made in is good until the next. */
let last = Promise.resolve();

parentPort?.on('message', (message: SigningRequest | TemplateAnswer) => {
  if ('question' in message) templates.settle(message);
  else last = last.then(() => answer(message));
});

async function answer({ chunk, work }: SigningRequest): Promise<void> {
  const progress = { count: 0 };
  try {
    if (work.kind === 'sign') post({ chunk, made: await signAll(work, progress) });
    else {
      const made = await makeAll(work, progress);
      post({ chunk, made }, transferable(made));
    }
  } catch (error) {
    post({ chunk, failed: { ...failureOf(error), index: progress.count } });
  }
}

function post(message: SigningAnswer, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred);
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
