import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A run of text with the box it covers, in points from the lower left corner of the page. */
export interface TextRun {
  text: string;
  left: number;
  right: number;
  bottom: number;
  top: number;
}

/** Every run of text on the first page, as pdf.js reads it, level ones only (the watermark is turned). */
export async function pageText(pdf: Uint8Array): Promise<TextRun[]> {
  const loading = getDocument({ data: Uint8Array.from(pdf), verbosity: 0, useSystemFonts: false });
  try {
    const document = await loading.promise;
    const { items } = await (await document.getPage(1)).getTextContent();
    return items.flatMap((item) => {
      if (!('str' in item) || item.str.trim() === '') return [];
      const [a = 0, b = 0, , d = 0, x = 0, y = 0] = item.transform as number[];
      if (Math.abs(b) > 1e-6 || a === 0) return [];
      return [{ text: item.str, left: x, right: x + item.width, bottom: y, top: y + d * 0.72 }];
    });
  } finally {
    await loading.destroy();
  }
}
