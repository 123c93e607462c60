import { parentPort } from 'node:worker_threads';
import type { Resolvable } from 'did-resolver';
import { nodeProofPrimitives } from '../keys/signing-primitives.js';
import { createResolver } from '../shared/did/create-resolver.js';
import { errorCode, YizhengError } from '../shared/errors.js';
import { compiledEddsaRdfc2022 } from '../shared/proof/compiled-eddsa-rdfc-2022.js';
import { viewOfState } from '../shared/trust/import-bundle.js';
import { createTrustView, type TrustView } from '../shared/trust/trust-view.js';
import { createCarrierIo } from '../server/carrier-io.js';
import { NODE_CRYPTO } from '../server/node-feed-crypto.js';
import { runJob, type JobContext } from './run-job.js';
import type { ErrorMessage, FromWorker, Job, ToWorker } from './worker-messages.js';

/**
 * The thread verifications run in: it can be ended at any moment without harm, holds no secret, writes nothing, and reaches no
 * network: DIDs are resolved by the service before a job begins.
 */
const port = parentPort;
if (!port) throw new TypeError('verify-worker runs as a worker thread only');

const views = new Map<string, TrustView>();
const local = createResolver();

const tell = (message: FromWorker): void => port.postMessage(message);
const context: Omit<JobContext, 'resolver'> = {
  io: createCarrierIo(),
  suite: compiledEddsaRdfc2022(await nodeProofPrimitives()),
  viewOf: (anchor) => views.get(anchor) ?? createTrustView([], anchor),
};

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'trust':
      views.set(message.anchor, viewOfState(message.state, NODE_CRYPTO));
      return;
    case 'job':
      void answer(message.id, message.job);
  }
});
tell({ type: 'ready' });

async function answer(id: number, job: Job): Promise<void> {
  try {
    tell({ type: 'done', id, result: await runJob(job, { ...context, resolver: resolverOf(job) }) });
  } catch (error) {
    tell({ type: 'failed', id, error: errorMessage(error) });
  }
}

/** did:key and did:jwk are their own documents; a did:web is what was resolved for the job, or unknown. */
function resolverOf(job: Job): Resolvable {
  const documents = new Map('documents' in job ? Object.entries(job.documents ?? {}) : []);
  return { resolve: async (did) => documents.get(did) ?? local.resolve(did) };
}

function errorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof YizhengError))
    return { code: errorCode(error), message: 'The verification failed inside the service.', status: 500 };
  const { code, message, status, at } = error;
  return { code, message, status, ...(at === undefined ? {} : { at }) };
}
