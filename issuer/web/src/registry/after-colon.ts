/** A sentence without the heading it begins with, where the heading stands beside it already. */
export function afterColon(text: string): string {
  return text.replace(/^[^:：]*[:：]\s*/, '');
}
