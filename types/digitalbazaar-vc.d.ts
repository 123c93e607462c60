declare module '@digitalbazaar/vc' {
  type Document = Record<string, unknown>;
  type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>;

  /** Contexts bundled with the library, nothing else. */
  export const defaultDocumentLoader: Loader;

  /** Signs a copy-on-write credential: `proof` is added to the object passed in. */
  export function issue(options: {
    credential: object;
    suite: object;
    documentLoader?: Loader;
    now?: string | Date;
  }): Promise<Document & { proof: Document }>;

  export function verifyCredential(options: {
    credential: object;
    suite: object | object[];
    documentLoader?: Loader;
    checkStatus?: (options: object) => Promise<{ verified: boolean }>;
    now?: string | Date;
    controller?: object;
  }): Promise<{ verified: boolean; error?: unknown; results?: { verified: boolean; error?: unknown }[] }>;

  export function createPresentation(options: {
    verifiableCredential?: object | object[];
    id?: string;
    holder?: string;
    now?: string | Date;
  }): Document;

  export function signPresentation(options: {
    presentation: object;
    suite: object;
    challenge: string;
    domain?: string;
    documentLoader?: Loader;
  }): Promise<Document & { proof: Document }>;

  export function verify(options: {
    presentation: object;
    suite: object | object[];
    challenge: string;
    domain?: string;
    documentLoader?: Loader;
    checkStatus?: (options: object) => Promise<{ verified: boolean }>;
    now?: string | Date;
  }): Promise<{ verified: boolean; error?: unknown }>;
}

declare module '@digitalbazaar/vc-bitstring-status-list' {
  /** A bitstring under construction. */
  export interface BitstringStatusList {
    getStatus(index: number): boolean;
    setStatus(index: number, status: boolean): void;
    encode(): Promise<string>;
  }
  export function createList(options: { length: number }): Promise<BitstringStatusList>;
  export function decodeList(options: { encodedList: string }): Promise<BitstringStatusList>;

  export function checkStatus(options: {
    credential: object;
    suite: object;
    documentLoader: (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>;
  }): Promise<{ verified: boolean; error?: unknown; results?: { status: boolean }[] }>;
}
