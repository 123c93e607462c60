import type { Text } from '../i18n/index.js';
import type { Column } from './Column.js';

/** Which rows are chosen. */
export interface Selection<Row> {
  /** Keys of the chosen rows. */
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  /** Names a row for whoever does not see it. */
  labelOf: (row: Row) => string;
}

/** A first column with a box to tick in every row, and one for all rows that are here; what is chosen elsewhere stays chosen. */
export function selectionColumn<Row>(
  { chosen, onChange, labelOf }: Selection<Row>,
  rows: readonly Row[],
  rowKey: (row: Row) => string,
  say: Text['say'],
): Column<Row> {
  const here = rows.filter((row) => chosen.has(rowKey(row))).length;
  return {
    key: 'selection',
    header: (
      <input
        type="checkbox"
        aria-label={say('parts.choose-all')}
        checked={here > 0 && here === rows.length}
        ref={(box) => {
          if (box) box.indeterminate = here > 0 && here < rows.length;
        }}
        onChange={(event) => {
          const all = new Set(rows.map(rowKey));
          const others = [...chosen].filter((key) => !all.has(key));
          onChange(new Set(event.currentTarget.checked ? [...others, ...all] : others));
        }}
      />
    ),
    cell: (row) => {
      const key = rowKey(row);
      return (
        <input
          type="checkbox"
          aria-label={say('parts.choose', { row: labelOf(row) })}
          checked={chosen.has(key)}
          onChange={(event) =>
            onChange(
              event.currentTarget.checked
                ? new Set([...chosen, key])
                : new Set([...chosen].filter((one) => one !== key)),
            )
          }
        />
      );
    },
  };
}
