import { parentPort } from 'node:worker_threads';
import { errorCode, YizhengError } from '../../../shared/errors.js';
import type { FromPrinter, ToPrinter } from './messages.js';
import { doPrintJob } from './print-job.js';

/** The thread certificates are printed in: it holds no secret, writes nothing and reaches no network. */
const port = parentPort;
if (!port) throw new TypeError('the printing thread runs as a worker thread only');

const tell = (message: FromPrinter): void => port.postMessage(message);

port.on('message', ({ id, job }: ToPrinter) => {
  doPrintJob(job).then(
    (printed) => tell({ type: 'done', id, printed }),
    (error: unknown) => tell({ type: 'failed', id, error: described(error) }),
  );
});
tell({ type: 'ready' });

function described(error: unknown): { code: string; message: string; status: number; at?: string } {
  if (!(error instanceof YizhengError))
    return { code: errorCode(error), message: 'The certificate could not be printed.', status: 500 };
  const { code, message, status, at } = error;
  return { code, message, status, ...(at === undefined ? {} : { at }) };
}
