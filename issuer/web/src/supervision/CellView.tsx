import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useCall } from '../api/use-call.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { CertificateList } from './CertificateList.js';
import { CountChart } from './chart/CountChart.js';
import { CheckList } from './CheckList.js';
import { LineName } from './LineName.js';
import { MarkText } from './MarkText.js';
import { cellSchema } from './schemas.js';
import { SessionTable } from './SessionTable.js';

/** One number of the board: what the rules say, the months before, the sessions, and on request the certificates. */
export function CellView({ path, month }: { path: string; month: string }) {
  const { say } = useText();
  const { value, error } = useCall((signal) => call(path, cellSchema, { signal }), [path]);
  const [isListed, setListed] = useState(false);
  return (
    <section class="stack">
      <p>
        <a href={routeHref('supervision', 'board')}>{say('board.back')}</a>
      </p>
      <Problem error={error} />
      {!value && error === undefined && <p class="soft">{say('app.loading')}</p>}
      {value && (
        <>
          <h1>
            {month} <LineName line={value.series} />
          </h1>
          <div class="card stack">
            <p>
              <MarkText mark={value.month.mark} /> {say('board.issued', { count: value.month.issued })}
            </p>
            <dl class="facts">
              {(['suspended', 'revoked', 'voided'] as const).map((name) => (
                <div key={name}>
                  <dt>{say(`board.${name}`)}</dt>
                  <dd>{value.month[name]}</dd>
                </div>
              ))}
              <div>
                <dt>{say('board.pass-rate')}</dt>
                <dd>{value.month.passRate === undefined ? say('board.unknown') : `${value.month.passRate}%`}</dd>
              </div>
              <div>
                <dt>{say('board.days')}</dt>
                <dd>{value.days.map(({ day, issued }) => `${day}: ${issued}`).join(say('list.and'))}</dd>
              </div>
            </dl>
            <CheckList checks={value.month.checks} />
          </div>
          <SessionTable sessions={value.sessions} />
          <CountChart
            title={say('chart.of-line')}
            bars={value.history.map((one) => ({
              ...one,
              most: one.most,
              isUnusual: one.most !== undefined && one.issued > one.most,
            }))}
          />
          <h2>{say('board.certificates')}</h2>
          {isListed ? (
            <CertificateList path={path} />
          ) : (
            <>
              <p class="soft">{say('board.certificates-audited')}</p>
              <div class="actions">
                <Button onClick={() => setListed(true)}>{say('board.show-certificates')}</Button>
              </div>
            </>
          )}
        </>
      )}
    </section>
  );
}
