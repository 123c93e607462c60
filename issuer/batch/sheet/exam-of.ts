import type { KindId } from '../../../shared/certificate/kind.js';
import type { Level } from '../../../shared/certificate/level.js';
import { ISSUE_COLUMNS } from './columns.js';
import { levelOfKind } from './read-level.js';

const PATHS = ISSUE_COLUMNS.map(({ key, pointer = '' }) => ({ key, path: pointer.slice(1).split('/') }));

/**
 * Puts the values of a row together as an exam result, not checked yet.
 * @param values by column key
 * @param granted levels the institution may assess
 */
export function examOf(
  values: ReadonlyMap<string, string | number>,
  kind: KindId,
  granted: readonly Level[],
): Record<string, unknown> {
  const exam: Record<string, unknown> = { kind, holder: { idType: 'resident-identity-card' } };
  for (const { key, path } of PATHS) {
    const value = values.get(key);
    if (value !== undefined && key !== 'kind')
      put(exam, path, key === 'level' ? level(String(value), kind, granted) : value);
  }
  if (!values.has('occupationCode') && !values.has('occupationName')) delete exam['occupation'];
  return exam;
}

function level(word: string, kind: KindId, granted: readonly Level[]): Level | undefined {
  return levelOfKind(word, kind, granted);
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [step = '', ...rest] = path;
  if (rest.length === 0) target[step] = value;
  else put((target[step] ??= {}) as Record<string, unknown>, rest, value);
}
