import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const MODES = ['light', 'dark'] as const;
const TEXT: [string, string[]][] = [
  ['--ink', ['--paper', '--ground', '--raised']],
  ['--soft', ['--paper', '--ground', '--raised', '--open-soft']],
  ['--brand-ink', ['--paper', '--ground', '--raised']],
  ['--on-brand', ['--brand']],
  ['--on-verdict', ['--good', '--care', '--bad', '--open']],
  ['--good-ink', ['--good-soft', '--paper']],
  ['--care-ink', ['--care-soft', '--paper']],
  ['--bad-ink', ['--bad-soft', '--paper']],
  ['--open-ink', ['--open-soft', '--paper']],
];

/** Colours of a mode by token: those of the light mode, and over them the dark ones. */
function colours(css: string, mode: (typeof MODES)[number]): Map<string, string> {
  const [light = '', dark = ''] = css.split('@media screen and (prefers-color-scheme: dark)');
  const found = [...(mode === 'light' ? light : light + dark).matchAll(/(--[a-z-]+):\s*(#[0-9a-f]{6});/g)];
  return new Map(found.map(([, name = '', value = '']) => [name, value]));
}

/** WCAG 2.2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [a, b].map(luminance).sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('the style guide', () => {
  const css = readFileSync('ui/styles/tokens.css', 'utf8');
  for (const mode of MODES)
    it(`has text of contrast 4.5 and edges of contrast 3 in ${mode} mode`, () => {
      const of = colours(css, mode);
      const ratio = (a: string, b: string): number => contrast(of.get(a) ?? '', of.get(b) ?? '');
      const pairs = TEXT.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground, 4.5] as const));
      const poor = [...pairs, ['--edge', '--paper', 3] as const, ['--focus', '--ground', 3] as const]
        .filter(([a, b, least]) => !(ratio(a, b) >= least))
        .map(([a, b]) => `${a} on ${b}: ${ratio(a, b).toFixed(2)}`);
      assert.deepEqual(poor, []);
      assert.ok(contrast('#777777', '#ffffff') < 4.5);
    });
});
