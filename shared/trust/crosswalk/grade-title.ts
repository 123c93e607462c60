import { LEVEL_FRAMEWORKS, type Level } from '../../certificate/level.js';

/** What a written grade is. */
export type GradeReading =
  { type: 'national-level'; levels: Level[] } | { type: 'not-national'; code: 'NOT_A_NATIONAL_LEVEL' };

/**
 * Reads a grade as somebody wrote it. Only the exact official wording is a national level: `四级工匠` of an enterprise, a rural
 * craftsman's title or a salary grade looks like one and is none (DOMAIN M14, M29).
 * @param text e.g. `三级/高级工`
 * @returns the levels written so (the five levels stand in two frameworks), or that it is none
 */
export function readGradeTitle(text: string): GradeReading {
  const levels = LEVEL_FRAMEWORKS.flatMap(({ id, values }) =>
    values.filter((row) => row.nameZh === text).map((row) => ({ framework: id, value: row.value })),
  );
  return levels.length > 0
    ? { type: 'national-level', levels }
    : { type: 'not-national', code: 'NOT_A_NATIONAL_LEVEL' };
}
