import { useState } from 'preact/hooks';
import { CERTIFICATE_KINDS } from '../../../../shared/certificate/kind.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { nothing } from '../api/schemas.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { DataTable, type Column } from '../parts/index.js';
import { CandidateActions } from './CandidateActions.js';
import { candidateColumns } from './candidate-columns.js';
import type { Candidate, Detail } from './schemas.js';

/** Candidates with their results, to be read; certificate numbers an authority gave are entered here. */
export function CandidateTable({
  path,
  session,
  candidates,
  mayNumber,
  mayRemove,
  empty,
  onRemoved,
}: {
  path: string;
  session: Detail;
  candidates: readonly Candidate[];
  /** This person may enter certificate numbers now. */
  mayNumber: boolean;
  mayRemove: boolean;
  empty: string;
  onRemoved: () => void;
}) {
  const { say } = useText();
  const isNumbered = CERTIFICATE_KINDS.find(({ id }) => id === session.kind)?.numbered === true;
  const columns: Column<Candidate>[] = [
    ...candidateColumns(session, say),
    {
      key: 'attendance',
      header: say('exam.attendance'),
      cell: ({ attendance }) => say(`exam.attendance.${attendance ?? 'none'}`),
    },
    ...session.passMarks.map(({ part }): Column<Candidate> => ({
      key: part,
      header: say(`exam.part.${part}`),
      align: 'end',
      cell: (one) => one[part] ?? '',
    })),
    {
      key: 'outcome',
      header: say('exam.outcome'),
      cell: ({ outcome }) => <span class={`outcome-${outcome}`}>{say(`exam.outcome.${outcome}`)}</span>,
    },
    ...(isNumbered
      ? []
      : [
          {
            key: 'number',
            header: say('exam.number'),
            cell: (one: Candidate) =>
              mayNumber && one.outcome === 'passed' ? (
                <NumberCell path={path} candidate={one} />
              ) : (
                (one.certificateNumber ?? '')
              ),
          },
        ]),
    ...(mayRemove
      ? [
          {
            key: 'remove',
            header: <span class="visually-hidden">{say('exam.remove-short')}</span>,
            cell: (one: Candidate) => <CandidateActions path={path} candidate={one} onRemoved={onRemoved} />,
          },
        ]
      : []),
  ];
  return (
    <>
      {!isNumbered && mayNumber && candidates.length > 0 && <p class="soft">{say('exam.number-help')}</p>}
      <DataTable
        label={say('exam.results-title')}
        rows={candidates}
        rowKey={({ candidate }) => String(candidate)}
        empty={empty}
        columns={columns}
      />
    </>
  );
}

/** The number an authority gave; stored when the field is left. */
function NumberCell({
  path,
  candidate: { candidate, name, certificateNumber = '' },
}: {
  path: string;
  candidate: Candidate;
}) {
  const { say } = useText();
  const [number, setNumber] = useState(certificateNumber);
  const [stored, setStored] = useState(certificateNumber);
  const save = useAction(async () => {
    const wanted = number.trim();
    const numbers = [{ candidate, number: wanted === '' ? null : wanted }];
    await call(`${path}/numbers`, nothing, { method: 'PUT', body: { numbers } });
    setStored(wanted);
  });
  const label = say('exam.cell', { name, column: say('exam.number') });
  return (
    <>
      <input
        class="grid-cell"
        aria-label={label}
        autocomplete="off"
        spellcheck={false}
        maxLength={40}
        value={number}
        onInput={(event) => setNumber(event.currentTarget.value)}
        onBlur={() => number.trim() !== stored && save.run()}
      />
      <span class="soft" role="status">
        {save.busy ? say('exam.saving') : number.trim() === stored && stored !== '' ? say('exam.saved') : ''}
      </span>
      <Problem error={save.error} />
    </>
  );
}
