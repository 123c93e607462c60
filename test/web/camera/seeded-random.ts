/** Random numbers from 0 (included) to 1 that are the same for the same seed. */
export type Random = () => number;

/** The generator mulberry32: 32 bits of state, good enough for pictures. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number from `from` to `to`. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random();
}

/** 65,536 values of a normal distribution with deviation 1 (Box–Muller). */
export function normalTable(random: Random): Float32Array {
  return Float32Array.from(
    { length: 65_536 },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}
