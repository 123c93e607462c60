import { createHash } from 'node:crypto';
import jsonld from 'jsonld';
import { canonize } from 'rdf-canonize';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';

const documentLoader = createDocumentLoader();

/** SHA-256 (hex) of what was signed for a credential (eddsa-rdfc-2022): the two hashes in a row. */
export async function signedBytesHash(signed: object): Promise<string> {
  const { proof, ...document } = signed as { '@context': unknown; proof: { proofValue: string } };
  const { proofValue: _, ...config } = proof;
  const bytes = Buffer.concat([await hash({ '@context': document['@context'], ...config }), await hash(document)]);
  return createHash('sha256').update(bytes).digest('hex');
}

async function hash(document: object): Promise<Buffer> {
  const dataset = await jsonld.toRDF(document, { documentLoader, safe: true, base: null });
  const text = await canonize(dataset, { algorithm: 'RDFC-1.0', format: 'application/n-quads' });
  return createHash('sha256').update(text).digest();
}
