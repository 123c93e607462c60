import canonicalize from 'canonicalize';
import jsonld from 'jsonld';
import { canonize } from 'rdf-canonize';
import { YizhengError } from '../../errors.js';
import type { JsonObject } from '../../json/parse-json.js';
import { createDocumentLoader } from '../document-loader.js';

const documentLoader = createDocumentLoader();

/**
 * Canonical N-Quads of a JSON-LD document (RDFC-1.0), bundled contexts only.
 * @param hash hash inside RDFC-1.0, which names blank nodes: SHA-256, SHA-384 for P-384
 * @throws JSON-LD errors of safe mode: a term no context defines, an unknown context, a relative reference
 */
export async function canonicalNQuads(document: JsonObject, hash: 'SHA-256' | 'SHA-384' = 'SHA-256'): Promise<string> {
  const dataset = await jsonld.toRDF(document, {
    documentLoader,
    safe: true,
    base: null,
    rdfDirection: 'i18n-datatype',
    produceGeneralizedRdf: false,
  });
  return canonize(dataset, {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    messageDigestAlgorithm: hash,
  });
}

/** Canonical JSON (JCS, RFC 8785). @throws YizhengError `JSON_SYNTAX` for what is no JSON */
export function canonicalJson(document: JsonObject): string {
  const text = canonicalize(document);
  if (text === undefined) throw new YizhengError('JSON_SYNTAX', 'Only JSON can be written canonically.');
  return text;
}
