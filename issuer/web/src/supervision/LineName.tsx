import { LevelText } from '../certificates/LevelText.js';
import type { Line } from './schemas.js';

/** Occupation and level of a line. */
export function LineName({ line: { occupation, name, level } }: { line: Line }) {
  return (
    <>
      {name} {occupation !== name && <span class="soft">{occupation}</span>} {level && <LevelText {...level} />}
    </>
  );
}
