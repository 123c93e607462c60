declare module 'jsonld-signatures' {
  type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>;
  interface ProofPurpose {
    match(proof: object, options: object): Promise<boolean>;
  }

  const jsigs: {
    sign(document: object, options: { suite: object; purpose: ProofPurpose; documentLoader?: Loader }): Promise<object>;
    derive(
      document: object,
      options: { suite: object; purpose: ProofPurpose; documentLoader?: Loader },
    ): Promise<object>;
    verify(
      document: object,
      options: { suite: object | object[]; purpose: ProofPurpose; documentLoader?: Loader },
    ): Promise<{ verified: boolean; error?: unknown }>;
    purposes: {
      AssertionProofPurpose: new (options?: object) => ProofPurpose;
      AuthenticationProofPurpose: new (options: { challenge: string; domain?: string }) => ProofPurpose;
    };
  };
  export default jsigs;
}
