import '../../../../ui/older-browsers.js';
import '../../../../ui/zod-config.js';
import { serve, type Port } from '../../../../ui/worker/rpc.js';
import { createAnswerEngine } from './answer-engine.js';

/** The thread that opens carriers, verifies, and judges answers to requests; it holds no secret and writes nothing. */
export function start(port: Port): void {
  serve(port, createAnswerEngine());
}
