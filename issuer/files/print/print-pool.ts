import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { YizhengError } from '../../../shared/errors.js';
import type { FromPrinter, PrintJob, Printed, ToPrinter } from './messages.js';

/** Limits of the threads that print. */
export interface PrintLimits {
  /** Threads; as many as processors, eight at most, unless given. */
  threads: number;
  /** Longest up to five certificates may take, milliseconds: a page takes 0.4–1 s of CPU. */
  jobMs: number;
  /** How long a thread waits for work before it gives its memory (some 150 MiB) back, milliseconds. */
  idleMs: number;
}

const LIMITS: PrintLimits = { threads: Math.min(8, availableParallelism()), jobMs: 60_000, idleMs: 30_000 };

interface Waiting {
  job: PrintJob;
  resolve: (printed: Printed) => void;
  reject: (error: unknown) => void;
}

interface Printer {
  worker: Worker;
  ready: boolean;
  current?: Waiting & { id: number };
  timer?: NodeJS.Timeout;
}

/**
 * Threads that print certificates, started with the first one and ended when nothing is to be printed; they do not keep the
 * process running. Callers ask for a few at a time: what waits is held in memory.
 */
export class PrintPool {
  /** How many are printed at once; asking for more only makes them wait. */
  readonly width: number;
  private readonly limits: PrintLimits;
  private readonly queue: Waiting[] = [];
  private readonly printers = new Set<Printer>();
  private lastId = 0;
  private closed = false;

  constructor(limits: Partial<PrintLimits> = {}) {
    this.limits = { ...LIMITS, ...limits };
    this.width = this.limits.threads;
  }

  /**
   * Does one job.
   * @throws YizhengError as `doPrintJob`; `PRINTER_LOST`, `PRINTER_CLOSED` (503)
   */
  print(job: PrintJob): Promise<Printed> {
    if (this.closed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      this.queue.push({ job, resolve, reject });
      const free = [...this.printers].some(({ current }) => !current);
      if (!free && this.printers.size < this.width) this.start();
      this.next();
    });
  }

  /** Ends the threads; what was not printed fails. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.queue.splice(0)) reject(closed());
    await Promise.all([...this.printers].map((printer) => this.end(printer, closed())));
  }

  private start(): void {
    const worker = new Worker(new URL('./thread.js', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    const printer: Printer = { worker, ready: false };
    this.printers.add(printer);
    worker.on('message', (message: FromPrinter) => this.hear(printer, message));
    worker.on('error', (cause) => void this.end(printer, lost(cause)));
    worker.on('exit', () => void this.end(printer, lost()));
  }

  private hear(printer: Printer, message: FromPrinter): void {
    if (message.type === 'ready') printer.ready = true;
    else if (printer.current?.id === message.id) {
      const { resolve, reject } = printer.current;
      delete printer.current;
      if (message.type === 'done') resolve(message.printed);
      else {
        const { code, message: text, ...more } = message.error;
        reject(new YizhengError(code, text, more));
      }
    }
    this.next();
  }

  private next(): void {
    for (const printer of this.printers) {
      if (!printer.ready || printer.current) continue;
      clearTimeout(printer.timer);
      const waiting = this.queue.shift();
      printer.worker[waiting ? 'ref' : 'unref']();
      if (!waiting) {
        printer.timer = setTimeout(() => void this.end(printer, lost()), this.limits.idleMs).unref();
        continue;
      }
      const id = ++this.lastId;
      printer.current = { ...waiting, id };
      const { job } = waiting;
      printer.timer = setTimeout(() => void this.end(printer, lost()), this.limits.jobMs * Math.ceil(pagesOf(job) / 5));
      const message: ToPrinter = { id, job };
      printer.worker.postMessage(message);
    }
  }

  private async end(printer: Printer, reason: YizhengError): Promise<void> {
    if (!this.printers.delete(printer)) return;
    clearTimeout(printer.timer);
    printer.current?.reject(reason);
    // A thread that cannot even start will not start the next time; those waiting must not wait for ever.
    if (!printer.ready && this.printers.size === 0) for (const { reject } of this.queue.splice(0)) reject(reason);
    else if (this.queue.length > 0 && !this.closed) this.start();
    await printer.worker.terminate();
  }
}

function pagesOf(job: PrintJob): number {
  if (job.kind === 'run') return job.certificates.length;
  return job.kind === 'slips' ? job.slips.length : 1;
}

function lost(cause?: unknown): YizhengError {
  return new YizhengError('PRINTER_LOST', 'Printing broke off; repeat.', { status: 503, cause });
}

function closed(): YizhengError {
  return new YizhengError('PRINTER_CLOSED', 'The service is shutting down; repeat later.', { status: 503 });
}
