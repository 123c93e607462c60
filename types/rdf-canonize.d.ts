declare module 'rdf-canonize' {
  /** RDF Dataset Canonicalization (RDFC-1.0) of a dataset as jsonld makes it, or of N-Quads. */
  export function canonize(
    dataset: object[] | string,
    options: {
      algorithm: 'RDFC-1.0';
      format?: 'application/n-quads';
      inputFormat?: 'application/n-quads';
      /** Hash that names blank nodes; SHA-256 unless given. */
      messageDigestAlgorithm?: 'SHA-256' | 'SHA-384';
    },
  ): Promise<string>;
}
