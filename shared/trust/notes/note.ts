import type { Reason } from '../types.js';

/** Something a reader should know beside the decision. A note never changes an answer (TRUST §2.2 f). */
export interface Note extends Reason {
  params?: Record<string, string>;
}
