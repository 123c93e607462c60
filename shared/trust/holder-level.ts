import type { Level } from '../certificate/level.js';

/** The one "level" of certificates that have none: held or not (TRUST §2.1). Only `from` of a mapping may name it. */
export const HOLDER_LEVEL: Level = { framework: 'cn-special-op', value: 'holder' };

/** True for {@link HOLDER_LEVEL}. */
export function isHolderLevel(level: Level): boolean {
  return level.framework === HOLDER_LEVEL.framework && level.value === HOLDER_LEVEL.value;
}
