declare module '@digitalbazaar/cborld' {
  export type DocumentLoader = (url: string) => Promise<{ document: object }>;
  export function encode(options: {
    jsonldDocument: object;
    documentLoader: DocumentLoader;
    format?: 'cbor-ld-1.0' | 'legacy-range' | 'legacy-singleton';
    registryEntryId: number;
  }): Promise<Uint8Array>;
  export function decode(options: { cborldBytes: Uint8Array; documentLoader: DocumentLoader }): Promise<unknown>;
}
