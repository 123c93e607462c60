/** Rounds of a measurement, unless more are asked for. */
const ROUNDS = 9;

/** What one operation took: per second on the clock, and microseconds of processor time (all threads). */
export interface Measured {
  perSecond: number;
  cpuMicroseconds: number;
}

/** Something that does `count` operations. */
export interface Work {
  count: number;
  run: () => Promise<void> | void;
}

/** Runs every work once a round, so that a slow moment of the machine hits all alike; medians. */
export async function interleave(works: Record<string, Work>, times = ROUNDS): Promise<Map<string, Measured>> {
  const rounds = new Map<string, Measured[]>();
  for (let round = -1; round < times; round++)
    for (const [name, { count, run }] of Object.entries(works)) {
      const cpu = process.cpuUsage();
      const began = performance.now();
      await run();
      const perSecond = (count * 1000) / (performance.now() - began);
      const { user, system } = process.cpuUsage(cpu);
      if (round >= 0)
        rounds.set(name, [...(rounds.get(name) ?? []), { perSecond, cpuMicroseconds: (user + system) / count }]);
    }
  return new Map(
    [...rounds].map(([name, all]) => [
      name,
      {
        perSecond: median(all.map(({ perSecond }) => perSecond)),
        cpuMicroseconds: median(all.map(({ cpuMicroseconds }) => cpuMicroseconds)),
      },
    ]),
  );
}

/** The middle one of some values. */
export function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Work that does one thing to each of some items. */
export function each<T>(items: readonly T[], work: (item: T) => unknown): Work {
  return {
    count: items.length,
    run: async () => {
      for (const item of items) {
        const done = work(item);
        if (done instanceof Promise) await done;
      }
    },
  };
}
