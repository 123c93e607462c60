import type { Request, RequestHandler } from 'express';

/** Longest a request may take to arrive whole, in milliseconds, unless its route says otherwise. */
export const BODY_MS = 15_000;

const timers = new WeakMap<Request, NodeJS.Timeout>();

/** Ends connections whose body has not arrived whole in {@link BODY_MS} (SECURITY §2.4, slow-loris). */
export const bodyDeadline: RequestHandler = (request, response, next) => {
  if (request.get('content-length') !== undefined || request.get('transfer-encoding') !== undefined) {
    setDeadline(request, BODY_MS);
    const clear = (): void => clearTimeout(timers.get(request));
    request.once('end', clear);
    response.once('close', clear);
  }
  next();
};

/** Gives a request more time to arrive: large files of senders who are known by then. */
export function allowBodyTime(request: Request, milliseconds: number): void {
  if (!timers.has(request)) return;
  clearTimeout(timers.get(request));
  setDeadline(request, milliseconds);
}

function setDeadline(request: Request, milliseconds: number): void {
  timers.set(
    request,
    setTimeout(() => {
      if (!request.complete) request.destroy();
    }, milliseconds).unref(),
  );
}
