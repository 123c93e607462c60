declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: {
    name: 'eddsa-rdfc-2022';
    requiredAlgorithm: 'Ed25519';
    canonize(input: object, options: object): Promise<string>;
    createVerifier(options: { verificationMethod: object }): Promise<object>;
  };
}
