import type { Request } from 'express';
import { YizhengError } from '../../../shared/errors.js';

/** How many long answers may be under way at once, over all and for one institution. */
export interface SlotLimits {
  all: number;
  each: number;
}

/** Counts what is long under way, so that nobody takes all there is. */
export class Slots {
  private readonly taken = new Map<string, number>();

  constructor(private readonly limits: SlotLimits) {}

  /**
   * Takes a slot until the answer to a request is over; none for a request whose sender has left already.
   * @throws YizhengError `TOO_MANY_STREAMS` (503)
   */
  take(request: Request, tenant: string): void {
    const release = this.hold(tenant);
    if (!release)
      throw new YizhengError('TOO_MANY_STREAMS', 'Too many of these are open; close one, or repeat later.', {
        status: 503,
      });
    whenOver(request, release);
  }

  /** Takes a slot. @returns what gives it back, however often it is called; undefined when there is none */
  hold(tenant: string): (() => void) | undefined {
    const own = this.taken.get(tenant) ?? 0;
    const all = [...this.taken.values()].reduce((sum, count) => sum + count, 0);
    if (own >= this.limits.each || all >= this.limits.all) return undefined;
    this.taken.set(tenant, own + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.taken.get(tenant) ?? 1) - 1;
      if (left === 0) this.taken.delete(tenant);
      else this.taken.set(tenant, left);
    };
  }
}

/** Calls `end` once when the answer to a request is over: at once where the sender left before. */
export function whenOver({ res: response, socket }: Request, end: () => void): void {
  if (!response || response.closed || socket.destroyed) {
    end();
    return;
  }
  const over = (): void => {
    response.off('close', over);
    socket.off('close', over);
    end();
  };
  response.once('close', over);
  // An answer that waits for another on the same connection never hears that this was closed.
  socket.once('close', over);
}
