declare module '@digitalbazaar/data-integrity' {
  interface SuiteSigner {
    id: string;
    algorithm: string;
    sign(input: { data: Uint8Array }): Promise<Uint8Array>;
  }

  export class DataIntegrityProof {
    constructor(options: { signer?: SuiteSigner; date?: string | Date | null; cryptosuite: object });
    /** Members every proof made by this suite starts with. */
    proof?: Record<string, unknown>;
  }
}
