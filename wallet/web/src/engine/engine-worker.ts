import '../../../../ui/older-browsers.js';
import '../../../../ui/zod-config.js';
import { serve, type Port } from '../../../../ui/worker/rpc.js';
import { createWalletEngine } from './wallet-engine.js';

/** The thread that opens carriers, verifies, and says what certificates are worth; it holds no secret and writes nothing. */
export function start(port: Port): void {
  serve(port, createWalletEngine());
}
