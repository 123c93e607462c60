import type { Wording } from '../../../../../shared/trust/explain/wording.js';
import { useText } from '../../i18n/index.js';
import { DataTable, type Column } from '../../parts/index.js';
import { lastDay } from '../../parts/china-time.js';
import { regionText } from '../regions.js';
import type { PreviewRow, Standing } from './schemas.js';
import { countsAs, sortText } from './sort-text.js';

/** Sort by sort: what certificates of it are worth now and would be worth. */
export function PreviewTable({ rows, words }: { rows: readonly PreviewRow[]; words: Wording }) {
  const { say } = useText();
  const isCounted = rows.some(({ certificates }) => certificates.count !== null);
  const columns: Column<PreviewRow>[] = [
    {
      key: 'sort',
      header: say('preview.sort'),
      isRowHeader: true,
      cell: (row) => (
        <>
          {sortText(row, words)}
          <br />
          <Limits row={row} words={words} />
        </>
      ),
    },
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
    ...(isCounted
      ? [
          {
            key: 'certificates',
            header: say('preview.count'),
            align: 'end' as const,
            cell: ({ certificates }: PreviewRow) =>
              certificates.count === null ? say('preview.unknown') : String(certificates.count),
          },
        ]
      : []),
  ];
  return <DataTable label={say('preview.table')} columns={columns} rows={rows} rowKey={(row) => JSON.stringify(row)} />;
}

/** Where they were assessed, by which standard, and when they were issued. */
function Limits({ row, words }: { row: PreviewRow; words: Wording }) {
  const { say } = useText();
  const { region, regionExcept = [], occupationExcept = [], standard, issued } = row;
  const regions = (list: readonly string[]): string =>
    list.map((one) => regionText(one, words.language)).join(say('list.and'));
  const parts = [
    ...(region.length > 0 ? [regions(region)] : []),
    ...(regionExcept.length > 0 ? [say('preview.except', { list: regions(regionExcept) })] : []),
    ...(occupationExcept.length > 0
      ? [say('preview.except', { list: occupationExcept.map((one) => words.occupation(one)).join(say('list.and')) })]
      : []),
    ...(standard === undefined ? [] : [standard]),
    issued.until === undefined
      ? say('preview.issued-from', { from: issued.from })
      : say('preview.issued-between', { from: issued.from, until: lastDay(`${issued.until}T00:00:00+08:00`) }),
  ];
  return <span class="soft">{parts.join(' · ')}</span>;
}

function StandingText({ standing, words }: { standing: Standing; words: Wording }) {
  const { say } = useText();
  const { outcome, obligations, reasons, treatment } = standing;
  const counts = countsAs(standing, words);
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
