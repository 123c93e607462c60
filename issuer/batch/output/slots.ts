import type { Request } from 'express';
import { YizhengError } from '../../../shared/errors.js';

/** How many long answers may be under way at once, over all and for one institution. */
export interface SlotLimits {
  all: number;
  each: number;
}

/** Counts long answers, so that nobody takes all there are. */
export class Slots {
  private readonly taken = new Map<string, number>();

  constructor(private readonly limits: SlotLimits) {}

  /**
   * Takes a slot until the answer to a request is over.
   * @throws YizhengError `TOO_MANY_STREAMS` (503)
   */
  take(request: Request, tenant: string): void {
    const own = this.taken.get(tenant) ?? 0;
    const all = [...this.taken.values()].reduce((sum, count) => sum + count, 0);
    if (own >= this.limits.each || all >= this.limits.all)
      throw new YizhengError('TOO_MANY_STREAMS', 'Too many of these are open; close one, or repeat later.', {
        status: 503,
      });
    this.taken.set(tenant, own + 1);
    request.res?.once('close', () => {
      const left = (this.taken.get(tenant) ?? 1) - 1;
      if (left === 0) this.taken.delete(tenant);
      else this.taken.set(tenant, left);
    });
  }
}
