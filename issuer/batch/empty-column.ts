/** One list for all columns of which nothing is known. */
let empty: readonly null[] = [];

/** The column of rows that have nothing in it. */
export function emptyColumn(count: number): readonly null[] {
  if (empty.length !== count) empty = Array.from({ length: count }, () => null);
  return empty;
}
