import type { Shot } from './photograph.js';
import { between, seededRandom } from './seeded-random.js';

/** Five grades of how badly a photo is taken: 1 a careful person at a desk, 5 a foreman at dusk with laminated paper. */
export const GRADES = [1, 2, 3, 4, 5] as const;
export type Grade = (typeof GRADES)[number];

interface Range {
  /** Centimetres. */
  distance: [number, number];
  /** Most degrees of each tilt. */
  tilt: number;
  roll: number;
  curl: number;
  blur: [number, number];
  motion: [number, number];
  brightest: [number, number];
  falloff: [number, number];
  glare: number;
  noise: number;
}

const RANGES: Record<Grade, Range> = {
  1: {
    distance: [9, 12],
    tilt: 8,
    roll: 6,
    curl: 0.5,
    blur: [0.4, 0.7],
    motion: [0, 0.8],
    brightest: [0.85, 0.95],
    falloff: [0.8, 1],
    glare: 0,
    noise: 3,
  },
  2: {
    distance: [9, 14],
    tilt: 15,
    roll: 12,
    curl: 1,
    blur: [0.5, 0.9],
    motion: [0, 1.5],
    brightest: [0.75, 0.95],
    falloff: [0.6, 0.9],
    glare: 0.1,
    noise: 5,
  },
  3: {
    distance: [10, 15],
    tilt: 24,
    roll: 25,
    curl: 2,
    blur: [0.6, 1.2],
    motion: [0, 2.5],
    brightest: [0.6, 0.9],
    falloff: [0.45, 0.8],
    glare: 0.25,
    noise: 8,
  },
  4: {
    distance: [11, 17],
    tilt: 32,
    roll: 40,
    curl: 3,
    blur: [0.7, 1.3],
    motion: [0, 3],
    brightest: [0.4, 0.8],
    falloff: [0.3, 0.7],
    glare: 0.4,
    noise: 12,
  },
  5: {
    distance: [11, 17],
    tilt: 36,
    roll: 60,
    curl: 4,
    blur: [0.7, 1.4],
    motion: [0, 3.2],
    brightest: [0.25, 0.7],
    falloff: [0.2, 0.6],
    glare: 0.6,
    noise: 15,
  },
};

/** One way of taking a photo of a grade; the same for the same seed. */
export function shotOf(grade: Grade, seed: number, frame: { width: number; height: number }): Shot {
  const random = seededRandom(1000 * grade + seed);
  const range = RANGES[grade];
  const around = (most: number): number => between(random, -most, most);
  return {
    ...frame,
    distance: 10 * between(random, ...range.distance),
    pitch: around(range.tilt),
    yaw: around(range.tilt),
    roll: around(range.roll),
    off: { x: around(4 + 2 * grade), y: around(3 + grade) },
    curl: around(range.curl),
    blur: between(random, ...range.blur),
    motion: { length: between(random, ...range.motion), angle: between(random, 0, 180) },
    light: {
      brightest: between(random, ...range.brightest),
      falloff: between(random, ...range.falloff),
      angle: between(random, 0, 360),
    },
    glare: {
      strength: between(random, 0, range.glare),
      x: between(random, 0.25, 0.75),
      y: between(random, 0.25, 0.75),
      size: between(random, 0.04, 0.15),
    },
    noise: range.noise,
    seed: 77 * seed + grade,
  };
}
