// What the web apps need of pdf.js: opening a document, its attachments, and drawing pages to look for a printed code. The build ends
// when a new version of pdf.js is written in another way.

/** Parts of the display library for people who edit, fill in and select: nothing of it is shown. */
const UNUSED = /^\.\/src\/(?:pdf\.js|display\/(?:editor\/|(?:annotation|xfa|draw)_layer\.js|touch_manager\.js))/;
const PART = /^;\/\/ (?=\.\/src\/)/m;
const POLYFILL = /^(?:\/\/ EXTERNAL MODULE: .*|var \w+ = __webpack_require__\(\d+\);)$/gm;
const EDITED = /\b\w+ instanceof AnnotationEditor\b/g;

/**
 * What becomes of uses in the worker's part: XFA forms (`enableXfa: false` never reaches them), the writing of PDFs, and the
 * decompression filter of PDF 2.0's extension, for which pdf.js carries a decoder with a dictionary.
 */
const USES = [
  ['data ? new XFAFactory(data) : null', 'null'],
  ['XFAFactory.getRichTextAsHtml(', '(() => null)('],
  ['new PDFEditor(', 'new Object('],
  ['let BrotliDecode = makeBrotliDecode();', 'let BrotliDecode = () => { throw new FormatError("BrotliDecode"); };'],
];

/** Vite plugin. The display part takes its polyfills from the worker's, which it loads first; both run in the same thread here. */
export const leanPdf = {
  name: 'yizheng:lean-pdf',
  transform: {
    filter: { id: /pdf(?:\.worker)?\.mjs$/ },
    handler: (code, id) => (id.includes('pdf.worker') ? leanWorker(code) : leanDisplay(code)),
  },
};

function leanWorker(code) {
  if (!USES.every(([use]) => code.includes(use))) throw changed();
  return USES.reduce((text, [use, instead]) => text.replaceAll(use, instead), code);
}

function leanDisplay(code) {
  const parts = code.split(PART).slice(1);
  const kept = parts.filter((part) => !UNUSED.test(part));
  if (parts.length - kept.length < 10) throw changed();
  const text = kept.map((part) => part.slice(part.indexOf('\n'))).join('');
  if (!POLYFILL.test(text) || !EDITED.test(text)) throw changed();
  const lean = text.replaceAll(POLYFILL, '').replaceAll(EDITED, 'false');
  if (lean.includes('__webpack_')) throw changed();
  return `import './pdf.worker.mjs';\n${lean}\nexport { getDocument };\n`;
}

function changed() {
  return new Error('pdf.js has changed: see scripts/lean-pdf.mjs');
}
