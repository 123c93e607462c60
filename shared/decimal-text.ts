const THOUSAND = 1000;
const DIGITS = 3;
const threeDigits = Array.from({ length: THOUSAND }, (_, value) => String(value).padStart(DIGITS, '0'));

/**
 * What `String` makes of an integer of 0 or more. V8 keeps the texts of the last thousands of numbers at hand, which is no use where each
 * number comes once: the texts outlive the young generation, and the memory of whoever writes millions of them grows until the old one is
 * collected. These texts are put together from ones that are there.
 * @param value any number; one that is no such integer is left to `String`
 */
export function decimalText(value: number): string {
  if (value < THOUSAND || !Number.isSafeInteger(value)) return String(value);
  return decimalText(Math.floor(value / THOUSAND)) + (threeDigits[value % THOUSAND] ?? '');
}
