import { useId, useMemo } from 'preact/hooks';
import type { Wording } from '../../../../../shared/trust/explain/wording.js';
import { layoutMap, MAP_BOX, wrapText } from '../../../../../shared/trust/recognition-map-layout.js';
import { nodeNote, type RecognitionMap } from '../../../../../shared/trust/recognition-map.js';

/** Half-width places in a line of a box, and lines of a name. */
const PLACES = 26;
const MOST_LINES = 2;

/**
 * Who recognises whom, drawn: every line carries the numbers of its statements in the table below, and its style, not its colour, tells
 * mutual, one-way and ended apart.
 */
export function MapDrawing({ map, summary, words }: { map: RecognitionMap; summary: string; words: Wording }) {
  const id = useId();
  const { size, places, arrows } = useMemo(() => layoutMap(map), [map]);
  return (
    <div class="map-scroll" tabIndex={0} role="region" aria-label={words.say('map.title')}>
      <svg
        class="recognition-map"
        role="img"
        aria-labelledby={`${id}-title ${id}-desc`}
        viewBox={`0 0 ${size.width} ${size.height}`}
      >
        <title id={`${id}-title`}>{words.say('map.title')}</title>
        <desc id={`${id}-desc`}>{summary}</desc>
        <defs>
          <marker
            id={`${id}-arrow`}
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerUnits="userSpaceOnUse"
            markerWidth="13"
            markerHeight="13"
            orient="auto-start-reverse"
          >
            <path d="M0 0 10 5 0 10z" class="map-tip" />
          </marker>
        </defs>
        {arrows.map(({ from, to, path, both, live }) => (
          <path
            key={`${from} ${to}`}
            d={path}
            class={`map-line${both ? ' map-mutual' : ''}${live ? '' : ' map-idle'}`}
            marker-end={`url(#${id}-arrow)`}
            {...(both && { 'marker-start': `url(#${id}-arrow)` })}
          />
        ))}
        {arrows.map(({ from, to, numbers, label }) => {
          const text = wrapText(numbers.join(' '), 24)[0] ?? '';
          const width = text.length * 8 + 14;
          return (
            <g key={`${from} ${to}`}>
              <rect class="map-box" x={label.x - width / 2} y={label.y - 12} width={width} height={24} rx={12} />
              <text x={label.x} y={label.y + 5} text-anchor="middle">
                {text}
              </text>
            </g>
          );
        })}
        {map.nodes.map((node) => {
          const { x, y } = places.get(node.id) ?? { x: 0, y: 0 };
          const lines = wrapText(node.name, PLACES).slice(0, MOST_LINES);
          const first = y - (lines.length * 18) / 2 + 5;
          return (
            <g key={node.id}>
              <rect
                class={node.id === map.anchor ? 'map-box map-anchor' : 'map-box'}
                x={x - MAP_BOX.width / 2}
                y={y - MAP_BOX.height / 2}
                width={MAP_BOX.width}
                height={MAP_BOX.height}
                rx={8}
              />
              {lines.map((line, i) => (
                <text key={line} class="map-name" x={x} y={first + i * 18} text-anchor="middle">
                  {line}
                </text>
              ))}
              <text class="map-note" x={x} y={first + lines.length * 18} text-anchor="middle">
                {wrapText(nodeNote(node, map.anchor, words), 30)[0]}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
