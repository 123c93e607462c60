import { useMemo, useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { Button, Icon } from '../../../../ui/parts/index.js';
import { levelText } from './level-text.js';
import { ResultMark } from './ResultMark.js';
import { resultOf } from './row-result.js';
import { reasonText, remarksOf } from './row-text.js';
import { arrange, countRows, FILTERS, type Filter, type Order } from './table.js';
import type { RosterRow } from './types.js';

const PAGE = 50;
const COLUMNS = [
  { by: 'number', word: 'number' },
  { by: 'name', word: 'file' },
  { by: 'headline', word: 'result' },
  { by: 'holder', word: 'holder' },
  { by: 'certificate', word: 'certificate' },
  { by: undefined, word: 'reason' },
] as const;

/** The rows: narrowed by result, sorted by column, a page at a time; on a phone each row is a card. */
export function RosterTable({ rows, onOpen }: { rows: readonly RosterRow[]; onOpen: (row: RosterRow) => void }) {
  const { say } = useText();
  const [filter, setFilter] = useState<Filter>('all');
  const [order, setOrder] = useState<Order>({ by: 'number', descending: false });
  const [page, setPage] = useState(0);
  const counts = useMemo(() => countRows(rows), [rows]);
  const shown = useMemo(() => arrange(rows, filter, order), [rows, filter, order]);
  const pages = Math.max(1, Math.ceil(shown.length / PAGE));
  const current = Math.min(page, pages - 1);
  const sortBy = (by: Order['by']): void => {
    setOrder({ by, descending: order.by === by && !order.descending });
    setPage(0);
  };
  return (
    <>
      <div class="filters" role="group" aria-label={say('roster.filter')}>
        {FILTERS.filter((name) => name === 'all' || counts[name] > 0 || name === filter).map((name) => (
          <button
            key={name}
            type="button"
            class="filter"
            aria-pressed={name === filter}
            onClick={() => {
              setFilter(name);
              setPage(0);
            }}
          >
            {say(`roster.filter.${name}`)} <span class="count">{counts[name]}</span>
          </button>
        ))}
      </div>
      <table class="roster" role="table" aria-rowcount={shown.length + 1}>
        <caption class="visually-hidden">{say('roster.caption')}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {COLUMNS.map(({ by, word }) => (
              <th
                key={word}
                role="columnheader"
                scope="col"
                {...(by !== undefined &&
                  by === order.by && {
                    'aria-sort': order.descending ? ('descending' as const) : ('ascending' as const),
                  })}
              >
                {by === undefined ? (
                  say(`roster.column.${word}`)
                ) : (
                  <button type="button" class="sort" onClick={() => sortBy(by)}>
                    {say(`roster.column.${word}`)}
                    <span aria-hidden="true">{by === order.by ? (order.descending ? ' ▼' : ' ▲') : ''}</span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.slice(current * PAGE, (current + 1) * PAGE).map((row) => (
            <Row key={row.number} row={row} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
      {pages > 1 && (
        <nav class="actions" aria-label={say('roster.pages')}>
          <Button icon="back" disabled={current === 0} onClick={() => setPage(current - 1)}>
            {say('roster.previous')}
          </Button>
          <p role="status">{say('roster.page', { page: current + 1, pages })}</p>
          <Button icon="next" disabled={current === pages - 1} onClick={() => setPage(current + 1)}>
            {say('roster.next')}
          </Button>
        </nav>
      )}
    </>
  );
}

function Row({ row, onOpen }: { row: RosterRow; onOpen: (row: RosterRow) => void }) {
  const text = useText();
  const { say, sentences } = text;
  const { certificate, expected, headline, state } = row;
  const result = resultOf(row);
  const remarks = remarksOf(row, text);
  const reason = headline === 'accepted' ? '' : reasonText(row, text);
  return (
    <tr role="row" data-state={state} data-headline={headline} data-result={result} data-code={row.code}>
      <td role="cell" class="cell-number">
        {row.number}
      </td>
      <th role="rowheader" scope="row" class="cell-name">
        {row.json === undefined ? (
          <bdi>{row.name}</bdi>
        ) : (
          <button type="button" id={`row-${row.number}`} class="button button-link" onClick={() => onOpen(row)}>
            <bdi>{row.name}</bdi>
          </button>
        )}
      </th>
      <td role="cell">
        {result ? (
          <ResultMark result={result} />
        ) : (
          <span class={`mark mark-${state}`}>
            {state === 'failed' && <Icon name="warning" />}
            {say(`roster.state.${state}`)}
          </span>
        )}
      </td>
      <td role="cell">
        {certificate ? (
          <>
            <bdi>{certificate.name}</bdi> <span class="soft">{certificate.lastFour}</span>
          </>
        ) : (
          <bdi>{expected?.name ?? ''}</bdi>
        )}
      </td>
      <td role="cell">
        {certificate ? (
          <>
            <span class="mono">{certificate.number}</span>
            <br />
            <span class="soft">
              {[certificate.occupation, certificate.level && levelText(certificate.level, sentences)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </>
        ) : (
          <span class="mono">{expected?.certificateNumber ?? ''}</span>
        )}
      </td>
      <td role="cell">
        {reason}
        {remarks.map((remark) => (
          <p class="remark" key={remark}>
            <Icon name="warning" />
            <span>{remark}</span>
          </p>
        ))}
      </td>
    </tr>
  );
}
