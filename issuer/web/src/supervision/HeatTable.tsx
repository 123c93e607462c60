import type { ComponentChildren } from 'preact';
import { useText } from '../i18n/index.js';
import { SIGNS } from './MarkText.js';
import type { ShownMonth } from './schemas.js';

/** A row of the heat table. */
export interface HeatRow {
  key: string;
  header: ComponentChildren;
  months: readonly ShownMonth[];
  /** Where a number leads to; without it numbers lead nowhere. */
  href?: (month: string) => string;
  onOpen?: () => void;
}

/** Steps of shading. */
const STEPS = 5;

/** Certificates by row and month: every number stands there, shaded by its size, and marked by a sign and in words. */
export function HeatTable({
  label,
  first,
  months,
  rows,
}: {
  label: string;
  /** Header of the first column. */
  first: string;
  months: readonly string[];
  rows: readonly HeatRow[];
}) {
  const { say } = useText();
  const most = Math.max(1, ...rows.flatMap((row) => row.months.map(({ issued }) => issued)));
  return (
    <div class="table-scroll heat" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {months.map((month) => (
              <th key={month} scope="col" class="cell-end">
                <span class="heat-year">{month.slice(0, 5)}</span>
                {month.slice(5)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, header, months: own, href, onOpen }) => {
            const known = new Map(own.map((one) => [one.month, one]));
            return (
              <tr key={key}>
                <th scope="row">{header}</th>
                {months.map((month) => {
                  const one = known.get(month);
                  if (!one)
                    return (
                      <td key={month} class="cell-end soft">
                        <span aria-hidden="true">–</span>
                        <span class="visually-hidden">{say('board.none')}</span>
                      </td>
                    );
                  const step = Math.ceil((one.issued / most) * STEPS);
                  const number = (
                    <>
                      {SIGNS[one.mark] !== '' && (
                        <span class={`mark-${one.mark}`} aria-hidden="true">
                          {SIGNS[one.mark]}
                        </span>
                      )}{' '}
                      {one.issued} <span class="visually-hidden">{say(`mark.${one.mark}`)}</span>
                    </>
                  );
                  return (
                    <td key={month} class={`cell-end heat-${step} ${one.mark === 'unusual' ? 'heat-unusual' : ''}`}>
                      {href ? (
                        <a href={href(month)} {...(onOpen && { onClick: onOpen })}>
                          {number}
                        </a>
                      ) : (
                        number
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
