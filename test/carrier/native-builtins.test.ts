import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const PDF = new URL('../../shared/carrier/pdfjs.js', import.meta.url).href;
const ATTACHMENT = new URL('../../shared/carrier/pdf-attachment.js', import.meta.url).href;

/** In a process of its own: another test may have loaded pdf.js before. */
const PROGRAM = `
  const before = [JSON.parse, JSON.stringify, Array.prototype.push];
  await import(${JSON.stringify(PDF)});
  const { readPdf } = await import(${JSON.stringify(ATTACHMENT)});
  const code = await readPdf(new TextEncoder().encode('%PDF-1.7')).catch((error) => error.code);
  const after = [JSON.parse, JSON.stringify, Array.prototype.push];
  console.log(JSON.stringify({ code, same: after.map((one, i) => one === before[i]) }));
`;

describe('what pdf.js leaves behind', () => {
  it('is nothing that makes JSON slower: the platform’s functions are there after a PDF was opened', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM]);
    assert.deepEqual(JSON.parse(stdout), { code: 'PDF_UNREADABLE', same: [true, true, true] });
  });
});
