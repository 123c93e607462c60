import { Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { chooseTenant } from '../api/session.js';
import { useCall } from '../api/use-call.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { HeatTable } from './HeatTable.js';
import { Legend } from './Legend.js';
import { RulesShown } from './RulesShown.js';
import { overviewSchema } from './schemas.js';
import { ShownMonths, shownQuery, useShown } from './ShownMonths.js';
import { UnusualList } from './UnusualList.js';

/** All institutions of the host by month, and everything that is unusual. */
export function OverviewView() {
  const { say } = useText();
  const [shown, setShown] = useShown();
  const query = shownQuery(shown);
  const { value, error } = useCall((signal) => call(`/supervision?${query}`, overviewSchema, { signal }), [query]);
  const names = new Map(value?.institutions.map(({ code, name }) => [code, name]));
  const notCounted = value?.institutions.reduce((sum, one) => sum + one.notCounted, 0) ?? 0;
  return (
    <section class="stack">
      <h1>{say('board.overview')}</h1>
      <ShownMonths shown={shown} onChange={setShown} path="/supervision" />
      <Problem error={error} />
      {!value && error === undefined && <p class="soft">{say('app.loading')}</p>}
      {value && (
        <>
          {notCounted > 0 && <Notice kind="care">{say('board.not-counted', { count: notCounted })}</Notice>}
          <h2>{say('board.unusual', { count: value.unusual.length + value.unusualLeftOut })}</h2>
          <UnusualList
            found={value.unusual}
            leftOut={value.unusualLeftOut}
            nameOf={(code) => names.get(code) ?? code}
            onOpen={chooseTenant}
          />
          <h2>{say('board.by-institution')}</h2>
          <Legend />
          <HeatTable
            label={say('board.by-institution')}
            first={say('board.institution')}
            months={value.months}
            rows={value.institutions.map(({ code, name, months }) => ({
              key: code,
              header: (
                <a href={routeHref('supervision', 'board')} onClick={() => chooseTenant(code)}>
                  {name}
                </a>
              ),
              months: months.map((month) => (month.unusualLines > 0 ? { ...month, mark: 'unusual' as const } : month)),
            }))}
          />
          <RulesShown settings={value.settings} />
        </>
      )}
    </section>
  );
}
