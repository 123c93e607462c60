/** A point on the page in points. */
export type Point = readonly [x: number, y: number];

const round = (value: number): number => Math.round(value * 100) / 100;

/**
 * Interleaved waves along a straight band, the security border of a certificate.
 * @param from start of the band's middle line, in points
 * @param to its end
 * @param wave `amplitude` and `length` of a wave in points, `strands` how many waves interleave
 */
export function bandWaves(
  from: Point,
  to: Point,
  wave: { amplitude: number; length: number; strands: number },
): Point[][] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const waves = Math.max(1, Math.round(length / wave.length));
  const steps = waves * 12;
  return Array.from({ length: wave.strands }, (_, strand) =>
    Array.from({ length: steps + 1 }, (__, step): Point => {
      const along = (length * step) / steps;
      const across = wave.amplitude * Math.sin(2 * Math.PI * ((waves * step) / steps + strand / wave.strands));
      return [round(from[0] + ux * along - uy * across), round(from[1] + uy * along + ux * across)];
    }),
  );
}

/**
 * A guilloche rosette: closed curves whose radius swings around a circle, each turned a little further.
 * @param centre middle of the rosette, in points
 * @param shape `radius` and `swing` in points, `petals` swings per turn, `strands` number of curves
 */
export function rosette(
  centre: Point,
  shape: { radius: number; swing: number; petals: number; strands: number },
): Point[][] {
  const steps = shape.petals * 14;
  return Array.from({ length: shape.strands }, (_, strand) =>
    Array.from({ length: steps }, (__, step): Point => {
      const angle = (2 * Math.PI * step) / steps;
      const radius =
        shape.radius + shape.swing * Math.cos(shape.petals * angle + (2 * Math.PI * strand) / shape.strands);
      return [round(centre[0] + radius * Math.cos(angle)), round(centre[1] + radius * Math.sin(angle))];
    }),
  );
}
