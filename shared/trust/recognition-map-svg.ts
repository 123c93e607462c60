import { Wording } from './explain/wording.js';
import { layoutMap, MAP_BOX, wrapText, type MapArrow, type MapPoint } from './recognition-map-layout.js';
import { edgeLine, leftOut, mapSummary, nodeNote, pairLine, type RecognitionMap } from './recognition-map.js';
import type { TrustLanguage } from './trust-translator.js';
import type { TrustView } from './trust-view.js';

const MARGIN = 28;
const LINE = 22;
/** Width of half a Chinese character, at the font size of the list. */
const HALF = 7.1;

/**
 * Draws who recognises whom as one self-contained SVG document: no script, no outside reference, `<title>` and `<desc>` for screen
 * readers. Every arrow carries the numbers of its statements, which the list below the drawing spells out, and line styles tell
 * mutual, one-way and ended apart, so that it reads without colour. All names are escaped.
 */
export function mapToSvg(map: RecognitionMap, view: TrustView, language: TrustLanguage): string {
  const words = new Wording(view, language);
  const names = new Map(map.nodes.map((node) => [node.id, node.name]));
  const { places, size, arrows } = layoutMap(map);
  const width = Math.max(size.width, 860) + 2 * MARGIN;
  const list = [
    ...legend(words),
    '',
    words.say('map.mutual'),
    ...(map.mutual.length === 0 ? [words.say('map.none')] : map.mutual.map((pair) => pairLine(pair, names, words))),
    '',
    words.say('map.statements'),
    ...(map.edges.length === 0
      ? [words.say('map.none')]
      : map.edges.map((edge, i) => `${i + 1}. ${edgeLine(edge, names, words)}`)),
    ...leftOut(map, words),
  ].flatMap((line) => wrapText(line, Math.floor((width - 2 * MARGIN) / HALF)));
  const top = size.height + MARGIN + 44;
  const height = top + list.length * LINE + MARGIN;
  const shift = (width - size.width) / 2;
  const summary = mapSummary(map, words);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="map-title map-desc" lang="${language}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif" font-size="14" fill="#111">`,
    `<title id="map-title">${escapeXml(words.say('map.title'))}</title>`,
    `<desc id="map-desc">${escapeXml([summary, ...map.mutual.map((pair) => pairLine(pair, names, words))].join(' '))}</desc>`,
    `<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" markerWidth="13" markerHeight="13" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#111"/></marker></defs>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${width / 2}" y="${MARGIN + 4}" text-anchor="middle" font-size="20" font-weight="bold">${escapeXml(words.say('map.title'))}</text>`,
    `<text x="${width / 2}" y="${MARGIN + 28}" text-anchor="middle">${escapeXml(summary)}</text>`,
    `<g transform="translate(${shift} ${MARGIN + 34})">`,
    ...arrows.map(drawArrow),
    ...arrows.map(drawNumbers),
    ...map.nodes.map((node) =>
      drawNode(node.name, nodeNote(node, map.anchor, words), node.id === map.anchor, places.get(node.id)),
    ),
    '</g>',
    ...list.map(
      (line, i) => `<text x="${MARGIN}" y="${top + i * LINE}" xml:space="preserve">${escapeXml(line)}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}

function legend(words: Wording): string[] {
  return ['mutual', 'oneway', 'notLive'].map((name) => words.say(`map.legend.${name}`));
}

function drawArrow({ path, both, live }: MapArrow): string {
  const style = [
    `stroke="#111" fill="none" stroke-width="${both ? 4 : 1.5}"`,
    ...(live ? [] : ['stroke-dasharray="7 5"']),
    ...(both ? ['marker-start="url(#arrow)"'] : []),
    'marker-end="url(#arrow)"',
  ].join(' ');
  return `<path d="${path}" ${style}/>`;
}

function drawNumbers({ numbers, label }: MapArrow): string {
  const text = shorten(numbers.join(' '), 24);
  const width = text.length * 8 + 12;
  return (
    `<rect x="${round(label.x - width / 2)}" y="${label.y - 11}" width="${width}" height="22" rx="11" fill="#fff" stroke="#111"/>` +
    `<text x="${label.x}" y="${label.y + 5}" text-anchor="middle">${escapeXml(text)}</text>`
  );
}

function drawNode(name: string, note: string, anchor: boolean, place: MapPoint | undefined): string {
  const { x, y } = place ?? { x: 0, y: 0 };
  const lines = [...wrapText(name, 26).slice(0, 2), shorten(note, 30)];
  const first = y - ((lines.length - 1) * 18) / 2 + 5;
  return [
    `<rect x="${x - MAP_BOX.width / 2}" y="${y - MAP_BOX.height / 2}" width="${MAP_BOX.width}" height="${MAP_BOX.height}" rx="8" fill="#fff" stroke="#111" stroke-width="${anchor ? 4 : 1.5}"/>`,
    ...lines.map((line, i) => {
      const last = i === lines.length - 1;
      return `<text x="${x}" y="${first + i * 18}" text-anchor="middle"${last ? ' font-size="12"' : ' font-weight="bold"'}>${escapeXml(line)}</text>`;
    }),
  ].join('');
}

function shorten(text: string, places: number): string {
  const [first = '', ...rest] = wrapText(text, places);
  return rest.length === 0 ? first : `${first}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for XML 1.0: markup characters as entities; control and direction characters, which XML or a reader's eye cannot bear, left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g, '')
    .toWellFormed()
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
