declare module 'jsonld' {
  type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>;

  interface Options {
    documentLoader?: Loader;
    /** Anything that would be dropped or read two ways is an error. */
    safe?: boolean;
    base?: string | null;
    rdfDirection?: 'i18n-datatype' | 'compound-literal' | null;
    produceGeneralizedRdf?: boolean;
    compactArrays?: boolean;
  }

  const jsonld: {
    /** RDF dataset in the shape `rdf-canonize` takes. */
    toRDF(input: object, options: Options): Promise<object[]>;
    compact(input: object, context: unknown, options: Options): Promise<Record<string, unknown>>;
    expand(input: object, options: Options): Promise<Record<string, unknown>[]>;
  };
  export default jsonld;
}
