import '../older-browsers.js';
import '../zod-config.js';
import { serve, type Port } from '../worker/rpc.js';
import { createEngine } from './engine.js';

/** The thread that opens carriers, verifies, and checks trust data; it holds no secret and writes nothing. */
export function start(port: Port): void {
  serve(port, createEngine().engine);
}
