import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../../api/Problem.js';
import { useText } from '../../i18n/index.js';

/** A bar of the chart. */
export interface CountBar {
  month: string;
  issued: number;
  /** Most that was expected from earlier months, where that is known. */
  most?: number | undefined;
  isUnusual: boolean;
}

/** Certificates by month with what was expected, drawn by a library that is loaded when needed, and the same as a table. */
export function CountChart({ title, bars }: { title: string; bars: readonly CountBar[] }) {
  const { say, tag } = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => {
    let isGone = false;
    let remove = (): void => undefined;
    void import('./draw-counts.js').then(
      ({ drawCounts }) => {
        if (isGone || !canvas.current) return;
        remove = drawCounts(canvas.current, {
          labels: bars.map(({ month }) => month),
          counts: bars.map(({ issued }) => issued),
          unusual: bars.map(({ isUnusual }) => isUnusual),
          most: bars.map(({ most }) => most),
          words: { counts: say('chart.counts'), most: say('chart.most') },
        });
        canvas.current.dataset['drawn'] = 'true';
      },
      (error: unknown) => setProblem(error),
    );
    return () => {
      isGone = true;
      remove();
    };
  }, [JSON.stringify(bars), tag]);
  const unusual = bars.filter(({ isUnusual }) => isUnusual).map(({ month }) => month);
  return (
    <figure class="card chart">
      <figcaption>
        <h2>{title}</h2>
        <p class="soft">{say('chart.help')}</p>
      </figcaption>
      <Problem error={problem} />
      <div class="chart-area">
        <canvas
          ref={canvas}
          role="img"
          aria-label={say('chart.said', {
            title,
            unusual: unusual.length === 0 ? say('chart.none') : unusual.join(say('list.and')),
          })}
        />
      </div>
      <details>
        <summary>{say('chart.table')}</summary>
        <div class="table-scroll" tabIndex={0} role="region" aria-label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say('board.month')}</th>
                <th scope="col" class="cell-end">
                  {say('chart.counts')}
                </th>
                <th scope="col" class="cell-end">
                  {say('chart.most')}
                </th>
                <th scope="col">{say('board.mark')}</th>
              </tr>
            </thead>
            <tbody>
              {bars.map(({ month, issued, most, isUnusual }) => (
                <tr key={month}>
                  <th scope="row">{month}</th>
                  <td class="cell-end">{issued}</td>
                  <td class="cell-end">{most ?? say('board.unknown')}</td>
                  <td>{isUnusual ? say('mark.unusual') : ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
