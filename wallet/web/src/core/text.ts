/** The beginning of a text, at most this many UTF-16 units long and never cut within a character. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const isSplit = /[\uD800-\uDBFF]/.test(text[max - 1] ?? '');
  return text.slice(0, isSplit ? max - 1 : max);
}
