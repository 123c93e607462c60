import { Wording } from './explain/wording.js';
import {
  edgeLine,
  leftOut,
  mapSummary,
  nodeNote,
  pairLine,
  type RecognitionEdge,
  type RecognitionMap,
} from './recognition-map.js';
import type { TrustLanguage } from './trust-translator.js';
import type { TrustView } from './trust-view.js';

const BOX = { width: 196, height: 64 };
const MARGIN = 28;
const LINE = 22;
/** Width of half a Chinese character, at the font size of the list. */
const HALF = 7.1;

interface Point {
  x: number;
  y: number;
}

/** What is drawn between two authorities: one line for a mutual pair, else one arrow for each direction. */
interface Arrow {
  from: string;
  to: string;
  both: boolean;
  live: boolean;
  /** Numbers of the statements in the list below the drawing. */
  numbers: number[];
}

/**
 * Draws who recognises whom as one self-contained SVG document: no script, no outside reference, `<title>` and `<desc>` for screen
 * readers. Every arrow carries the numbers of its statements, which the list below the drawing spells out, and line styles tell
 * mutual, one-way and ended apart, so that it reads without colour. All names are escaped.
 */
export function mapToSvg(map: RecognitionMap, view: TrustView, language: TrustLanguage): string {
  const words = new Wording(view, language);
  const names = new Map(map.nodes.map((node) => [node.id, node.name]));
  const { places, size } = layout(map);
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
  ].flatMap((line) => wrap(line, Math.floor((width - 2 * MARGIN) / HALF)));
  const top = size.height + MARGIN + 44;
  const height = top + list.length * LINE + MARGIN;
  const shift = (width - size.width) / 2;
  const summary = mapSummary(map, words);
  const arrows = arrowsOf(map);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="map-title map-desc" lang="${language}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif" font-size="14" fill="#111">`,
    `<title id="map-title">${escapeXml(words.say('map.title'))}</title>`,
    `<desc id="map-desc">${escapeXml([summary, ...map.mutual.map((pair) => pairLine(pair, names, words))].join(' '))}</desc>`,
    `<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" markerWidth="13" markerHeight="13" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#111"/></marker></defs>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${width / 2}" y="${MARGIN + 4}" text-anchor="middle" font-size="20" font-weight="bold">${escapeXml(words.say('map.title'))}</text>`,
    `<text x="${width / 2}" y="${MARGIN + 28}" text-anchor="middle">${escapeXml(summary)}</text>`,
    `<g transform="translate(${shift} ${MARGIN + 34})">`,
    ...arrows.map((arrow) => drawArrow(arrow, places)),
    ...arrows.map((arrow) => drawNumbers(arrow, places)),
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

/** Authorities on an ellipse, the anchor on top; wide enough that boxes do not touch. */
function layout(map: RecognitionMap): { places: Map<string, Point>; size: { width: number; height: number } } {
  const count = map.nodes.length;
  const radius = Math.max(150, (count * (BOX.width + 90)) / (2 * Math.PI));
  const rx = count === 1 ? 0 : radius * 1.25;
  const ry = count === 1 ? 0 : radius;
  const size = { width: 2 * rx + BOX.width + 80, height: 2 * ry + BOX.height + 60 };
  const centre = { x: size.width / 2, y: size.height / 2 };
  const places = new Map(
    map.nodes.map((node, i) => {
      const angle = (2 * Math.PI * i) / count - Math.PI / 2;
      return [node.id, { x: round(centre.x + rx * Math.cos(angle)), y: round(centre.y + ry * Math.sin(angle)) }];
    }),
  );
  return { places, size: { width: round(size.width), height: round(size.height) } };
}

function arrowsOf(map: RecognitionMap): Arrow[] {
  const mutual = new Set(map.mutual.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
  const arrows = new Map<string, Arrow>();
  const keyOf = ({ from, to }: RecognitionEdge): { key: string; both: boolean; from: string; to: string } => {
    const both = mutual.has(`${from} ${to}`);
    const [first, second] = both && to < from ? [to, from] : [from, to];
    return { key: `${first} ${second}`, both, from: first, to: second };
  };
  map.edges.forEach((edge, i) => {
    const { key, both, from, to } = keyOf(edge);
    const arrow = arrows.get(key) ?? { from, to, both, live: false, numbers: [] };
    arrow.live ||= edge.state === 'live';
    arrow.numbers.push(i + 1);
    arrows.set(key, arrow);
  });
  return [...arrows.values()].filter((arrow) => arrow.from !== arrow.to);
}

function drawArrow(arrow: Arrow, places: ReadonlyMap<string, Point>): string {
  const { start, end, control } = course(arrow, places);
  const style = [
    `stroke="#111" fill="none" stroke-width="${arrow.both ? 4 : 1.5}"`,
    ...(arrow.live ? [] : ['stroke-dasharray="7 5"']),
    ...(arrow.both ? ['marker-start="url(#arrow)"'] : []),
    'marker-end="url(#arrow)"',
  ].join(' ');
  return `<path d="M${start.x} ${start.y}Q${control.x} ${control.y} ${end.x} ${end.y}" ${style}/>`;
}

function drawNumbers(arrow: Arrow, places: ReadonlyMap<string, Point>): string {
  const { start, end, control } = course(arrow, places);
  const at = (t: number): Point => {
    const on = (a: number, b: number, c: number): number => round((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c);
    return { x: on(start.x, control.x, end.x), y: on(start.y, control.y, end.y) };
  };
  const middle = PLACES_ON_LINE.map(at).find((point) => isFree(point, places)) ?? at(0.5);
  const text = shorten(arrow.numbers.join(' '), 24);
  const width = text.length * 8 + 12;
  return (
    `<rect x="${round(middle.x - width / 2)}" y="${middle.y - 11}" width="${width}" height="22" rx="11" fill="#fff" stroke="#111"/>` +
    `<text x="${middle.x}" y="${middle.y + 5}" text-anchor="middle">${escapeXml(text)}</text>`
  );
}

/** Where the number of a line may stand: in the middle, else beside it, so that it covers no name. */
const PLACES_ON_LINE = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88] as const;

function isFree({ x, y }: Point, places: ReadonlyMap<string, Point>): boolean {
  return [...places.values()].every(
    (box) => Math.abs(box.x - x) > BOX.width / 2 + 20 || Math.abs(box.y - y) > BOX.height / 2 + 14,
  );
}

function drawNode(name: string, note: string, anchor: boolean, place: Point | undefined): string {
  const { x, y } = place ?? { x: 0, y: 0 };
  const lines = [...wrap(name, 26).slice(0, 2), shorten(note, 30)];
  const first = y - ((lines.length - 1) * 18) / 2 + 5;
  return [
    `<rect x="${x - BOX.width / 2}" y="${y - BOX.height / 2}" width="${BOX.width}" height="${BOX.height}" rx="8" fill="#fff" stroke="#111" stroke-width="${anchor ? 4 : 1.5}"/>`,
    ...lines.map((line, i) => {
      const last = i === lines.length - 1;
      return `<text x="${x}" y="${first + i * 18}" text-anchor="middle"${last ? ' font-size="12"' : ' font-weight="bold"'}>${escapeXml(line)}</text>`;
    }),
  ].join('');
}

/** A curve from border to border, bowed to its left so that the two directions do not lie on each other. */
function course(arrow: Arrow, places: ReadonlyMap<string, Point>): { start: Point; end: Point; control: Point } {
  const from = places.get(arrow.from) ?? { x: 0, y: 0 };
  const to = places.get(arrow.to) ?? { x: 0, y: 0 };
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const bow = arrow.both ? 0 : 34;
  const control = {
    x: round((from.x + to.x) / 2 + ((to.y - from.y) / length) * bow),
    y: round((from.y + to.y) / 2 - ((to.x - from.x) / length) * bow),
  };
  return { start: border(from, control), end: border(to, control), control };
}

/** Where the line from the centre of a box towards a point leaves the box. */
function border(centre: Point, towards: Point): Point {
  const dx = towards.x - centre.x;
  const dy = towards.y - centre.y;
  const scale = Math.min((BOX.width / 2 + 3) / Math.abs(dx), (BOX.height / 2 + 3) / Math.abs(dy));
  return { x: round(centre.x + dx * Math.min(scale, 1)), y: round(centre.y + dy * Math.min(scale, 1)) };
}

/** Breaks after so many half-width places; a Chinese character takes two. */
function wrap(text: string, places: number): string[] {
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const character of text) {
    const size = character > '\u2e7f' ? 2 : 1;
    if (taken + size > places) {
      lines.push(line);
      line = '';
      taken = 0;
    }
    line += character;
    taken += size;
  }
  return [...lines, line];
}

function shorten(text: string, places: number): string {
  const [first = '', ...rest] = wrap(text, places);
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
