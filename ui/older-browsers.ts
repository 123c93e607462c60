// Chrome 109 and others of early 2023, which old phones stay with, lack these two methods of ECMAScript 2023.
Array.prototype.toSorted ??= function <T>(this: T[], compare?: (a: T, b: T) => number): T[] {
  return [...this].sort(compare);
};
Array.prototype.toReversed ??= function <T>(this: T[]): T[] {
  return [...this].reverse();
};

export {};
