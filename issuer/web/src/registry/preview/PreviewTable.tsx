import type { Wording } from '../../../../../shared/trust/explain/wording.js';
import { useText } from '../../i18n/index.js';
import { DataTable, type Column } from '../../parts/index.js';
import { regionText } from '../regions.js';
import type { PreviewRow, Standing } from './schemas.js';

/** Sort by sort: what certificates of it are worth now and would be worth. */
export function PreviewTable({ rows, words }: { rows: readonly PreviewRow[]; words: Wording }) {
  const { say } = useText();
  const columns: Column<PreviewRow>[] = [
    { key: 'sort', header: say('preview.sort'), isRowHeader: true, cell: (row) => sortText(row, words) },
    {
      key: 'home',
      header: say('preview.home'),
      cell: ({ home, institutions }) => (
        <>
          {home.name}
          <br />
          <span class="soft">
            {say('preview.institutions', {
              count: institutions.count,
              names: institutions.examples.map(({ name }) => name).join(say('list.and')),
            })}
          </span>
        </>
      ),
    },
    {
      key: 'before',
      header: say('preview.before'),
      cell: ({ before }) => <StandingText standing={before} words={words} />,
    },
    {
      key: 'after',
      header: say('preview.after'),
      cell: ({ after, change }) => (
        <>
          <strong>{say(`change.${change}`)}</strong>
          <br />
          <StandingText standing={after} words={words} />
        </>
      ),
    },
    {
      key: 'certificates',
      header: say('preview.count'),
      align: 'end',
      cell: ({ certificates }) => (certificates.count === null ? say('preview.unknown') : String(certificates.count)),
    },
  ];
  return <DataTable label={say('preview.table')} columns={columns} rows={rows} rowKey={(row) => JSON.stringify(row)} />;
}

function sortText({ kind, occupation, level, region, issued }: PreviewRow, words: Wording) {
  return (
    <>
      {[
        words.kind(kind),
        ...(level ? [words.level(level)] : []),
        ...(occupation ? [words.occupation(occupation)] : []),
      ].join(' · ')}
      <br />
      <span class="soft">
        {region.map((one) => regionText(one, words.language)).join('、')} {issued.from}
        {issued.until === undefined ? '' : `–${issued.until}`}
      </span>
    </>
  );
}

function StandingText({ standing, words }: { standing: Standing; words: Wording }) {
  const { say } = useText();
  const { outcome, as, obligations, reasons, treatment } = standing;
  const counts =
    as && (outcome === 'recognised' || outcome === 'recognised-with-conditions')
      ? [words.kind(as.kind), ...(as.level ? [words.level(as.level)] : [])].join(' ')
      : undefined;
  return (
    <>
      {say(`outcome.${outcome}`)}
      {counts !== undefined && ` · ${counts}`}
      {treatment.length > 0 && !treatment.includes('full') && (
        <span class="soft"> ({treatment.map((item) => words.say(`treatment.${item}`)).join(say('list.and'))})</span>
      )}
      {obligations.length > 0 && (
        <span class="soft">
          {' '}
          {say('preview.owed', {
            owed: obligations.map((item) => words.say(`obligation.${item}`)).join(say('list.and')),
          })}
        </span>
      )}
      {outcome === 'undetermined' && reasons[0] && <span class="soft mono"> {reasons[0].code}</span>}
    </>
  );
}
