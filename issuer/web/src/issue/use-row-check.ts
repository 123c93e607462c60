import { useRef, useState } from 'preact/hooks';
import { errorCode } from '../../../../shared/errors.js';
import { call } from '../api/call.js';
import { useAction } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { handInRow, type SheetRow } from '../batches/hand-in-row.js';
import { batchSchema, problemsSchema, type Operation } from '../batches/schemas.js';
import { useText } from '../i18n/index.js';

/** What checking a form came to. */
export interface RowCheck {
  busy: boolean;
  error: unknown;
  /** What is wrong, by header of the column; `''` for the whole row. */
  wrong: ReadonlyMap<string, string>;
  /** Checks the row as a sheet of one row and, when nothing is wrong, goes to the batch it became. */
  run: (row: SheetRow) => void;
  /** Forgets what was wrong in a column, or everywhere. */
  forget: (header?: string) => void;
}

/**
 * Checks a form the way a sheet is checked.
 * @param path of the institution
 * @param name of the sheet, as the batch shows it
 * @param onGood is called when the row has become a batch
 */
export function useRowCheck(path: string, operation: Operation, name: string, onGood: () => void): RowCheck {
  const { say, tag } = useText();
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  /** The same key for the same content, so that a broken connection makes no second batch. */
  const key = useRef({ content: '', value: '' });
  const check = useAction(async (row: SheetRow) => {
    const content = JSON.stringify(row);
    if (key.current.content !== content) key.current = { content, value: crypto.randomUUID() };
    const batch = await handInRow(path, operation, row, key.current.value, name).catch((error: unknown) => {
      const header = tooLong(error, row);
      if (header === undefined) throw error;
      setWrong(new Map([[header, say('issue.too-long')]]));
      return undefined;
    });
    if (!batch) {
      focusWrong();
      return;
    }
    if (batch.wrong === 0) {
      onGood();
      navigate('batches', batch.id);
      return;
    }
    const { problems } = await call(`${path}/batches/${batch.id}/problems?limit=100&lang=${tag}`, problemsSchema);
    await call(`${path}/batches/${batch.id}/cancel`, batchSchema, { method: 'POST' });
    key.current = { content: '', value: '' };
    setWrong(new Map(problems.map(({ header, text }) => [header ?? '', text])));
    focusWrong();
  });
  return {
    busy: check.busy,
    error: check.error,
    wrong,
    run: check.run,
    forget: (header) => {
      if (header === undefined) setWrong(new Map());
      else if (wrong.has(header)) setWrong(new Map([...wrong].filter(([one]) => one !== header)));
    },
  };
}

function focusWrong(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main [aria-invalid]')?.focus());
}

/** A sheet is refused as a whole for one cell that is far too long: the longest. */
function tooLong(error: unknown, row: SheetRow): string | undefined {
  if (errorCode(error, '') !== 'CELL_TOO_LONG') return undefined;
  return Object.entries(row).toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
