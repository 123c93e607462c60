import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { parseJson } from '../../shared/json/parse-json.js';
import type { CliContext } from '../context.js';
import type { ServiceClient } from '../service-client.js';
import { batchAnswer, readAnswer, type BatchAnswer } from './answers.js';
import { readEvents } from './read-events.js';

const EVENT_LIMITS = { maxBytes: 100_000, maxDepth: 8, maxNodes: 200 };
const AGAIN_MS = 1000;
/** How long an issuer may be out of reach before a watcher gives up. */
const PATIENCE_MS = 60_000;
/** Between two plain lines, where nothing can be written over. */
const PLAIN_LINE_MS = 10_000;

/** Path of a batch below its institution. */
export function batchPath(id: string): string {
  return `/batches/${encodeURIComponent(id)}`;
}

/** How a batch stands now. @throws YizhengError as `ServiceClient.json` */
export async function readBatch(service: ServiceClient, id: string): Promise<BatchAnswer> {
  return readAnswer(batchAnswer, await service.json({ method: 'GET', path: batchPath(id) }));
}

/**
 * Follows a batch to its end, over broken connections and restarts of the issuer, and shows how far it is: on a terminal in one line
 * that is written over, else in plain lines.
 * @param words `show`: the line for a state; `lost`: said when the issuer cannot be reached for now
 * @returns how it stands at the end, or where nothing happens before it is confirmed; undefined when the person pressed Ctrl-C: the batch goes on
 * @throws YizhengError `SERVICE_UNREACHABLE` (502) after a minute without answer, and what the service refuses with
 */
export async function watchBatch(
  service: ServiceClient,
  id: string,
  { show, lost }: { show: (batch: BatchAnswer) => string; lost: string },
  { terminal, err }: Pick<CliContext, 'terminal' | 'err'>,
): Promise<BatchAnswer | undefined> {
  const left = new AbortController();
  const hasLeft = (): boolean => left.signal.aborted;
  const stopListening = terminal.onInterrupt(() => left.abort());
  let newest: BatchAnswer | undefined;
  let written = 0;
  const tell = (batch: BatchAnswer): void => {
    const changed = newest?.state !== batch.state;
    newest = batch;
    if (terminal.isLive) terminal.overwrite(show(batch));
    else if (changed || isOver(batch) || Date.now() - written >= PLAIN_LINE_MS) {
      err(`${show(batch)}\n`);
      written = Date.now();
    }
  };
  let reached = Date.now();
  let isLost = false;
  try {
    while (!hasLeft()) {
      try {
        for await (const batch of eventsOf(service, id, left.signal)) {
          reached = Date.now();
          isLost = false;
          tell(batch);
          if (isOver(batch) || batch.state === 'checked') return batch;
        }
      } catch (error) {
        if (hasLeft()) break;
        if (!isPassing(error) || Date.now() - reached > PATIENCE_MS) throw error;
        if (!isLost) err(`${terminal.isLive ? '\n' : ''}${lost}\n`);
        isLost = true;
      }
      await sleep(AGAIN_MS, undefined, { signal: left.signal }).catch(() => undefined);
    }
    return undefined;
  } finally {
    stopListening();
    if (terminal.isLive) err('\n');
  }
}

/** Does nothing more happen to it? */
export function isOver({ state }: BatchAnswer): boolean {
  return state === 'done' || state === 'cancelled';
}

async function* eventsOf(service: ServiceClient, id: string, signal: AbortSignal): AsyncGenerator<BatchAnswer> {
  const { pieces } = await service.open({
    method: 'GET',
    path: `${batchPath(id)}/progress`,
    accept: 'text/event-stream',
    signal,
  });
  for await (const { event, data } of readEvents(pieces))
    if (event === 'progress') yield readAnswer(batchAnswer, parseJson(data, EVENT_LIMITS));
}

function isPassing(error: unknown): boolean {
  return errorCode(error) === 'SERVICE_UNREACHABLE' || (error instanceof YizhengError && error.status >= 502);
}
