import type { Text } from '../i18n/index.js';
import type { Column } from '../parts/index.js';
import type { Candidate, Detail } from './schemas.js';

/** Who a candidate is: the columns every list of candidates begins with. */
export function candidateColumns(session: Detail, say: Text['say']): Column<Candidate>[] {
  const isJoint = session.joint.length > 0;
  return [
    { key: 'candidate', header: say('exam.candidate-no'), align: 'end', cell: ({ candidate }) => candidate },
    { key: 'name', header: say('exam.candidate-name'), isRowHeader: true, cell: ({ name }) => name },
    { key: 'document', header: say('exam.candidate-document'), cell: ({ lastFour }) => `…${lastFour}` },
    {
      key: 'ticket',
      header: say('exam.candidate-ticket'),
      cell: ({ ticket, seat }) => [ticket, seat].filter((one) => one !== undefined).join(' · '),
    },
    ...(isJoint
      ? [
          {
            key: 'shares',
            header: say('exam.candidate-shares'),
            cell: ({ shares }: Candidate) => say(shares ? 'exam.shares-yes' : 'exam.shares-no'),
          },
        ]
      : []),
  ];
}
