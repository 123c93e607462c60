// First, so that it knows the platform's own functions.
import { restoreBuiltins } from './native-builtins.js';
import * as pdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs';

export { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

// pdf.js parses in the thread that asks, which can be ended where it matters; loaded later, its polyfills would come back.
(globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = pdfWorker;
restoreBuiltins();
