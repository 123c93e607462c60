import type { FrameReport } from './look-at-frame.js';

/** What the person should change. */
export type ScanHint = 'aim' | 'closer' | 'light' | 'still' | 'whole';

/** Watches frames and says what to change, steadily: a hint stays as long as its cause, and at least a moment. */
export interface HintWatcher {
  /** @param now milliseconds of any clock that only goes forward */
  see(report: Pick<FrameReport, 'light' | 'sharpness' | 'broken'>, now: number): ScanHint;
}

/** Under this brightness even white paper is dark. */
const DARK = 0.3;
/** Under this a blur of more than two pixels lies over everything. */
const BLURRED = 0.3;
const NOTHING_MS = 3_000;
const BROKEN_MS = 1_500;
const STEADY_MS = 1_200;
/** How much the newest frame counts. */
const NEWEST = 0.25;

/** Begins watching. */
export function watchForHints(): HintWatcher {
  let light: number | undefined;
  let sharpness = 0;
  let began: number | undefined;
  let broken: { first: number; last: number } | undefined;
  let shown: ScanHint = 'aim';
  let since = -Infinity;

  const wanted = (now: number): ScanHint => {
    if ((light ?? 1) < DARK) return 'light';
    if (broken && now - broken.last < BROKEN_MS) return now - broken.first > BROKEN_MS ? 'whole' : 'still';
    if (now - (began ?? now) < NOTHING_MS) return 'aim';
    return sharpness < BLURRED ? 'still' : 'closer';
  };
  return {
    see: (report, now) => {
      began ??= now;
      const mean = (before: number | undefined, value: number): number =>
        before === undefined ? value : before + NEWEST * (value - before);
      sharpness = light === undefined ? report.sharpness : mean(sharpness, report.sharpness);
      light = mean(light, report.light);
      if (report.broken) broken = { first: broken && now - broken.last < BROKEN_MS ? broken.first : now, last: now };
      const hint = wanted(now);
      if (hint !== shown && now - since >= STEADY_MS) {
        shown = hint;
        since = now;
      }
      return shown;
    },
  };
}
