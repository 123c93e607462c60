import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

/** A file of a ZIP archive. */
export interface ZipFile {
  /** Path inside the archive, `/` between folders; any Unicode text. */
  name: string;
  content: Uint8Array | AsyncIterable<Uint8Array>;
  /** Whether deflating makes it smaller: not for PNG, PDF and XLSX. */
  deflate: boolean;
}

/** What is gathered before it is handed on. */
const PIECE_BYTES = 64 * 1024;

/**
 * Writes a ZIP archive (APPNOTE.TXT 6.3.9, without ZIP64: fewer than 65,536 files and 4 GiB) as it is read: the next file is asked for
 * when the one before has gone out, so that memory holds one file at a time.
 * @param at date the files bear
 */
export async function* zipStream(files: AsyncIterable<ZipFile>, at: Date): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  const zip = new Zip((error, data) => {
    if (error) throw error;
    pieces.push(data);
    bytes += data.length;
  });
  const take = (): Uint8Array => {
    const taken = Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
    return taken;
  };
  for await (const { name, content, deflate } of files) {
    const file = deflate ? new ZipDeflate(name, { level: 6 }) : new ZipPassThrough(name);
    file.mtime = at;
    zip.add(file);
    if (content instanceof Uint8Array) file.push(content, true);
    else {
      for await (const part of content) {
        file.push(part);
        if (bytes >= PIECE_BYTES) yield take();
      }
      file.push(new Uint8Array(), true);
    }
    if (bytes >= PIECE_BYTES) yield take();
  }
  zip.end();
  yield take();
}
