import { Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useCall } from '../api/use-call.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { CountChart } from './chart/CountChart.js';
import { HeatTable } from './HeatTable.js';
import { Legend } from './Legend.js';
import { LineName } from './LineName.js';
import { RulesShown } from './RulesShown.js';
import { boardSchema, type Board, type ShownMonth, type Unusual } from './schemas.js';
import { ShareTable } from './ShareTable.js';
import { ShownMonths, shownQuery, useShown } from './ShownMonths.js';
import { UnusualList } from './UnusualList.js';

/** One institution by occupation, level and month, with what is unusual and why. */
export function BoardView({ path, isHost }: { path: string; isHost: boolean }) {
  const { say } = useText();
  const [shown, setShown] = useShown();
  const query = shownQuery(shown);
  const { value, error } = useCall((signal) => call(`${path}?${query}`, boardSchema, { signal }), [path, query]);
  return (
    <section class="stack">
      {isHost && (
        <p>
          <a href={routeHref('supervision')}>{say('board.back-to-overview')}</a>
        </p>
      )}
      <h1>{value ? say('board.of', { name: value.institution.name }) : say('nav.supervision')}</h1>
      <ShownMonths shown={shown} onChange={setShown} path={path} />
      <Problem error={error} />
      {!value && error === undefined && <p class="soft">{say('app.loading')}</p>}
      {value && <BoardShown board={value} />}
    </section>
  );
}

function BoardShown({ board }: { board: Board }) {
  const { say } = useText();
  const { institution, months, lines, total, shares, notCounted, settings } = board;
  const unusual = unusualOf(board);
  return (
    <>
      {notCounted > 0 && <Notice kind="care">{say('board.not-counted', { count: notCounted })}</Notice>}
      <h2>{say('board.unusual', { count: unusual.length })}</h2>
      <UnusualList found={unusual} />
      <h2>{say('board.by-line')}</h2>
      <Legend />
      <HeatTable
        label={say('board.by-line')}
        first={say('board.line')}
        months={months}
        rows={[
          { key: '*', header: say('board.all-lines'), months: total },
          ...lines.map(({ series, months: own }) => ({
            key: series.id,
            header: <LineName line={series} />,
            months: own,
            href: (month: string) => routeHref('supervision', `${series.id}.${month}`),
          })),
        ]}
      />
      <CountChart
        title={say('chart.of-institution', { name: institution.name })}
        bars={months.map((month) => {
          const own = total.find((one) => one.month === month);
          return {
            month,
            issued: own?.issued ?? 0,
            most: own && expectedOf(own),
            isUnusual: own?.mark === 'unusual',
          };
        })}
      />
      <ShareTable shares={shares} />
      <RulesShown settings={settings} />
    </>
  );
}

/** The most that was expected from earlier months. */
function expectedOf({ checks }: ShownMonth): number | undefined {
  return checks.find(({ rule }) => rule === 'history')?.most;
}

function unusualOf({ institution, lines, total }: Board): Unusual[] {
  const of = (months: readonly ShownMonth[], series?: Unusual['series']): Unusual[] =>
    months
      .filter(({ mark }) => mark === 'unusual')
      .map(({ month, issued, checks }) => ({
        institution: institution.code,
        ...(series && { series }),
        month,
        issued,
        checks: checks.filter(({ answer }) => answer === 'fail'),
      }));
  return [...of(total), ...lines.flatMap(({ series, months }) => of(months, series))].toSorted((a, b) =>
    b.month.localeCompare(a.month),
  );
}
