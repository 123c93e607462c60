import type { RecognitionEdge, RecognitionMap } from './recognition-map.js';

/** Size of the box of an authority. */
export const MAP_BOX = { width: 196, height: 64 };

/** A place on the drawing. */
export interface MapPoint {
  x: number;
  y: number;
}

/** What is drawn between two authorities: one line for a mutual pair, else one arrow for each direction. */
export interface MapArrow {
  from: string;
  to: string;
  both: boolean;
  live: boolean;
  /** Places of its statements in the map's edges, counted from 1. */
  numbers: number[];
  /** Course of the line, as the `d` of an SVG path. */
  path: string;
  /** Where its numbers stand, so that they cover no name where that can be. */
  label: MapPoint;
}

/** Where everything on a map stands. */
export interface MapLayout {
  size: { width: number; height: number };
  /** Middle of the box of each authority, by DID. */
  places: ReadonlyMap<string, MapPoint>;
  arrows: readonly MapArrow[];
}

/** Lays a map out: authorities on an ellipse, the anchor on top. The same map gives the same drawing. */
export function layoutMap(map: RecognitionMap): MapLayout {
  const { places, size } = placesOf(map);
  return {
    size,
    places,
    arrows: arrowsOf(map).map((arrow) => {
      const { start, end, control } = course(arrow, places);
      return {
        ...arrow,
        path: `M${start.x} ${start.y}Q${control.x} ${control.y} ${end.x} ${end.y}`,
        label: labelPlace({ start, end, control }, places),
      };
    }),
  };
}

/** Authorities on an ellipse, the anchor on top; wide enough that boxes do not touch. */
function placesOf(map: RecognitionMap): { places: Map<string, MapPoint>; size: { width: number; height: number } } {
  const count = map.nodes.length;
  const radius = Math.max(150, (count * (MAP_BOX.width + 90)) / (2 * Math.PI));
  const rx = count === 1 ? 0 : radius * 1.25;
  const ry = count === 1 ? 0 : radius;
  const size = { width: 2 * rx + MAP_BOX.width + 80, height: 2 * ry + MAP_BOX.height + 60 };
  const centre = { x: size.width / 2, y: size.height / 2 };
  const places = new Map(
    map.nodes.map((node, i) => {
      const angle = (2 * Math.PI * i) / count - Math.PI / 2;
      return [node.id, { x: round(centre.x + rx * Math.cos(angle)), y: round(centre.y + ry * Math.sin(angle)) }];
    }),
  );
  return { places, size: { width: round(size.width), height: round(size.height) } };
}

/** Breaks after so many half-width places; a Chinese character takes two. */
export function wrapText(text: string, places: number): string[] {
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

type Arrow = Omit<MapArrow, 'path' | 'label'>;

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

interface Course {
  start: MapPoint;
  end: MapPoint;
  control: MapPoint;
}

function labelPlace({ start, end, control }: Course, places: ReadonlyMap<string, MapPoint>): MapPoint {
  const at = (t: number): MapPoint => {
    const on = (a: number, b: number, c: number): number => round((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c);
    return { x: on(start.x, control.x, end.x), y: on(start.y, control.y, end.y) };
  };
  return PLACES_ON_LINE.map(at).find((point) => isFree(point, places)) ?? at(0.5);
}

/** Where the number of a line may stand: in the middle, else beside it, so that it covers no name. */
const PLACES_ON_LINE = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88] as const;

function isFree({ x, y }: MapPoint, places: ReadonlyMap<string, MapPoint>): boolean {
  return [...places.values()].every(
    (box) => Math.abs(box.x - x) > MAP_BOX.width / 2 + 20 || Math.abs(box.y - y) > MAP_BOX.height / 2 + 14,
  );
}

/** A curve from border to border, bowed to its left so that the two directions do not lie on each other. */
function course(arrow: Arrow, places: ReadonlyMap<string, MapPoint>): Course {
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
function border(centre: MapPoint, towards: MapPoint): MapPoint {
  const dx = towards.x - centre.x;
  const dy = towards.y - centre.y;
  const scale = Math.min((MAP_BOX.width / 2 + 3) / Math.abs(dx), (MAP_BOX.height / 2 + 3) / Math.abs(dy));
  return { x: round(centre.x + dx * Math.min(scale, 1)), y: round(centre.y + dy * Math.min(scale, 1)) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
