import { useText } from '../i18n/index.js';
import type { Board } from './schemas.js';

/** Fewer certificates than this make no share. */
const FEWEST = 5;

/** Shares of top levels and of assessments outside the province, month by month, whether a rule looks at them or not. */
export function ShareTable({ shares }: { shares: Board['shares'] }) {
  const { say } = useText();
  const text = ({ part, whole }: { part: number; whole: number }): string =>
    whole < FEWEST ? say('board.unknown') : `${Math.floor((part / whole) * 1000) / 10}% (${part}/${whole})`;
  return (
    <div class="stack">
      <h2>{say('shares.title')}</h2>
      <p class="soft">{say('shares.help', { fewest: FEWEST })}</p>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={say('shares.title')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('board.month')}</th>
              <th scope="col">{say('shares.top')}</th>
              <th scope="col">{say('shares.outside')}</th>
              <th scope="col">{say('shares.holders')}</th>
            </tr>
          </thead>
          <tbody>
            {shares
              .filter(({ outsideRegion }) => outsideRegion.whole > 0)
              .map(({ month, topLevel, outsideRegion }) => (
                <tr key={month}>
                  <th scope="row">{month}</th>
                  <td>{text(topLevel)}</td>
                  <td>{text(outsideRegion)}</td>
                  <td>{say('board.unknown')}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
