const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text that cannot steer a terminal or turn its reading direction: control and direction characters come out as `\uXXXX`, which
 * JSON reads as the same text. Line breaks and tabs stay.
 */
export function terminalText(text: string): string {
  return text.replace(DANGEROUS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
