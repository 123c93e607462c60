import jsonld from 'jsonld';
import { YizhengError } from '../errors.js';
import type { JsonObject } from '../json/parse-json.js';
import { createDocumentLoader } from './document-loader.js';

const documentLoader = createDocumentLoader();

/**
 * Demands that a document is written as JSON-LD itself would write it under its own contexts (SECURITY F1).
 *
 * RDF-based proofs sign meaning, not member names: the same meaning under another name still verifies and hides a term from
 * whoever reads the JSON. Such a document differs from its own compaction.
 * @param document document whose `@context` is known
 * @throws YizhengError `COMPACTION_DIFFERS`; `TERM_UNDEFINED` for a term no context defines, or anything else safe mode refuses
 */
export async function assertCompact(document: JsonObject): Promise<void> {
  const context = document['@context'];
  let compacted: object;
  try {
    const options = { documentLoader, safe: true, base: null };
    compacted = await jsonld.compact(document, context, options);
  } catch (cause) {
    throw new YizhengError(
      'TERM_UNDEFINED',
      'A term is not defined by the contexts, or JSON-LD safe mode refuses it.',
      {
        cause,
        status: 422,
      },
    );
  }
  if (!same(document, compacted))
    throw new YizhengError('COMPACTION_DIFFERS', 'A term is written in a way that can hide it from a reader.', {
      status: 422,
    });
}

/** Deep equality of JSON as JSON-LD reads it: members in any order, `[x]` is `x`, `{"id": x}` and `{"@value": x}` are `x`. */
function same(left: unknown, right: unknown): boolean {
  const a = unwrap(left);
  const b = unwrap(right);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
    );
  }
  return a === b;
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 1) return unwrap(value[0]);
  if (!isObject(value) || Object.keys(value).length !== 1) return value;
  return 'id' in value ? value['id'] : '@value' in value ? value['@value'] : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
