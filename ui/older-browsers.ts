// Chrome 109 and others of early 2023, which old phones stay with, lack these two methods of ECMAScript 2023.
const methods = Array.prototype as Partial<Pick<unknown[], 'toSorted' | 'toReversed'>>;

methods.toSorted ??= function (this: unknown[], compare?: (a: unknown, b: unknown) => number): unknown[] {
  return [...this].sort(compare);
};
methods.toReversed ??= function (this: unknown[]): unknown[] {
  return [...this].reverse();
};

export {};
