import { isJsonObject, parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { readSdJwtClaims } from '../proof/forms/present-sd-jwt.js';
import { readCompactJws } from '../proof/jose/compact-jws.js';
import { readClaims } from '../proof/jose/jwt-claims.js';
import { typeSpellings } from './certificate-types.js';
import type { PresentationFormat } from './dcql-query.js';
import type { DcqlCandidate } from './match-query.js';

/**
 * A certificate as DCQL sees it. Nothing is verified here: a verifier asks after it has verified the text, a wallet about what it holds.
 * @param format what the text is
 * @param text JSON text, or the compact text of a JWT or SD-JWT
 * @returns the candidate; `disclosed`: paths of what an SD-JWT shows and could have hidden
 * @throws YizhengError `JSON_*`, `JOSE_*`, `SD_JWT_*` when the text is not of the format
 */
export function dcqlCandidate(
  format: PresentationFormat,
  text: string,
): DcqlCandidate & { disclosed: readonly (readonly (string | number)[])[] } {
  if (format === 'dc+sd-jwt') {
    const { claims, disclosable } = readSdJwtClaims(text);
    const { vct } = claims;
    return { format, ...(typeof vct === 'string' && { vct }), claims, disclosed: disclosable };
  }
  const claims = credentialOf(format, text);
  const types = [claims['type'] ?? []].flat().filter((type) => typeof type === 'string');
  return { format, types: typeSpellings(types), claims, disclosed: [] };
}

function credentialOf(format: Exclude<PresentationFormat, 'dc+sd-jwt'>, text: string): JsonObject {
  if (format === 'ldp_vc') return parseJsonObject(text);
  const payload = readClaims(readCompactJws(text).payload);
  if (format === 'vc+jwt') return payload;
  const { vc } = payload;
  return isJsonObject(vc) ? vc : {};
}
