import jsonld from 'jsonld';
import { canonize } from 'rdf-canonize';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';

const documentLoader = createDocumentLoader();
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XSD = 'http://www.w3.org/2001/XMLSchema#';
const VC = 'https://www.w3.org/2018/credentials#';
const STATUS = 'https://www.w3.org/ns/credentials/status#';
const YZ = 'https://yizheng.example/ns/v1#';
const DATES = new Set(['date', 'appointedFrom', 'appointedUntil', 'firstIssuedOn', 'reviewBy']);
const INSTANTS = new Set(['validFrom', 'validUntil']);
const IRIS = new Set(['authority', 'supersedes', 'statusListCredential']);
const OF_VC = new Set([
  'issuer',
  'validFrom',
  'validUntil',
  'credentialSubject',
  'credentialStatus',
  'VerifiableCredential',
]);
const OF_STATUS = new Set(['BitstringStatusListEntry', 'statusPurpose', 'statusListIndex', 'statusListCredential']);

/** The canonical N-Quads of a document as the libraries of the general path make them. */
export async function libraryNQuads(document: object): Promise<string> {
  return canonicalOf(
    await jsonld.toRDF(document, {
      documentLoader,
      safe: true,
      base: null,
      rdfDirection: 'i18n-datatype',
      produceGeneralizedRdf: false,
    }),
  );
}

/**
 * The same by `rdf-canonize` with the RDF of a certificate written down by hand instead of by `jsonld`, which takes twenty
 * times as long. Held against {@link libraryNQuads} by a test of its own.
 */
export function handmadeNQuads(certificate: object): Promise<string> {
  const quads: object[] = [];
  addNode(certificate, quads);
  return canonicalOf(quads);
}

function canonicalOf(dataset: object[]): Promise<string> {
  return canonize(dataset, { algorithm: 'RDFC-1.0', format: 'application/n-quads' });
}

function addNode(node: object, quads: object[]): object {
  const { id } = node as { id?: string };
  const subject = id === undefined ? { termType: 'BlankNode', value: 'b0' } : named(id);
  for (const [term, value] of Object.entries(node)) {
    if (term === 'id' || term === '@context') continue;
    for (const one of [value].flat()) {
      const object =
        term === 'type'
          ? named(iriOf(String(one)))
          : typeof one === 'object'
            ? addNode(one as object, quads)
            : IRIS.has(term)
              ? named(String(one))
              : literal(String(one), datatypeOf(term));
      quads.push({
        subject,
        predicate: named(term === 'type' ? `${RDF}type` : iriOf(term)),
        object,
        graph: { termType: 'DefaultGraph', value: '' },
      });
    }
  }
  return subject;
}

function iriOf(term: string): string {
  if (term === 'name') return 'https://schema.org/name';
  if (term === 'date') return `${YZ}assessmentDate`;
  return (OF_VC.has(term) ? VC : OF_STATUS.has(term) ? STATUS : YZ) + term;
}

function datatypeOf(term: string): string {
  if (term === 'trainingHours') return `${XSD}integer`;
  return XSD + (DATES.has(term) ? 'date' : INSTANTS.has(term) ? 'dateTime' : 'string');
}

function named(value: string): object {
  return { termType: 'NamedNode', value };
}

function literal(value: string, datatype: string): object {
  return { termType: 'Literal', value, datatype: named(datatype) };
}
