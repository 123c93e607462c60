import { timeText } from '../../../../ui/i18n/format.js';
import { useNames } from '../api/use-names.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { DataTable } from '../parts/index.js';
import { keyName, type Ceremony } from './schemas.js';

/** Ceremonies with who proposed and who confirmed them. */
export function CeremonyTable({
  label,
  ceremonies,
  path,
}: {
  label: string;
  ceremonies: readonly Ceremony[];
  path: string;
}) {
  const { say } = useText();
  const nameOf = useNames(
    path,
    ceremonies.flatMap(({ proposedBy, confirmedBy }) => [proposedBy, ...(confirmedBy === undefined ? [] : [confirmedBy])]), // prettier-ignore
  );
  return (
    <DataTable
      label={label}
      rows={ceremonies}
      rowKey={({ id }) => id}
      empty={say('keys.no-ceremonies')}
      columns={[
        {
          key: 'what',
          header: say('keys.what'),
          isRowHeader: true,
          cell: ({ id, kind, keyId }) => (
            <a href={routeHref('keys', id)}>
              {say(`keys.kind.${kind}`)}
              {keyId !== undefined && ` · ${keyName(keyId)}`}
            </a>
          ),
        },
        { key: 'state', header: say('keys.ceremony-state'), cell: ({ state }) => say(`keys.ceremony.${state}`) },
        { key: 'when', header: say('keys.when'), cell: ({ proposedAt }) => timeText(proposedAt) },
        { key: 'proposed', header: say('keys.proposed-by'), cell: ({ proposedBy }) => nameOf(proposedBy) },
        {
          key: 'confirmed',
          header: say('keys.confirmed-by'),
          cell: ({ confirmedBy }) => (confirmedBy === undefined ? '—' : nameOf(confirmedBy)),
        },
      ]}
    />
  );
}
