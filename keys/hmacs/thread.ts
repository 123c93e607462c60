import { parentPort } from 'node:worker_threads';
import { digestsWith } from '../hmac-key.js';
import type { HmacAnswer, HmacRequest } from './messages.js';

parentPort?.on('message', ({ id, key, texts }: HmacRequest) => {
  const digests = new Uint8Array(digestsWith(key, texts));
  const answer: HmacAnswer = { id, digests };
  parentPort?.postMessage(answer, [digests.buffer]);
});
