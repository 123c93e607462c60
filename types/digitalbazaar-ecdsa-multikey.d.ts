declare module '@digitalbazaar/ecdsa-multikey' {
  /** A key pair, or the public half of one. */
  export interface EcdsaKeyPair {
    id?: string;
    controller?: string;
    publicKeyMultibase: string;
  }
  export function from(key: object): Promise<EcdsaKeyPair>;
  export function fromJwk(options: { jwk: object; secretKey?: boolean }): Promise<EcdsaKeyPair>;
  export function toJwk(options: { keyPair: EcdsaKeyPair; secretKey?: boolean }): Promise<import('jose').JWK>;
}
