import canonicalize from 'canonicalize';

/** One member in which two statements differ. */
export interface StatementDifference {
  /** JSON pointer, e.g. `/actions/0/scope/level`. */
  at: string;
  before?: unknown;
  after?: unknown;
  /** Of lists: what only the later one holds. */
  added?: unknown[];
  /** Of lists: what only the earlier one holds. */
  removed?: unknown[];
}

/** Members that are the registry's own and say nothing about what is granted. */
const OWN = new Set(['id', 'authority', 'supersedes']);

/**
 * What a statement says otherwise than another one. Lists of values are compared as sets, objects and lists of objects member by member.
 * @param before absent: all of `after` is new
 */
export function statementDifferences(before: object | undefined, after: object | undefined): StatementDifference[] {
  return differences('', before, after).filter(({ at }) => !OWN.has(at.split('/')[1] ?? ''));
}

function differences(at: string, before: unknown, after: unknown): StatementDifference[] {
  if (same(before, after)) return [];
  if (isPlainList(before) && isPlainList(after)) {
    const added = after.filter((item) => !before.some((other) => same(item, other)));
    const removed = before.filter((item) => !after.some((other) => same(item, other)));
    return added.length + removed.length === 0 ? [] : [{ at, before, after, added, removed }];
  }
  if (isContainer(before) && isContainer(after)) {
    const [a, b] = [before as Record<string, unknown>, after as Record<string, unknown>];
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return names.flatMap((name) =>
      differences(`${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, a[name], b[name]),
    );
  }
  if (at === '' || (isContainer(after) && before === undefined && at.split('/').length < 3))
    return Object.entries((after ?? before) as object).flatMap(([name, value]) =>
      after === undefined
        ? differences(`${at}/${name}`, value, undefined)
        : differences(`${at}/${name}`, undefined, value),
    );
  return [{ at, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalize(a) === canonicalize(b));
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A list of texts, or of objects that are values: levels, not actions or keys. */
function isPlainList(value: unknown): value is unknown[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item: unknown) =>
        typeof item !== 'object' || (item !== null && Object.values(item).every((one) => typeof one === 'string')),
    )
  );
}
