import { isJsonObject, type JsonValue } from '../json/parse-json.js';
import type { ClaimPath, ClaimQuery } from './dcql-query.js';

/**
 * Follows a claims path pointer into a credential (OpenID4VP 1.0 §7.1).
 * @returns the elements it selects; none when the credential has nothing there
 */
export function selectClaims(root: JsonValue, path: ClaimPath): JsonValue[] {
  let selected: JsonValue[] = [root];
  for (const step of path) {
    const next: JsonValue[] = [];
    for (const element of selected) {
      if (typeof step === 'string') {
        if (!isJsonObject(element)) return [];
        const member = Object.hasOwn(element, step) ? element[step] : undefined;
        if (member !== undefined) next.push(member);
      } else {
        if (!Array.isArray(element)) return [];
        if (step === null) next.push(...element);
        else if (element[step] !== undefined) next.push(element[step]);
      }
    }
    selected = next;
  }
  return selected;
}

/** Whether a credential holds what a claim query asks for: something at its path, and one of its values where it names some. */
export function holdsClaim(root: JsonValue, { path, values }: ClaimQuery): boolean {
  const selected = selectClaims(root, path);
  return values ? selected.some((element) => values.some((value) => value === element)) : selected.length > 0;
}
