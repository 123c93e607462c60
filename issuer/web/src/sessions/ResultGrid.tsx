import { useState } from 'preact/hooks';
import { errorCode } from '../../../../shared/errors.js';
import { Button } from '../../../../ui/parts/index.js';
import { Problem } from '../api/Problem.js';
import { useText } from '../i18n/index.js';
import { DataTable, type Column } from '../parts/index.js';
import { CandidateActions } from './CandidateActions.js';
import { candidateColumns } from './candidate-columns.js';
import { cellName, focusCell, moveInGrid } from './grid-keys.js';
import { isScore, withAttendance, withScore, withVerdict, type Entry } from './results-state.js';
import type { Candidate, Detail, Part } from './schemas.js';
import { useResults } from './use-results.js';

/** Rows of the grid on one page. */
const PAGE = 100;
/** Keys that say somebody was absent, or that a result is held back, as first letters of the words in both languages. */
const KEYS: Readonly<Record<string, 'absent' | 'withheld'>> = {
  q: 'absent',
  a: 'absent',
  z: 'withheld',
  w: 'withheld',
};

/** Results typed cell by cell; what was typed is stored by itself. */
export function ResultGrid({
  path,
  session,
  candidates,
  onChanged,
  onReload,
}: {
  /** Of the session. */
  path: string;
  session: Detail;
  candidates: readonly Candidate[];
  /** Something was stored. */
  onChanged: () => void;
  onReload: () => void;
}) {
  const { say } = useText();
  const results = useResults(path, candidates, onChanged);
  const [first, setFirst] = useState(0);
  const parts = session.passMarks.map(({ part }) => part);
  const rows = results.rows.slice(first, first + PAGE);
  const columns: Column<Candidate>[] = [
    ...candidateColumns(session, say),
    {
      key: 'attendance',
      header: say('exam.attendance'),
      cell: (one, index) => (
        <select
          class="grid-cell"
          data-cell={cellName(index, 0)}
          aria-label={say('exam.cell', { name: one.name, column: say('exam.attendance') })}
          value={results.entryOf(one).attendance ?? ''}
          onKeyDown={moveInGrid}
          onChange={(event) => {
            const value = event.currentTarget.value;
            const attendance = value === '' ? null : (value as NonNullable<Entry['attendance']>);
            results.change(one, withAttendance(results.entryOf(one), attendance));
          }}
        >
          <option value="">{say('exam.attendance.none')}</option>
          {(['present', 'absent', 'withheld'] as const).map((value) => (
            <option key={value} value={value}>
              {say(`exam.attendance.${value}`)}
            </option>
          ))}
        </select>
      ),
    },
    ...parts.map((part, i) => scoreColumn(part, i + 1)),
    ...(parts.length === 0 ? [verdictColumn()] : []),
    {
      key: 'outcome',
      header: say('exam.outcome'),
      cell: ({ outcome }) => <span class={`outcome-${outcome}`}>{say(`exam.outcome.${outcome}`)}</span>,
    },
    {
      key: 'remove',
      header: <span class="visually-hidden">{say('exam.remove-short')}</span>,
      cell: (one) => <CandidateActions path={path} candidate={one} onRemoved={onReload} />,
    },
  ];
  function scoreColumn(part: Part, column: number): Column<Candidate> {
    return {
      key: part,
      header: say(`exam.part.${part}`),
      cell: (one, index) => {
        const entry = results.entryOf(one);
        return (
          <input
            class="grid-cell grid-score"
            data-cell={cellName(index, column)}
            aria-label={say('exam.cell', { name: one.name, column: say(`exam.part.${part}`) })}
            aria-invalid={isScore(entry[part]) ? undefined : true}
            inputMode="decimal"
            autocomplete="off"
            maxLength={5}
            value={entry[part]}
            onKeyDown={(event) => {
              const attendance =
                event.isComposing || event.ctrlKey || event.metaKey ? undefined : KEYS[event.key.toLowerCase()];
              if (attendance === undefined) {
                moveInGrid(event);
                return;
              }
              event.preventDefault();
              results.change(one, withAttendance(entry, attendance));
              focusCell(event.currentTarget.closest('table'), index + 1, column);
            }}
            onInput={(event) => results.change(one, withScore(entry, part, event.currentTarget.value))}
          />
        );
      },
    };
  }
  function verdictColumn(): Column<Candidate> {
    return {
      key: 'verdict',
      header: say('exam.verdict'),
      cell: (one, index) => (
        <select
          class="grid-cell"
          data-cell={cellName(index, 1)}
          aria-label={say('exam.cell', { name: one.name, column: say('exam.verdict') })}
          value={results.entryOf(one).verdict ?? ''}
          onKeyDown={moveInGrid}
          onChange={(event) => {
            const value = event.currentTarget.value;
            results.change(one, withVerdict(results.entryOf(one), value === '' ? null : (value as 'pass' | 'fail')));
          }}
        >
          <option value="">{say('exam.verdict.none')}</option>
          <option value="pass">{say('exam.verdict.pass')}</option>
          <option value="fail">{say('exam.verdict.fail')}</option>
        </select>
      ),
    };
  }
  const isStale = results.error !== undefined && errorCode(results.error) === 'EXAM_CANDIDATE_CHANGED';
  return (
    <div class="stack">
      <p class="soft">{say('exam.keys-help')}</p>
      <DataTable
        label={say('exam.results-title')}
        rows={rows}
        rowKey={({ candidate }) => String(candidate)}
        empty={say('exam.no-candidates')}
        columns={columns}
      />
      {results.rows.length > PAGE && (
        <div class="actions">
          <Button disabled={first === 0} onClick={() => setFirst(first - PAGE)}>
            {say('exam.page-before')}
          </Button>
          <span>{say('exam.page-of', { from: first + 1, to: first + rows.length, total: results.rows.length })}</span>
          <Button disabled={first + PAGE >= results.rows.length} onClick={() => setFirst(first + PAGE)}>
            {say('exam.page-next')}
          </Button>
        </div>
      )}
      <p role="status" class="grid-state">
        {results.busy
          ? say('exam.saving')
          : results.wrong > 0
            ? say('exam.invalid', { rows: results.wrong })
            : results.unsaved > 0
              ? say('exam.unsaved', { rows: results.unsaved })
              : say('exam.saved')}
      </p>
      <Problem error={results.error} />
      {results.error !== undefined && (
        <div class="actions">
          <Button onClick={isStale ? onReload : results.save}>
            {say(isStale ? 'exam.reload' : 'exam.save-again')}
          </Button>
        </div>
      )}
    </div>
  );
}
