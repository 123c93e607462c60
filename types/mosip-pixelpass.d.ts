declare module '@mosip/pixelpass' {
  export function generateQRData(data: string, header?: string): string;
}
