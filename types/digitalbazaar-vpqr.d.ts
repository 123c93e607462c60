declare module '@digitalbazaar/vpqr' {
  export const util: {
    toQrCode(options: {
      header: string;
      cborldBytes: Uint8Array;
      qrMultibaseEncoding?: 'B' | 'R';
      qrErrorCorrectionLevel?: 'L' | 'M' | 'Q' | 'H';
    }): Promise<{ payload: string; version: number }>;
    fromQrCode(options: {
      expectedHeader: string;
      text: string;
      decodeCborld: false;
    }): Promise<{ cborldBytes: Uint8Array }>;
    fromQrCode(options: {
      expectedHeader: string;
      text: string;
      documentLoader: (url: string) => Promise<{ document: object }>;
    }): Promise<{ jsonldDocument: unknown }>;
  };
}
