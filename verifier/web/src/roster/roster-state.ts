import { judgingNow } from '../../../../ui/app/clock.js';
import { createStore } from '../../../../ui/app/store.js';
import { heldTrust } from '../../../../ui/trust/trust-state.js';
import { createEngineClient, type CheckInput } from '../../../../ui/verify/verify-client.js';
import { entriesOfFiles } from './entries-of-files.js';
import { runRoster, waitingRows, type RosterRun } from './run-roster.js';
import type { RosterRow } from './types.js';

/** How far a run is. The rows stay while other views are looked at. */
export interface RosterState {
  phase: 'empty' | 'preparing' | 'running' | 'finished' | 'cancelled';
  rows: readonly RosterRow[];
  /** Rows that are finished, well or not. */
  settled: number;
  startedAt?: string;
  problem?: unknown;
}

const EMPTY: RosterState = { phase: 'empty', rows: [], settled: 0 };
const SHOW_EVERY_MS = 200;

/** Follow it with `useStore(rosterState)`. */
export const rosterState = createStore<RosterState>(EMPTY);

let controller: AbortController | undefined;

/** Checks all these files; a run before is given up. */
export async function startRoster(files: readonly File[]): Promise<void> {
  cancelRoster();
  const mine = (controller = new AbortController());
  const stopped = (): boolean => mine.signal.aborted;
  rosterState.set({ ...EMPTY, phase: 'preparing' });
  try {
    const entries = await entriesOfFiles(files);
    if (stopped()) {
      if (controller === mine) rosterState.set(EMPTY);
      return;
    }
    const rows = waitingRows(entries);
    const startedAt = judgingNow();
    const show = (phase: RosterState['phase']): void => {
      if (controller !== mine) return;
      const settled = rows.filter(({ state }) => state !== 'waiting' && state !== 'checking').length;
      rosterState.set({ phase, rows: [...rows], settled, startedAt });
    };
    show('running');
    let shownAt = 0;
    await withEngines(mine.signal, (verifiers) =>
      runRoster(entries, rows, {
        verifiers,
        signal: mine.signal,
        onChange: () => {
          if (performance.now() - shownAt < SHOW_EVERY_MS) return;
          shownAt = performance.now();
          show('running');
        },
      }),
    );
    show(stopped() ? 'cancelled' : 'finished');
  } catch (problem) {
    if (controller === mine) rosterState.set({ ...EMPTY, problem });
  }
}

/** Stops; what was checked stays. */
export function cancelRoster(): void {
  controller?.abort();
}

/** Forgets the rows. */
export function clearRoster(): void {
  cancelRoster();
  controller = undefined;
  rosterState.set(EMPTY);
}

/** Engines of their own, so that a single certificate can be checked meanwhile; ended with the run, and their memory with them. */
async function withEngines(
  signal: AbortSignal,
  run: (verifiers: RosterRun['verifiers']) => Promise<void>,
): Promise<void> {
  const count = (navigator.hardwareConcurrency || 1) >= 4 ? 2 : 1;
  const engines = Array.from({ length: count }, createEngineClient);
  const end = (): void => engines.forEach((engine) => engine.close());
  signal.addEventListener('abort', end, { once: true });
  try {
    await Promise.all(engines.map((engine) => engine.adopt(heldTrust()?.state)));
    await run(engines.map((engine) => (input: CheckInput) => engine.verify(input)));
  } finally {
    end();
  }
}
