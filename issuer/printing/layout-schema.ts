import { z } from 'zod';
import { DEFAULT_LAYOUT } from '../files/print-layout.js';

/** WCAG 2.2 §1.4.3: text this light on white is not read by everybody. */
const MIN_CONTRAST = 4.5;

const colour = z.string().regex(/^#[0-9a-f]{6}$/, 'must be a colour like #8e1f23');
const site = z
  .string()
  .max(60)
  .regex(
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[A-Za-z0-9._~/-]*)?$/,
    'must be an address like www.example.cn/query, without https://',
  );

/** What an institution chooses about its paper, without its seal. */
export const printLayoutSchema = z
  .strictObject({
    accent: colour
      .refine(
        (value) => contrastOnWhite(value) >= MIN_CONTRAST,
        'is too light to be read on white paper; choose a darker one',
      )
      .default(DEFAULT_LAYOUT.accent),
    ornament: colour.default(DEFAULT_LAYOUT.ornament),
    certificateQueryUrl: site.optional(),
    institutionQueryUrl: site.optional(),
    /** Stands before the eight digits of a sheet's serial. */
    serialPrefix: z
      .string()
      .regex(/^[A-Z0-9-]{0,8}$/, 'may hold up to 8 capital letters, digits and hyphens')
      .default(''),
  })
  .meta({ id: 'PrintLayout' });

/** See {@link printLayoutSchema}. */
export type ChosenLayout = z.infer<typeof printLayoutSchema>;

/** Contrast ratio of a colour on white (WCAG 2.2, relative luminance), 1 to 21. */
function contrastOnWhite(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}
