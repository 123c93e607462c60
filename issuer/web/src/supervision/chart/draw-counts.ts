import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

/** Bars of a chart. */
export interface CountBars {
  labels: readonly string[];
  counts: readonly number[];
  /** Which bars are marked: those are hatched. */
  unusual: readonly boolean[];
  /** Most that was expected, where known: a dashed line with points. */
  most: readonly (number | undefined)[];
  words: { counts: string; most: string };
}

/**
 * Draws bars with the line of what was expected. Colours are the page's own; what is marked is hatched, the line is dashed and has points,
 * so that nothing is told by colour alone. Nothing moves.
 * @returns what takes it away again
 */
export function drawCounts(canvas: HTMLCanvasElement, { labels, counts, unusual, most, words }: CountBars): () => void {
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const ink = colour('--ink');
  const hatched = hatch(canvas, colour('--bad'), colour('--paper'));
  Chart.defaults.font.family = style.fontFamily;
  const chart = new Chart(canvas, {
    type: 'bar',
    data: {
      labels: [...labels],
      datasets: [
        {
          type: 'line',
          label: words.most,
          data: most.map((value) => value ?? Number.NaN),
          borderColor: ink,
          backgroundColor: ink,
          borderDash: [6, 4],
          borderWidth: 2,
          pointStyle: 'rectRot',
          pointRadius: 5,
        },
        {
          type: 'bar',
          label: words.counts,
          pointStyle: 'rect',
          data: [...counts],
          backgroundColor: unusual.map((is) => (is ? hatched : colour('--open-soft'))),
          borderColor: unusual.map((is) => colour(is ? '--bad' : '--open')),
          borderWidth: 1.5,
        },
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      color: ink,
      scales: {
        x: { ticks: { color: ink }, grid: { display: false } },
        y: { beginAtZero: true, ticks: { color: ink, precision: 0 }, grid: { color: colour('--line') } },
      },
      plugins: { legend: { labels: { color: ink, usePointStyle: true } } },
    },
  });
  return () => chart.destroy();
}

function hatch(canvas: HTMLCanvasElement, line: string, ground: string): CanvasPattern | string {
  const tile = canvas.ownerDocument.createElement('canvas');
  tile.width = tile.height = 8;
  const context = tile.getContext('2d');
  if (!context) return line;
  context.fillStyle = ground;
  context.fillRect(0, 0, 8, 8);
  context.strokeStyle = line;
  context.lineWidth = 2;
  context.beginPath();
  for (const start of [-8, 0, 8]) {
    context.moveTo(start, 8);
    context.lineTo(start + 8, 0);
  }
  context.stroke();
  return context.createPattern(tile, 'repeat') ?? line;
}
