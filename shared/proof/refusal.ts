import { YizhengError } from '../errors.js';
import type { ProofCheck } from './types.js';

/** Turns a typed error of a guard into the answer `fail`; anything else is a fault of ours and is thrown on. */
export function refusalOf(error: unknown): ProofCheck {
  if (error instanceof YizhengError) return { answer: 'fail', code: error.code, detail: error.message };
  throw error;
}
