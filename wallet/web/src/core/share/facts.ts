import type { JsonObject, JsonValue } from '../../../../../shared/json/parse-json.js';

/** One fact a presentation tells. */
export interface Fact {
  /** Where it stands: member names and indexes. */
  path: (string | number)[];
  value: string | number | boolean;
  /** Whether the asker asked for it; the others come along because they stand in the same form. */
  asked: boolean;
  /** Cannot be left out: the form always shows it, or the asker accepts no answer without it. */
  required: boolean;
  /** Identifies a person far beyond the trade: number of the identity document, date of birth, photo. */
  personal: boolean;
}

/** Members that serve the machinery and tell nothing about the person. */
const MACHINERY = new Set(['@context', 'proof', 'vct', 'cnf', 'status', 'credential_status', 'credentialStatus', 'iat', 'nbf', 'exp', 'jti', '_sd_alg']); // prettier-ignore
const PERSONAL = new Set(['number', 'birthdate', 'birthDate', 'birth_date', 'picture', 'photo', 'portrait', 'idNumber', 'id_number', 'address', 'phone_number', 'email', 'nationalities']); // prettier-ignore

/** Everything a form says about its holder, one line for each value. */
export function factsIn(claims: JsonObject): Pick<Fact, 'path' | 'value' | 'personal'>[] {
  return Object.entries(claims)
    .filter(([member]) => !MACHINERY.has(member))
    .flatMap(([member, value]) => leaves(value, [member]));
}

/** Whether a path lies at or below another. */
export function isWithin(path: readonly (string | number)[], start: readonly (string | number | null)[]): boolean {
  return (
    start.length <= path.length &&
    start.every((step, i) => step === path[i] || (step === null && typeof path[i] === 'number'))
  );
}

function leaves(value: JsonValue, path: (string | number)[]): Pick<Fact, 'path' | 'value' | 'personal'>[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, index]));
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([member, inner]) => leaves(inner, [...path, member]));
  return [{ path, value, personal: path.some((step) => typeof step === 'string' && PERSONAL.has(step)) }];
}
