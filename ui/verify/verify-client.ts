import { YizhengError } from '../../shared/errors.js';
import type { HeldState } from '../../shared/trust/import-bundle.js';
import type { TrustLanguage } from '../../shared/trust/trust-translator.js';
import { judgingNow } from '../app/clock.js';
import { asking, type Answered, type Ask } from '../worker/rpc.js';
import { createWorker, type RunningWorker } from '../worker/create-worker.js';
import type { Engine } from './engine.js';
import type { CheckInput, CheckResult, Explained, TrustSummary } from './types.js';

export type { CheckInput, CheckResult } from './types.js';

/** Longest one question to the engine may take, milliseconds; the engine is then ended and begun anew (SECURITY F15). */
const LIMIT_MS = 60_000;

interface RunningEngine {
  worker: RunningWorker;
  ask: Ask<Engine>;
}

/** An engine in a worker of its own, with the trust data it was given last. */
export interface EngineClient {
  /** Judges by this state from now on, also after the engine had to be begun anew. */
  adopt(state: HeldState | undefined): Promise<TrustSummary | undefined>;
  /** Asks the engine by name; see `Engine`. Each question ends after a minute with `VERIFICATION_TIMEOUT`. */
  ask: Ask<Engine>;
  /** Verifies one input. @throws YizhengError `TRUST_MISSING`, `VERIFICATION_TIMEOUT`, and the codes of `openInput` */
  verify(input: CheckInput): Promise<CheckResult>;
  /** Ends the worker; the next question begins a new one. */
  close(): void;
}

/** Makes an engine; its worker starts with the first question. */
export function createEngineClient(): EngineClient {
  let running: Promise<RunningEngine> | undefined;
  let held: HeldState | undefined;

  const start = async (): Promise<RunningEngine> => {
    const worker = await createWorker('engine');
    const ask = asking<Engine>(worker.port);
    if (held) await ask('adopt', { state: held, now: judgingNow() });
    return { worker, ask };
  };
  const close = (): void => {
    const ended = running;
    running = undefined;
    void ended?.then(({ worker }) => worker.end());
  };
  const begin = (): Promise<RunningEngine> => {
    const engine = (running ??= start());
    engine.catch(() => {
      if (running === engine) running = undefined;
    });
    return engine;
  };
  const ask: Ask<Engine> = <M extends keyof Engine>(
    method: M,
    argument: Parameters<Engine[M]>[0],
    transfer?: Transferable[],
  ): Promise<Answered<Engine, M>> => {
    const engine = begin();
    return engine.then(({ worker, ask: put }) =>
      withLimit<Answered<Engine, M>>(put(method, argument, transfer), () => {
        if (running === engine && worker.ownThread) close();
      }),
    );
  };
  return {
    ask,
    close,
    adopt: (state) => {
      held = state;
      return ask('adopt', { ...(state && { state }), now: judgingNow() });
    },
    verify: (input) => ask('verify', { input, now: judgingNow() }),
  };
}

/** The engine of the app; every view uses this one unless it needs several at once. */
export const engine = createEngineClient();

/**
 * Verifies one input by the rules of the authority chosen; nothing is requested from any network.
 * @throws YizhengError `TRUST_MISSING` before an authority is chosen, `VERIFICATION_TIMEOUT`, and the codes of `openInput`, e.g.
 *   `QR_NOT_OURS`, `IMAGE_NO_QR`, `PDF_NO_CREDENTIAL`; the sentence for a code is `problemText`
 */
export function verify(input: CheckInput): Promise<CheckResult> {
  return engine.verify(input);
}

/** Why a verified certificate counts or not, with the statements themselves; undefined when it is not genuine. */
export function explainResult(result: CheckResult, language: TrustLanguage): Promise<Explained | undefined> {
  return engine.ask('explain', { json: result.json, now: result.verdict.evaluatedAt, language });
}

function withLimit<T>(answer: Promise<T>, onLimit: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onLimit();
      reject(new YizhengError('VERIFICATION_TIMEOUT', 'It took too long and was ended.'));
    }, LIMIT_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
