import { errorCode, YizhengError } from '../../shared/errors.js';

/** What one side of a channel can do for the other: one argument, structured-cloneable, and an answer. */
export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

/** The two ends of a `Worker`, a `MessagePort` or a worker's own scope. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** What comes back for a method. */
export type Answered<H extends Handlers, M extends keyof H> = Awaited<ReturnType<H[M]>>;

/** Asks the other end. */
export type Ask<H extends Handlers> = <M extends keyof H & string>(
  method: M,
  argument: Parameters<H[M]>[0],
  transfer?: Transferable[],
) => Promise<Answered<H, M>>;

interface Request {
  id: number;
  method: string;
  argument: unknown;
}
interface WireError {
  code: string;
  message: string;
  status: number;
  at?: string;
}
type Answer = { id: number; result: unknown } | { id: number; error: WireError };

/** Answers what the other end asks. An error crosses as code and message. */
export function serve(port: Port, handlers: Handlers): void {
  port.addEventListener('message', (event: MessageEvent<Request>) => {
    const { id, method, argument } = event.data;
    const handler = handlers[method] as ((argument: unknown) => unknown) | undefined;
    if (typeof id !== 'number' || !handler) return;
    const answer = (message: Answer): void => port.postMessage(message, []);
    Promise.resolve()
      .then(() => handler(argument))
      .then(
        (result) => answer({ id, result }),
        (error: unknown) => answer({ id, error: wireError(error) }),
      );
  });
}

/** Makes the asking end of a channel; an error that comes back is a YizhengError with the code it was thrown with. */
export function asking<H extends Handlers>(port: Port): Ask<H> {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (reason: YizhengError) => void }>();
  let last = 0;
  port.addEventListener('message', (event: MessageEvent<Answer>) => {
    const waiter = waiting.get(event.data.id);
    if (!waiter) return;
    waiting.delete(event.data.id);
    if ('error' in event.data) {
      const { code, message, ...more } = event.data.error;
      waiter.reject(new YizhengError(code, message, more));
    } else waiter.resolve(event.data.result as never);
  });
  return (method, argument, transfer = []) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      port.postMessage({ id, method, argument } satisfies Request, transfer);
    });
}

function wireError(error: unknown): WireError {
  if (!(error instanceof YizhengError))
    return { code: errorCode(error, 'INTERNAL'), message: String(error).slice(0, 300), status: 500 };
  const { code, message, status, at } = error;
  return { code, message, status, ...(at !== undefined && { at }) };
}
