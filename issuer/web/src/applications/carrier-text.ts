import { isPicture } from '../../../../ui/carrier/photo.js';

/**
 * The certificate in a file as text: of a picture what its code says, of a PDF its attachment or printed code, else the file itself. It is taken
 * apart here, so that the service that signs certificates never opens pictures or PDFs of strangers; nothing about it is verified.
 * @throws YizhengError codes of `readPicture` and `openPdf`
 */
export async function carrierText(bytes: Uint8Array): Promise<string> {
  if (isPicture(bytes)) {
    const { readPicture } = await import('../../../../ui/carrier/open-input.js');
    return readPicture(bytes);
  }
  if (String.fromCharCode(...bytes.subarray(0, 1024)).includes('%PDF-')) {
    const [{ openPdf }, { decodeImage }] = await Promise.all([
      import('../../../../ui/carrier/pdf.js'),
      import('../../../../ui/scan/decode-image.js'),
    ]);
    const { attachment, text } = await openPdf(bytes, decodeImage);
    return attachment ?? text;
  }
  return new TextDecoder().decode(bytes);
}
