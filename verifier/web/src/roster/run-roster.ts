import { errorCode } from '../../../../shared/errors.js';
import type { CheckInput, CheckResult } from '../../../../ui/verify/types.js';
import { differencesOf, rowOfVerdict } from './judge-row.js';
import type { RosterEntry, RosterRow } from './types.js';

/** What a run needs. */
export interface RosterRun {
  /** One verifier for each input in flight; each is asked one thing at a time. */
  verifiers: readonly ((input: CheckInput) => Promise<CheckResult>)[];
  signal: AbortSignal;
  /** Called after each row that changed. */
  onChange: (row: RosterRow) => void;
}

/** The rows of entries before anything is checked. */
export function waitingRows(entries: readonly RosterEntry[]): RosterRow[] {
  return entries.map(({ name, expected, read }, i) => ({
    number: i + 1,
    name,
    state: read ? 'waiting' : 'failed',
    ...(read ? {} : { code: 'ROSTER_NUMBER_ONLY' }),
    ...(expected && { expected }),
    differences: [],
    sameAs: [],
  }));
}

/**
 * Checks every entry, as many at a time as there are verifiers; a file is read when its turn comes and let go with its verdict, so memory does
 * not grow with the number of files. A bad one is named in its row and never stops the rest.
 * @param rows of {@link waitingRows}; changed in place
 * @returns when all are checked, or cancelled by the signal
 */
export async function runRoster(entries: readonly RosterEntry[], rows: RosterRow[], run: RosterRun): Promise<void> {
  const byCertificate = new Map<string, RosterRow[]>();
  let next = 0;
  const work = async (verifier: RosterRun['verifiers'][number]): Promise<void> => {
    while (next < entries.length && !run.signal.aborted) {
      const index = next++;
      const [entry, row] = [entries[index], rows[index]];
      if (!entry?.read || !row) continue;
      row.state = 'checking';
      run.onChange(row);
      await check(entry.read, row, verifier, run.signal);
      run.onChange(row);
      for (const other of markSame(row, byCertificate)) run.onChange(other);
    }
  };
  await Promise.all(run.verifiers.map(work));
  if (!run.signal.aborted) for (const row of matchNumbers(rows, byCertificate)) run.onChange(row);
  for (const row of rows)
    if (row.state === 'waiting' || row.state === 'checking') {
      row.state = 'cancelled';
      run.onChange(row);
    }
}

async function check(
  read: NonNullable<RosterEntry['read']>,
  row: RosterRow,
  verify: RosterRun['verifiers'][number],
  signal: AbortSignal,
): Promise<void> {
  try {
    const { verdict, json } = await unlessAborted(signal, async () => verify(await read()));
    Object.assign(row, rowOfVerdict(verdict, row.expected), { state: 'done', json });
  } catch (error) {
    if (signal.aborted) row.state = 'cancelled';
    else Object.assign(row, { state: 'failed', code: fileCode(error) });
  }
}

/** An engine that was ended answers no more, so nobody waits for it. */
function unlessAborted<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', reject, { once: true });
    ask()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', reject));
  });
}

function fileCode(error: unknown): string {
  return error instanceof DOMException ? 'FILE_UNREADABLE' : errorCode(error);
}

/** Rows of one certificate know of each other. */
function markSame(row: RosterRow, byCertificate: Map<string, RosterRow[]>): RosterRow[] {
  if (!row.certificate) return [];
  const { number } = row.certificate;
  const others = byCertificate.get(number) ?? [];
  for (const other of others) {
    other.sameAs.push(row.number);
    row.sameAs.push(other.number);
  }
  byCertificate.set(number, [...others, row]);
  return others;
}

/** A roster's bare number takes the verdict of the file that holds this certificate, and is compared with it. */
function matchNumbers(rows: readonly RosterRow[], byCertificate: ReadonlyMap<string, RosterRow[]>): RosterRow[] {
  return rows.filter((row) => {
    if (row.code !== 'ROSTER_NUMBER_ONLY') return false;
    const [found] = byCertificate.get(row.expected?.certificateNumber?.toUpperCase() ?? '') ?? [];
    if (!found?.certificate) return false;
    const { headline, code, params, certificate, json } = found;
    const differences = row.expected ? differencesOf(certificate, row.expected) : [];
    Object.assign(row, {
      state: 'done',
      headline,
      code,
      params,
      certificate,
      json,
      differences,
      name: `${row.name} → ${found.name}`,
    });
    return true;
  });
}
