declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>;
  interface VerifyCryptosuite {
    name: 'ecdsa-sd-2023';
    createVerifyData(options: {
      cryptosuite: object;
      document: object;
      proof: object;
      documentLoader: Loader;
    }): Promise<unknown>;
    createVerifier(options: { verificationMethod: object }): Promise<{
      verify(options: { data: unknown }): Promise<boolean>;
    }>;
  }

  export function createVerifyCryptosuite(): VerifyCryptosuite;
  export function createSignCryptosuite(options: { mandatoryPointers: string[] }): object;
  export function createDiscloseCryptosuite(options: { selectivePointers: string[]; proofId?: string }): object;
}
