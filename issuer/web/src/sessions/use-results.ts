import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../api/call.js';
import { entryOf, isGood, resultInput, type Entry } from './results-state.js';
import { candidatesSchema, type Candidate } from './schemas.js';

/** How long after the last key what was typed is stored. */
const QUIET_MS = 600;
/** Most rows stored together. */
const AT_ONCE = 500;

/** Results as they are typed, stored by themselves a moment later. */
export interface Results {
  /** Candidates as they are stored. */
  rows: readonly Candidate[];
  entryOf: (one: Candidate) => Entry;
  change: (one: Candidate, entry: Entry) => void;
  /** Rows typed and not stored, and how many of them cannot be. */
  unsaved: number;
  wrong: number;
  busy: boolean;
  error: unknown;
  /** Stores what waits, now. */
  save: () => void;
}

/** @param path of the session; @param known candidates as they were read */
export function useResults(path: string, known: readonly Candidate[], onSaved: () => void): Results {
  const [rows, setRows] = useState(known);
  const [edits, setEdits] = useState<ReadonlyMap<number, Entry>>(new Map());
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const now = useRef({ rows, edits, busy: false });
  now.current.rows = rows;
  now.current.edits = edits;
  const save = async (): Promise<void> => {
    const { rows: stored, edits: typed, busy } = now.current;
    const sent = stored
      .flatMap((one) => {
        const entry = typed.get(one.candidate);
        return entry && isGood(entry) ? [{ one, entry }] : [];
      })
      .slice(0, AT_ONCE);
    if (busy || sent.length === 0) return;
    now.current.busy = true;
    setState({ busy: true });
    try {
      const body = { results: sent.map(({ one, entry }) => resultInput(one, entry)) };
      const { candidates } = await call(`${path}/results`, candidatesSchema, { method: 'PUT', body });
      const fresh = new Map(candidates.map((one) => [one.candidate, one]));
      setRows((before) => before.map((one) => merged(one, fresh.get(one.candidate))));
      // What was typed meanwhile is stored next.
      setEdits(
        (before) =>
          new Map(
            [...before].filter(
              ([candidate, entry]) => !sent.some((one) => one.one.candidate === candidate && one.entry === entry),
            ),
          ),
      );
      setState({ busy: false });
      onSaved();
    } catch (error) {
      setState({ busy: false, error });
    } finally {
      now.current.busy = false;
    }
  };
  const isWaiting = [...edits.values()].some(isGood);
  useEffect(() => {
    if (!isWaiting || state.busy || state.error !== undefined) return;
    const timer = setTimeout(() => void save(), QUIET_MS);
    return () => clearTimeout(timer);
  }, [edits, state]);
  useEffect(() => () => void save(), []);
  return {
    rows,
    entryOf: (one) => edits.get(one.candidate) ?? entryOf(one),
    change: (one, entry) => {
      setEdits((before) => new Map([...before, [one.candidate, entry]]));
      setState(({ busy }) => ({ busy }));
    },
    unsaved: edits.size,
    wrong: [...edits.values()].filter((entry) => !isGood(entry)).length,
    busy: state.busy,
    error: state.error,
    save: () => void save(),
  };
}

/** The answer to a result knows nothing of the certificate number. */
function merged(before: Candidate, after: Candidate | undefined): Candidate {
  if (!after) return before;
  return before.certificateNumber === undefined ? after : { ...after, certificateNumber: before.certificateNumber };
}
