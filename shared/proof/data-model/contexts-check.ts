import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/parse-json.js';
import { CREDENTIALS_V2_URL, VOCABULARY_URL } from '../../certificate/context.js';
import { CREDENTIALS_V1_URL } from '../../certificate/context-1-1.js';
import { staticContexts } from '../contexts.js';

/** Version of the VC Data Model a document is written in. */
export type ModelVersion = '1.1' | '2.0';

const BASE = new Map<JsonValue, ModelVersion>([
  [CREDENTIALS_V2_URL, '2.0'],
  [CREDENTIALS_V1_URL, '1.1'],
]);
const MAX_CONTEXTS = 8;
/** What a reader takes from the base contexts, and from ours, by its plain name; nothing else may stand for it. */
const RESERVED = [
  VOCABULARY_URL,
  'https://www.w3.org/2018/credentials',
  'https://w3id.org/security',
  'https://www.w3.org/ns/credentials/status',
];

/**
 * Checks the `@context` of a credential or presentation (VC Data Model 2.0 §4.3, 1.1 §4.1): an ordered set, the base context first,
 * then contexts this software holds, or objects. An object must not give another name to anything of the base vocabularies, and may
 * not import: both move what is signed out of a reader's sight (SECURITY F1).
 * @param document document whose `@context` is a list
 * @returns the version its base context belongs to
 * @throws YizhengError `CONTEXT_NOT_EXACT` (422)
 */
export function checkContexts(document: JsonObject): ModelVersion {
  const list = document['@context'];
  const contexts = Array.isArray(list) ? list : [];
  const version = BASE.get(contexts[0] ?? null);
  const known = contexts.every((context, i) =>
    typeof context === 'string' ? staticContexts.has(context) && (i === 0 || !BASE.has(context)) : isHarmless(context),
  );
  const distinct = new Set(contexts.map((context) => JSON.stringify(context))).size === contexts.length;
  if (version === undefined || !known || !distinct || contexts.length > MAX_CONTEXTS)
    throw new YizhengError(
      'CONTEXT_NOT_EXACT',
      'The @context must be a list that starts with a VC base context and holds only contexts this software knows.',
      { at: '/@context', status: 422 },
    );
  return version;
}

function isHarmless(context: JsonValue): boolean {
  if (!isJsonObject(context)) return false;
  return Object.entries(context).every(([term, definition]) => {
    if (term === '@context') return isHarmless(definition);
    if (term === '@vocab') return typeof definition === 'string' && isFree(definition);
    if (term === '@version' || term === '@protected') return true;
    if (term.startsWith('@')) return false;
    return isHarmlessTerm(definition);
  });
}

function isHarmlessTerm(definition: JsonValue): boolean {
  if (typeof definition === 'string') return isFree(definition);
  if (!isJsonObject(definition)) return false;
  return Object.entries(definition).every(([member, value]) => {
    switch (member) {
      case '@id':
        return typeof value === 'string' && isFree(value);
      case '@type':
        return (
          typeof value === 'string' &&
          (value.startsWith('@') ? ['@id', '@vocab', '@json'].includes(value) : isFree(value))
        );
      case '@container':
        return [value]
          .flat()
          .every((container) => typeof container === 'string' && ['@set', '@list', '@language'].includes(container));
      case '@language':
      case '@direction':
      case '@protected':
        return true;
      case '@context':
        return isHarmless(value);
      default:
        return false;
    }
  });
}

/** An absolute IRI outside of the base vocabularies; not one that another term could complete into them. */
function isFree(iri: string): boolean {
  return (
    /^(?:https?:\/\/|urn:|did:)/.test(iri) &&
    !RESERVED.some((reserved) => iri.startsWith(reserved) || reserved.startsWith(iri))
  );
}
