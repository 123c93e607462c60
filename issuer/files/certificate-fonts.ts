import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create } from 'fontkit';
import { YizhengError } from '../../shared/errors.js';

/** The two weights of Noto Serif SC (SIL Open Font License) that certificates are set in. */
export type Weight = 'regular' | 'bold';

const FILES: Record<Weight, string> = {
  regular: '@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf',
  bold: '@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf',
};

interface LoadedFont {
  bytes: Buffer;
  hasGlyph: (codePoint: number) => boolean;
}

const loaded = new Map<Weight, LoadedFont>();

/** The font file of a weight, read once per process. */
export function fontBytes(weight: Weight): Buffer {
  return load(weight).bytes;
}

/**
 * Makes sure that the font can draw every character: a certificate never shows an empty box.
 * @param field name of the face field, for the error
 * @throws YizhengError `FONT_GLYPH_MISSING` naming field and character
 */
export function assertDrawable(field: string, text: string, weight: Weight): void {
  const { hasGlyph } = load(weight);
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (!hasGlyph(codePoint))
      throw new YizhengError(
        'FONT_GLYPH_MISSING',
        `The certificate font has no sign for ${character} (U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}) in ${field}.`,
        { at: field, status: 422 },
      );
  }
}

function load(weight: Weight): LoadedFont {
  const known = loaded.get(weight);
  if (known) return known;
  const bytes = readFileSync(createRequire(import.meta.url).resolve(FILES[weight]));
  const font = create(bytes);
  if (!('hasGlyphForCodePoint' in font)) throw new TypeError(`${FILES[weight]} is a font collection`);
  const entry = { bytes, hasGlyph: (codePoint: number) => font.hasGlyphForCodePoint(codePoint) };
  loaded.set(weight, entry);
  return entry;
}
