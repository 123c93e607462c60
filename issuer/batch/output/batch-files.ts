import { YizhengError } from '../../../shared/errors.js';
import type { CertificateFiles } from '../../certificate-files.js';
import type { IssuedCertificate } from '../../certificate-row.js';
import { writeCsv } from '../sheet/write-csv.js';
import { mapAhead } from './map-ahead.js';
import type { ZipFile } from './zip-stream.js';

/** What is handed out for each certificate of a batch. */
export const BATCH_FILES = ['pdf', 'qr', 'credential'] as const;

/** One of {@link BATCH_FILES}. */
export type BatchFile = (typeof BATCH_FILES)[number];

/** Most certificates of one archive: a page takes up to a second of CPU, and ZIP counts at most 65,535 files. */
export const MOST_CERTIFICATES = { withPdf: 5000, withoutPdf: 20_000 } as const;

/**
 * The files of each certificate: `pdf/<number>.pdf`, `qr/<number>.png`, `credential/<number>.json`. Certificates that cannot be printed
 * are listed in `not-printed.csv` with the code of why.
 * @param files draws them, several at once
 * @throws YizhengError `PRINTER_LOST`, `PRINTER_CLOSED` (503), `KEY_NOT_FOUND` (500)
 */
export async function* batchFiles(
  certificates: AsyncIterable<IssuedCertificate>,
  wanted: ReadonlySet<BatchFile>,
  files: Pick<CertificateFiles, 'print' | 'printingWidth'>,
): AsyncGenerator<ZipFile> {
  const prints = { pdf: wanted.has('pdf'), png: wanted.has('qr') };
  const refused: (readonly [number: string, code: string])[] = [];
  // One more than are drawn at once, so that no thread waits for the client.
  const made = mapAhead(certificates, files.printingWidth + 1, async (certificate) => ({
    certificate,
    printed: prints.pdf || prints.png ? await files.print(certificate, prints).catch(ofThisOne) : {},
  }));
  for await (const { certificate, printed } of made) {
    const name = fileName(certificate);
    if (printed instanceof YizhengError) refused.push([certificate.certificateNumber, printed.code]);
    else {
      if (printed.pdf) yield { name: `pdf/${name}.pdf`, content: printed.pdf, deflate: false };
      if (printed.png) yield { name: `qr/${name}.png`, content: printed.png, deflate: false };
    }
    if (wanted.has('credential'))
      yield { name: `credential/${name}.json`, content: Buffer.from(certificate.json), deflate: true };
  }
  if (refused.length > 0)
    yield { name: 'not-printed.csv', content: writeCsv([['证书编号', '代码'], ...refused]), deflate: true };
}

/** What is wrong with one certificate is told of that one; what is wrong with the house ends the archive. */
function ofThisOne(error: unknown): YizhengError {
  if (error instanceof YizhengError && (error.status < 500 || error.code.startsWith('RELEASE_GATE_'))) return error;
  throw error;
}

/** Made of the number alone; no two numbers make the same name, and none leads out of its folder. */
function fileName({ certificateNumber, revision }: IssuedCertificate): string {
  const name = certificateNumber.replace(
    /[^\p{Script=Han}A-Za-z0-9〔〕()_-]/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return revision === 1 ? name : `${name}~${revision}`;
}
