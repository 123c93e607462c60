import type { Wording } from '../../../../../shared/trust/explain/wording.js';
import type { PreviewRow, Standing } from './schemas.js';

/** A sort of certificate in words: kind, level, occupation. */
export function sortText({ kind, level, occupation }: PreviewRow, words: Wording): string {
  return [
    words.kind(kind),
    ...(level ? [words.level(level)] : []),
    ...(occupation !== undefined && occupation !== '*' ? [words.occupation(occupation)] : []),
  ].join(' · ');
}

/** As what it counts; undefined when it counts as nothing. */
export function countsAs({ outcome, as }: Standing, words: Wording): string | undefined {
  if (!as || (outcome !== 'recognised' && outcome !== 'recognised-with-conditions')) return undefined;
  return [words.kind(as.kind), ...(as.level ? [words.level(as.level)] : [])].join(' ');
}
