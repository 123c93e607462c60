/** Whoever has touched nothing for so long is away, ms. */
const AWAY_MS = 5 * 60_000;

let touched = Date.now();
for (const event of ['pointerdown', 'keydown', 'wheel', 'visibilitychange', 'hashchange'])
  window.addEventListener(event, () => void (touched = Date.now()), { capture: true, passive: true });

/**
 * Whether somebody works at this page, as far as it can be told. What asks the service again and again asks only then: every request keeps
 * the session alive, and an unattended one has to end by itself.
 */
export function isPresent(): boolean {
  return document.visibilityState === 'visible' && Date.now() - touched < AWAY_MS;
}
